"""The weather of the day, entered by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.cases.pages import desk_frame
from linli.cases.rules.intake import Refused
from linli.controlroom import wall_words
from linli.controlroom.actions import weather as actions
from linli.controlroom.pages import wall_ground
from linli.controlroom.queries import wall
from linli.controlroom.queries.weather import by_hand
from linli.controlroom.rules.weather import COLDEST, HOTTEST, LONGEST_NOTE, Danger, Level, Sky, Warned
from linli.controlroom.words import label
from linli.kernel.access import policy, roles
from linli.people.pages.ways import Asked

SIGNS = 4  # of a number: -12


class Unreadable(Exception):
    """A field holds what no form of ours offers."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(field)
        self.field = field
        self.code = code


@policy("controlroom.weather", who=roles(*actions.KEEPERS))
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Asked) -> HttpResponse:
    """Say what the weather is today, or take back what was said."""
    made = desk_frame.frame(request)
    back = f"{reverse('controlroom:wall')}?community={made.community_id}"
    wrongs: dict[str, str] = {}
    if request.method == "POST":
        wrongs = _keep(request, made.community_id)
        if not wrongs:
            return redirect(back)
    held = by_hand(made.community_id, at=request.now)
    given = request.POST if wrongs else _given(held)
    context: dict[str, Any] = {
        "wrongs": wrongs,
        "given": given,
        "skies": [(sky.value, label(wall_words.SKIES, sky.value)) for sky in Sky],
        "dangers": [
            (danger.value, label(wall_words.DANGERS, danger.value), given.get(f"warning_{danger.value}", ""))
            for danger in Danger
        ],
        "levels": [(level.value, label(wall_words.LEVELS, level.value)) for level in Level],
        "told": wall_ground.weather(wall.weather(made.community_id, at=request.now)),
        "held": held,
        "wall_url": back,
        "coldest": COLDEST,
        "hottest": HOTTEST,
        "longest": LONGEST_NOTE,
    }
    return render(
        request, "controlroom/wall_weather.html", made.context(**context), status=422 if wrongs else 200
    )


def _given(held: Any) -> dict[str, str]:
    if held is None:
        return {}
    said = {"sky": held.sky.value, "note": held.note}
    said |= {key: str(value) for key, value in (("low", held.low), ("high", held.high)) if value is not None}
    return said | {f"warning_{one.danger.value}": one.level.value for one in held.warnings}


def _keep(request: Asked, community_id: int) -> dict[str, str]:
    """Write it; what is wrong instead, by field."""
    try:
        if request.POST.get("take_back"):
            actions.note_weather(actor=request.actor, community_id=community_id, sky=None, at=request.now)
            messages.success(request, _("The entry of today was taken back."))
            return {}
        actions.note_weather(actor=request.actor, community_id=community_id, at=request.now, **_read(request))
    except Unreadable as wrong:
        return {wrong.field: label(wall_words.WEATHER_WRONGS, wrong.code)}
    except Refused as refused:
        return {one.field: label(wall_words.WEATHER_WRONGS, one.code) for one in refused.wrongs}
    messages.success(request, _("The wall shows the weather."))
    return {}


def _read(request: Asked) -> dict[str, Any]:
    sky = request.POST.get("sky", "")
    if sky not in set(Sky):
        raise Unreadable("sky", "unknown")
    warnings = []
    for danger in Danger:
        level = request.POST.get(f"warning_{danger.value}", "")
        if level and level not in set(Level):
            raise Unreadable(f"warning_{danger.value}", "unknown")
        if level:
            warnings.append(Warned(danger, Level(level)))
    return {
        "sky": Sky(sky),
        "low": _degrees(request, "low"),
        "high": _degrees(request, "high"),
        "warnings": tuple(warnings),
        "note": request.POST.get("note", "")[: LONGEST_NOTE + 1],
    }


def _degrees(request: Asked, field: str) -> int | None:
    said = request.POST.get(field, "").strip().replace("−", "-")
    if not said:
        return None
    if len(said) > SIGNS or not said.removeprefix("-").isdecimal() or not said.isascii():
        raise Unreadable(field, "not_a_number")
    return int(said)
