"""The wall: the whole page, its parts again when something changed, and the full list."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from linli.cases.queries import happenings
from linli.controlroom import wall_words
from linli.controlroom.actions.weather import KEEPERS
from linli.controlroom.kept import kept
from linli.controlroom.pages import wall_alarm, wall_ground
from linli.controlroom.pages.wall_frame import WATCHERS, Frame, frame, watched_communities
from linli.controlroom.pages.wall_view import Telling
from linli.controlroom.queries import wall as asked
from linli.controlroom.queries.wall import MOMENT, MOST_LISTED
from linli.grids import queries as places
from linli.kernel.access import policy, roles
from linli.people.pages.ways import Asked

WHO = roles(*WATCHERS)
TOUR_ORDER = (
    "today",
    "promises",
    "map",
    "grids",
    "rates",
    "topics",
    "repeats",
    "stream",
    "duty",
    "bodies",
    "chasing",
)


@policy("controlroom.wall", who=WHO)
@require_safe
def page(request: Asked) -> HttpResponse:
    """The wall of one community."""
    return show(frame(request))


@policy("controlroom.panels", who=WHO)
@require_safe
def panels(request: Asked) -> HttpResponse:
    """The parts as they stand now, with a fresh permit to listen."""
    return show_panels(frame(request))


@policy("controlroom.list", who=WHO)
@require_safe
def full_list(request: Asked) -> HttpResponse:
    """All open cases, the most pressing first."""
    return show_list(frame(request))


def show(made: Frame) -> HttpResponse:
    """The whole page."""
    context = {
        **_around(made),
        **wall_alarm.context(made),
        "panels": panels_of(made),
        "tour": [(key, wall_words.TOUR[key]) for key in TOUR_ORDER],
        "item_words": wall_ground.item_words(made),
        "others": _others(made),
        "keeps_weather": made.screen is None
        and bool(made.request.actor.roles(made.community_id) & set(KEEPERS)),
        "makes_screens": made.screen is None
        and made.request.actor.has("community_leader", community_id=made.community_id),
    }
    return render(made.request, "controlroom/wall.html", context)


def show_panels(made: Frame) -> HttpResponse:
    """Only the parts."""
    context = {**_around(made), "panels": panels_of(made)}
    return render(made.request, "controlroom/wall_panels_answer.html", context)


def panels_of(made: Frame) -> str:
    """The drawn parts: drawn once a moment for all to whom they look the same."""
    found = kept(
        ("wall html", made.community_id, *made.key),
        lambda: _drawn(made),
        at=made.request.now,
        fresh_for=MOMENT,
        not_before=made.asking.heard,
    )
    return found.value


def _drawn(made: Frame) -> str:
    told = Telling(made, made.asking.wall(made.language))
    context = {
        "frame": made,
        "told": told,
        "wall": told.wall,
        "ground": wall_ground.ground(told),
        "weather": wall_ground.weather(told.wall.weather),
        "now": made.request.now,
        "demo": settings.LINLI_DEMO,
    }
    return render_to_string("controlroom/wall_panels.html", context)


def _around(made: Frame) -> dict[str, Any]:
    return {
        "frame": made,
        "at": made.request.now,
        "community_name": made.community.name(made.language),
        "live_address": made.live_address(),
        "panels_url": made.url("panels"),
        "list_url": made.url("list"),
    }


def _others(made: Frame) -> list[tuple[str, str]]:
    """The other communities whose wall this person may look at."""
    if made.screen is not None:
        return []
    rows = places.places(watched_communities(made.request) - {made.community_id})
    return [
        (row.name(made.language), f"{reverse('controlroom:wall')}?community={row.id}")
        for row in sorted(rows.values(), key=lambda row: row.code)
    ]


def show_list(made: Frame) -> HttpResponse:
    """The list as a page of its own, or as a part for the wall's dialog."""
    told = Telling(made, made.asking.wall(made.language))
    cases = asked.pressing(made.eyes, at=made.request.now)
    left = happenings.left(cases, made.community_id, at=made.request.now)
    context = {
        **_around(made),
        "lines": [told.line(one, left.get(one.number)) for one in cases],
        "all": told.open(),
        "cut": len(cases) >= MOST_LISTED,
        "most": MOST_LISTED,
    }
    part = made.request.GET.get("part") == "1"
    return render(
        made.request, "controlroom/wall_list_part.html" if part else "controlroom/wall_list.html", context
    )
