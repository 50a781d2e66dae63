"""Nameplates: who serves here and how they are shown; their pictures."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.faces.languages import reads_english
from linli.grids import access as doors
from linli.grids import forms, queries, queries_plates
from linli.grids.actions import nameplates as actions
from linli.grids.pages.settings import community_of
from linli.grids.rows import PlateRow
from linli.grids.rules.nameplates import Plate
from linli.grids.rules.words import Role
from linli.grids.words import FAULTS, TONGUES
from linli.kernel import access, media
from linli.kernel.media.sending import stream
from linli.kernel.refusals import Refused
from linli.people import queries as people
from linli.people import words as people_words
from linli.people.pages.ways import Asked, language

#: Those whom residents look for: they have nameplates.
SHOWN = tuple(
    role.value for role in Role if role not in (Role.RESIDENT, Role.AUDITOR, Role.VERIFIER, Role.ADMIN)
)


def picture_of(community_code: str, plate: PlateRow | None) -> str:
    """The address of a nameplate's picture; empty where there is none."""
    if plate is None or plate.ticket is None:
        return ""
    return reverse("grids:portrait", args=[community_code, plate.ticket])


@access.policy("grids.portrait", who=access.PUBLIC)
@require_safe
def portrait(request: Asked, code: str, ticket: uuid.UUID) -> HttpResponseBase:
    """The picture of somebody who serves in this community today."""
    place = doors.find_public(code)
    path = queries_plates.portrait(place.community_id, ticket, queries.day_of(request.now))
    if not path:
        raise access.NotFound
    return stream(request, path, "portrait")


@access.policy("grids.nameplates", who=access.STAFF)
@require_safe
def index(request: Asked) -> HttpResponse:
    """Everybody who serves in a community, as residents see them; oneself first."""
    community, kept = community_of(request, [role.value for role in Role if role is not Role.RESIDENT])
    today, tongue = queries.day_of(request.now), language(request)
    own, english = request.actor.account_id, reads_english(tongue)
    duties: dict[int, list[Any]] = {}
    for duty in queries.duties(community.id, today):
        if duty.role in SHOWN or duty.account_id == own:
            duties.setdefault(duty.account_id, []).append(duty)
    plates, may = queries_plates.plates(community.id, duties), doors.keeps(request.actor, community.id)
    rows = [
        {
            "account_id": account_id,
            "name": held[0].person,
            "own": account_id == own,
            "may": may or account_id == own,
            "duties": [(people_words.ROLES[one.role], one.place.name(tongue)) for one in held],
            "plate": plates.get(account_id),
            "hours": plates[account_id].plate.hours(english=english) if account_id in plates else "",
            "picture": picture_of(community.code, plates.get(account_id)),
            "away": account_id in plates and plates[account_id].plate.is_away(today),
        }
        for account_id, held in duties.items()
    ]
    rows.sort(key=lambda row: not row["own"])
    context = {"community": community, "kept": kept, "rows": rows}
    return render(request, "grids/nameplates.html", context)


@access.policy("grids.nameplate", who=access.STAFF)
@require_http_methods(["GET", "POST"])
def nameplate(request: Asked, community_id: int, account_id: int) -> HttpResponse:
    """One of them: what stands on it, and the picture."""
    today = queries.day_of(request.now)
    doors.require_nameplate(request.actor, community_id, account_id, today)
    held = queries_plates.plates(community_id, [account_id]).get(account_id)
    plate = held.plate if held else Plate()
    initial = {name: getattr(plate, name) for name in Plate.__dataclass_fields__}
    initial |= {"languages": list(plate.languages), "stand_in": plate.stand_in_id}
    writes = request.method == "POST" and request.POST.get("form") != "picture"
    form = forms.Plate(
        request.POST if writes else None,
        initial=initial,
        colleagues=_colleagues(community_id, account_id, request),
    )
    picture = (
        forms.Picture(request.POST, request.FILES)
        if request.method == "POST" and not writes
        else forms.Picture()
    )
    given = (request, community_id, account_id)
    if request.method == "POST" and (_shown(*given, form) if writes else _hung(*given, picture)):
        messages.success(request, _("Saved. Residents see it now."))
        return redirect("grids:nameplate", community_id, account_id)
    community = queries.place(community_id)
    assert community is not None
    context = {
        "community": community,
        "account_id": account_id,
        "own": account_id == request.actor.account_id,
        "name": people.names([account_id]).get(account_id, ""),
        "short": people.cards([account_id])[account_id].short_name,
        "form": form,
        "picture_form": picture,
        "picture": picture_of(community.code, held),
        "tongues": [TONGUES[one] for one in plate.languages],
    }
    wrong = form.errors or picture.errors
    return render(request, "grids/nameplate.html", context, status=422 if wrong else 200)


def _colleagues(community_id: int, account_id: int, request: Asked) -> list[tuple[int, str]]:
    named: dict[int, str] = {}
    for duty in queries.duties(community_id, queries.day_of(request.now)):
        if duty.account_id != account_id and duty.role in SHOWN:
            role = duty.title or people_words.ROLES[duty.role]
            named.setdefault(
                duty.account_id, f"{duty.person} · {role} · {duty.place.name(language(request))}"
            )
    return sorted(named.items(), key=lambda each: each[1])


def _shown(request: Asked, community_id: int, account_id: int, form: forms.Plate) -> bool:
    if form.is_valid():
        try:
            actions.show_nameplate(
                actor=request.actor,
                community_id=community_id,
                account_id=account_id,
                plate=form.plate(),
                at=request.now,
            )
        except Refused as refused:
            for wrong in refused.wrongs:
                form.add_error(wrong.field, str(FAULTS[wrong.code]))
    return not form.errors


def _hung(request: Asked, community_id: int, account_id: int, form: forms.Picture) -> bool:
    if form.is_valid():
        try:
            actions.hang_picture(
                actor=request.actor,
                community_id=community_id,
                account_id=account_id,
                file=form.cleaned_data["picture"],
                at=request.now,
            )
        except media.MediaRefused:
            form.add_error("picture", str(FAULTS["bad_picture"]))
    return not form.errors


@access.policy("grids.picture_down", who=access.STAFF)
@require_POST
def picture_down(request: Asked, community_id: int, account_id: int) -> HttpResponse:
    """Without a picture, from now on."""
    actions.take_picture_down(
        actor=request.actor, community_id=community_id, account_id=account_id, at=request.now
    )
    messages.success(request, _("Taken down. The picture is deleted."))
    return redirect("grids:nameplate", community_id, account_id)
