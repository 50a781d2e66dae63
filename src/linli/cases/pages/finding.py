"""Finding a building by what people type, and saying where something is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.cases.models import Case
from linli.cases.pages import here
from linli.cases.pages.drafts import Draft
from linli.faces.languages import reads_english
from linli.grids import locate
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.grids.rules.addresses import normalised
from linli.grids.rules.words import Level

MOST = 8
SURE = 0.9  # certainty of an address match from which other buildings would only distract
BETWEEN = (Level.GRID.value, Level.COURTYARD.value)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to choose: its id, its name, and what it lies in."""

    id: int
    name: str
    within: str

    @property
    def words(self) -> str:
        """Name and surroundings."""
        return f"{self.name} · {self.within}" if self.within else self.name


def _spot(place: PlaceRow, known: Mapping[int, PlaceRow]) -> Spot:
    ids = [int(part) for part in place.path.split(".")[:-2]]
    above = [known[each].name(here.language()) for each in reversed(ids) if each in known]
    return Spot(place.id, place.name(here.language()), " · ".join(above))


def buildings(community_id: int, typed: str) -> list[Spot]:
    """The community's buildings that this may mean, the likeliest first; at most eight."""
    wanted = normalised(typed)
    if not wanted:
        return []
    rows = {row.id: row for row in places.subtree(f"{community_id}.", *BETWEEN, Level.BUILDING.value)}
    between = {row.id: row for row in rows.values() if row.level in BETWEEN}
    match = locate.locate_text(community_id, typed)
    likely = [match.building_id] if match else []
    near = (
        []
        if match and match.certainty >= SURE
        else [
            row.id
            for row in rows.values()
            if row.level == Level.BUILDING and row.id not in likely and _may_mean(wanted, row, between)
        ]
    )
    return [_spot(rows[each], between) for each in [*likely, *near][:MOST] if each in rows]


def _may_mean(wanted: str, row: PlaceRow, between: Mapping[int, PlaceRow]) -> bool:
    ids = [int(part) for part in row.path.split(".")[:-2]]
    names = [row.name_zh, row.name_en, row.number, *row.aliases]
    names += [between[each].name_zh for each in ids if each in between]
    said = [normalised(name) for name in names if name]
    return any(_within(wanted, name) or (len(name) > 1 and _within(name, wanted)) for name in said)


def _within(part: str, whole: str) -> bool:
    """Whether a name stands in a text without cutting a number in two: 8栋 is not meant by 18栋."""
    return re.search(rf"(?<![0-9]){re.escape(part)}(?![0-9])", whole) is not None


def named(place_id: int) -> Spot | None:
    """A place by its id as one can choose it."""
    place = places.place(place_id)
    return at_the_end_of(places.ancestors(place)) if place else None


def at_the_end_of(way: Sequence[PlaceRow]) -> Spot:
    """The last place of a way down as one can choose it."""
    return _spot(way[-1], {row.id: row for row in way[:-1] if row.level in BETWEEN})


def meant(community_id: int, said: str, here: PlaceRow) -> PlaceRow | None:
    """The one building that somebody's words name for sure, where it is another one than they stand at."""
    match = locate.locate_text(community_id, said)
    place = places.place(match.building_id) if match and match.certainty >= SURE else None
    return place if place is not None and not here.path.startswith(place.path) else None


def said(draft: Draft) -> str:
    """Where a draft says it is, in words."""
    given = draft.place
    spot = named(given.building_id) if given.building_id else None
    if spot is not None:
        return _with(spot.words, given.address)
    if given.lon is not None and given.lat is not None:
        found = locate.locate(given.lon, given.lat, draft.community_id)
        finest = (found.building_id or found.grid_id) if found else None
        near = named(finest) if finest else None
        pin = _("On the map: near %(place)s") % {"place": near.words} if near else _("A point on the map")
        return _with(pin, given.address)
    if not given.address:
        return _("Place not known")
    match = locate.locate_text(draft.community_id, given.address)
    known = named(match.building_id) if match else None
    if known is None:
        return given.address
    return known.words if given.address == known.name else f"{given.address} → {known.words}"


def _with(known: str, typed: str) -> str:
    """What we know, and what was typed where it says more than that."""
    return " · ".join(each for each in (known, "" if typed in known else typed) if each)


def coarse(case: Case, language: str) -> str:
    """Where a case is, no finer than its building: for lists and for everybody's eyes.

    The case must have been fetched with its grid and building.
    """
    english = reads_english(language)
    names = [
        place.name_en if english and place.name_en else place.name_zh
        for place in (case.grid, case.building)
        if place is not None
    ]
    return " · ".join(dict.fromkeys(names))


def of_case(case: Case, language: str) -> str:
    """Where a case is, with what its reporter wrote."""
    known = coarse(case, language)
    return (
        known
        if case.address in f"{coarse(case, 'zh-hans')} {coarse(case, 'en')}"
        else _with(known, case.address)
    )
