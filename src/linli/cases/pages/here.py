"""Where the reader is: the place of the code just scanned or of the page just opened, else the one followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from linli.faces.languages import reads_english
from linli.grids import queries as places
from linli.grids.pages.scan import SESSION_PLACE, page_of
from linli.grids.rows import PlaceRow
from linli.grids.rules.words import Level
from linli.people.pages.ways import Asked, network

__all__ = ["Asked", "Crumb", "Here", "crumb", "find", "language", "network", "remember", "show"]

SHOWN_LEVELS = (Level.COMMUNITY.value, Level.GRID.value, Level.COURTYARD.value, Level.BUILDING.value)


@dataclass(frozen=True, slots=True)
class Crumb:
    """One place of the way down, as the head of a page shows it."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Here:
    """Where the reader is, from the community down to the finest place known."""

    way: tuple[PlaceRow, ...]

    @property
    def community(self) -> PlaceRow:
        """The community."""
        return self.way[0]

    @property
    def place(self) -> PlaceRow:
        """The finest place known; the community when no more is."""
        return self.way[-1]

    @property
    def building(self) -> PlaceRow | None:
        """The building, if we know it."""
        return next((place for place in self.way if place.level == Level.BUILDING.value), None)


def language() -> str:
    """The language this page is read in, as people's names and places keep it."""
    return "en" if reads_english(get_language()) else "zh-hans"


def tongue() -> str:
    """The same as pictures of cards call it: ``zh`` or ``en``."""
    return "en" if language() == "en" else "zh"


def remember(request: HttpRequest, place_id: int) -> None:
    """This session is at this place from now on."""
    if request.session.get(SESSION_PLACE) != place_id:
        request.session[SESSION_PLACE] = place_id


def find(request: Asked) -> Here | None:
    """Where the reader is; None when nothing tells."""
    held = request.session.get(SESSION_PLACE)
    place = places.place(held) if isinstance(held, int) else None
    if (place is None or place.valid_to) and request.actor.signed_in:
        place = places.home(request.actor.account_id or 0)
    if (place is None or place.valid_to) and request.actor.home_id:
        place = places.place(request.actor.home_id)
    if place is None or place.valid_to or place.level == Level.DWELLING.value:
        return None
    return Here(tuple(places.ancestors(place)))


def crumb(way: tuple[PlaceRow, ...] | list[PlaceRow]) -> list[Crumb]:
    """The way down as links; the committee is left out, as people do."""
    shown = [place for place in way if place.level in SHOWN_LEVELS]
    return [Crumb(place.name(language()), page_of(place)) for place in shown]


def show(
    request: Asked, template: str, context: dict[str, Any], *, at: Here | None = None, status: int = 200
) -> HttpResponse:
    """A resident's page with its head: where we are."""
    where = at or find(request)
    frame = {
        "place_crumb": crumb(where.way) if where else [],
        "community_name": where.community.name(language()) if where else "",
        "here": where,
    }
    return render(request, template, {**frame, **context}, status=status)
