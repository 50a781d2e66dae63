"""The map of the wall, the words its code needs, and the weather."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from linli.cases import words as case_words
from linli.cases.queries import reference
from linli.cases.queries.happenings import Pressing
from linli.controlroom import wall_words
from linli.controlroom.pages.wall_frame import Frame
from linli.controlroom.pages.wall_view import Telling
from linli.controlroom.ports import WeatherNow
from linli.controlroom.queries import wall
from linli.controlroom.rules import ground as rules
from linli.controlroom.words import label
from linli.faces import words as face_words
from linli.grids import queries as places
from linli.grids.rules.words import Level

CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Patch:
    """A grid on the map."""

    field: rules.Field
    shade: int
    open: int
    broken: int
    at_risk: int
    url: str
    said: str  # for the tooltip and for those who do not see


@dataclass(frozen=True, slots=True)
class Pin:
    """A mark on the map with its words."""

    mark: rules.Mark
    said: str
    url: str
    size: float


@dataclass(frozen=True, slots=True)
class Ground:
    """The map."""

    box: str
    outline: str
    patches: tuple[Patch, ...]
    pins: tuple[Pin, ...]
    unplaced: int  # open cases that no mark shows
    cut: bool


def ground(told: Telling) -> Ground | None:
    """The map with its marks; None for a community without outlines and points."""
    outlines = wall.ground(told.frame.community_id)
    spots, unplaced = _spots(told)
    on = rules.plane([shape for _row, shape in outlines], [(spot.lon, spot.lat) for spot in spots])
    if on is None:
        return None
    community = next((shape for row, shape in outlines if row.level == Level.COMMUNITY.value), None)
    fullest = max((held.get("open", 0) for held in told.loads.values()), default=0)
    grids = [(row, shape) for row, shape in outlines if row.level == Level.GRID.value]
    patches = tuple(_patch(told, row, shape, on, fullest) for row, shape in grids)
    cases = {one.number: one for one in told.wall.pressing.value}
    names = [(one.field.x, one.field.y) for one in patches if one.field.kind != "dedicated" and one.field.x]
    pins = tuple(_pin(told, mark, cases) for mark in rules.marks(spots, on, names))
    return Ground(
        box=f"0 0 {on.width:g} {on.height:g}",
        outline=rules.drawn(community, on) if community else "",
        patches=patches,
        pins=pins,
        unplaced=unplaced,
        cut=len(told.wall.pressing.value) >= wall.MOST_POINTS,
    )


def _spots(told: Telling) -> tuple[list[rules.Spot], int]:
    """Cases of one building stand together; others each where they are, else in the middle of their grid."""
    together: dict[tuple[str, float, float], list[Pressing]] = defaultdict(list)
    unplaced = 0
    for one in told.wall.pressing.value:
        lon, lat = one.lon, one.lat
        grid = told.places.get(one.grid_id or 0)
        if (lon is None or lat is None) and grid is not None:
            lon, lat = grid.lon, grid.lat
        if lon is None or lat is None:
            unplaced += 1
            continue
        key = (
            f"b{one.building_id}" if one.building_id else f"g{one.grid_id}" if one.lon is None else one.number
        )
        building = told.places.get(one.building_id or 0)
        if building is not None and building.lon is not None and building.lat is not None:
            lon, lat = building.lon, building.lat
        together[key, lon, lat].append(one)
    spots = [
        rules.Spot(key, lon, lat, tuple(one.clock for one in held), any(one.urgency == CRITICAL for one in held),
                   tuple(one.number for one in held))
        for (key, lon, lat), held in together.items()
    ]  # fmt: skip
    return spots, unplaced


def _patch(told: Telling, row: Any, shape: Any, on: rules.Plane, fullest: int) -> Patch:
    held = told.loads.get(str(row.id), {})
    x, y = on.at(row.lon, row.lat) if row.lon is not None and row.lat is not None else (0.0, 0.0)
    name = row.name(told.frame.language)
    count, late, soon = held.get("open", 0), held.get("open_broken", 0), held.get("open_at_risk", 0)
    return Patch(
        field=rules.Field(row.id, row.level, row.kind, name, rules.drawn(shape, on), x, y),
        shade=rules.shade(count, fullest),
        open=count,
        broken=late,
        at_risk=soon,
        url=told.grid_url(row),
        said=_("%(grid)s: %(n)s open, %(soon)s due soon, %(late)s overdue")
        % {"grid": name, "n": count, "soon": soon, "late": late},
    )


def _pin(told: Telling, mark: rules.Mark, cases: dict[str, Pressing]) -> Pin:
    first = cases[mark.numbers[0]]
    where = told.where(first.grid_id, first.building_id)
    state = face_words.state_word(mark.clock)  # type: ignore[arg-type]  # the rules' states are those of the badge
    if mark.count == 1:
        said = f"{told.category(first.category_code)}, {where}, {state}"
        return Pin(mark, said, told.case_url(first.number), 1.0)
    said = _("%(n)s open cases, %(where)s, the worst: %(state)s") % {
        "n": mark.count,
        "where": where,
        "state": state,
    }
    spot = told.places.get(first.building_id or first.grid_id or 0)
    return Pin(mark, said, told.grid_url(spot) if spot else "", 1.25)


def weather(found: WeatherNow | None) -> dict[str, Any] | None:
    """The weather in words."""
    if found is None:
        return None
    known = [str(value) for value in (found.low, found.high) if value is not None]
    return {
        "sky": label(wall_words.SKIES, found.sky.value),
        "degrees": f"{'–'.join(known)} °C" if known else "",
        "warnings": [
            (
                label(wall_words.DANGERS, one.danger.value),
                label(wall_words.LEVELS, one.level.value),
                one.level.value,
            )
            for one in found.warnings
        ],
        "note": found.note,
        "source": found.source or _("entered here"),
        "at": found.at,
    }


def item_words(made: Frame) -> dict[str, Any]:
    """What the codes of live items are called, for the page's own code: an item is shown before anything is asked."""
    tongue = made.language
    levels = (Level.GRID.value,)
    return {
        "verbs": {code: str(said) for code, said in case_words.DONE.items()},
        "categories": {
            code: row.name(tongue) for code, row in reference.categories(made.community_id).items()
        },
        "grids": {str(row.id): row.name(tongue) for row in places.subtree(f"{made.community_id}.", *levels)},
        "urgencies": {code: str(said) for code, said in case_words.URGENCIES.items() if code != "normal"},
        "unsorted": _("Not sorted yet"),
        "case": "/desk/case/{}/" if made.opens_cases else "",
    }
