"""Codes of places at the desk: asked for, looked at, taken along as drawings for posters."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from linli.cases.pages import desk_frame, settings
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.grids.words import LEVELS
from linli.integrations.wechat import access, words
from linli.integrations.wechat.actions import scenes
from linli.integrations.wechat.models import OfficialAccount, SceneCode
from linli.kernel.access import NotFound, policy
from linli.kernel.exports import csv_cell

CURRENT = "wechat:settings"
SHOWN = 500
STEADY = (2024, 1, 1, 0, 0, 0)  # in the archive: the same codes make the same bytes


@dataclass(frozen=True, slots=True)
class Row:
    """A code and its place."""

    code: SceneCode
    place: PlaceRow
    trouble: str


def _frame(request: Asked) -> tuple[Frame, OfficialAccount]:
    made = desk_frame.keeper_frame(request)
    account = access.account(request.actor, made.community_id)
    if account is None:
        raise NotFound
    return made, account


def _rows(account: OfficialAccount, *, most: int = SHOWN) -> list[Row]:
    held = list(SceneCode.objects.filter(account=account).order_by("place__path")[:most])
    known = places.places(one.place_id for one in held)
    return [
        Row(one, known[one.place_id], words.trouble(one.code) if one.code else "")
        for one in held
        if one.place_id in known
    ]


@policy("wechat.settings_scenes", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Asked) -> HttpResponse:
    """The codes there are, and those to be made for a level."""
    made, account = _frame(request)
    if request.method == "POST":
        asked = scenes.ask(
            actor=request.actor,
            community_id=made.community_id,
            level=request.POST.get("level", ""),
            at=request.now,
        )
        said = ngettext("%(n)s code is being made.", "%(n)s codes are being made.", asked) % {"n": asked}
        messages.success(request, said if asked else _("Every place of this level has its code already."))
        return redirect("wechat:settings_scenes")
    rows = _rows(account)
    states = [row.code.state for row in rows]
    context = {
        "account": account,
        "levels": [(one.value, LEVELS[one]) for one in scenes.LEVELS],
        "rows": rows,
        "made_count": states.count(SceneCode.State.MADE),
        "waiting": states.count(SceneCode.State.WAITING),
        "tongue": request.LANGUAGE_CODE,
    }
    return settings.show(made, "wechat/scenes.html", CURRENT, context)


@policy("wechat.settings_scene", who=settings.KEEPERS)
@require_safe
def drawing(request: Asked, scene_id: int) -> HttpResponse:
    """One code as a vector drawing."""
    _made, account = _frame(request)
    row = SceneCode.objects.filter(account=account, pk=scene_id, state=SceneCode.State.MADE).first()
    if row is None:
        raise NotFound
    response = HttpResponse(_svg(row), content_type="image/svg+xml")
    response["Content-Disposition"] = f'inline; filename="{row.scene.replace(":", "-")}.svg"'
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


@policy("wechat.settings_scenes_zip", who=settings.KEEPERS)
@require_safe
def together(request: Asked) -> HttpResponse:
    """Every code that is made: drawings and a table, in one archive."""
    made, account = _frame(request)
    rows = [row for row in _rows(account, most=20_000) if row.code.state == SceneCode.State.MADE]
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("codes.csv", STEADY), _table(rows))
        for row in rows:
            name = f"{row.code.scene.replace(':', '-')}.svg"
            archive.writestr(zipfile.ZipInfo(name, STEADY), _svg(row.code), zipfile.ZIP_DEFLATED)
    response = HttpResponse(kept.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="wechat-codes-{made.community.code}.zip"'
    return response


def _svg(row: SceneCode) -> bytes:
    out = io.BytesIO()
    segno.make(row.url, error="m", micro=False).save(out, kind="svg", scale=8, border=4)
    return out.getvalue()


def _table(rows: list[Row]) -> bytes:
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["code", "name_zh", "name_en", "level", "scene", "file", "url"])
    for row in rows:
        scene = row.code.scene
        cells = [row.place.code, row.place.name_zh, row.place.name_en, row.place.level, scene]
        table.writerow([csv_cell(cell) for cell in (*cells, f"{scene.replace(':', '-')}.svg", row.code.url)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()
