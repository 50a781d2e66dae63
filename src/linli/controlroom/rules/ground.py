"""The map of the wall as shapes on a plane: outlines of grids, and cases as marks that do not cover one another. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

WIDE = 1000.0  # units of the drawing from west to east or south to north, whichever is longer
MARGIN = 26.0
SHADES = 5
WORST = ("broken", "at_risk", "in_time", "paused", "none")
APART = 26.0  # units between the middles of two marks
NAME = ((-22.0, 0.0), (0.0, 0.0), (22.0, 0.0), (0.0, 20.0))  # what a name and the number below it cover
TURNS = 160
GOLDEN = 2.399963  # radians: a spiral without rays


@dataclass(frozen=True, slots=True)
class Plane:
    """Degrees to units: flat, true to shape at the middle of the community."""

    west: float
    north: float
    across: float  # units a degree of longitude
    down: float  # units a degree of latitude
    width: float
    height: float

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a point lies on the drawing."""
        return (
            round(MARGIN + (lon - self.west) * self.across, 1),
            round(MARGIN + (self.north - lat) * self.down, 1),
        )

    def inside(self, x: float, y: float) -> tuple[float, float]:
        """The same point, or the nearest one at the edge of the drawing: what lies beyond is seen there."""
        edge = MARGIN / 2
        return min(max(x, edge), self.width - edge), min(max(y, edge), self.height - edge)


@dataclass(frozen=True, slots=True)
class Field:
    """A grid (or the community) to draw."""

    id: int
    level: str
    kind: str
    name: str
    path: str  # of SVG
    x: float  # where its name stands
    y: float


@dataclass(frozen=True, slots=True)
class Spot:
    """What is to be marked: one case, or the cases of one building."""

    key: str
    lon: float
    lat: float
    clocks: tuple[str, ...]
    urgent: bool = False
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on the drawing: the worst clock of its cases."""

    key: str
    x: float
    y: float
    clock: str
    count: int
    urgent: bool
    numbers: tuple[str, ...] = field(default=())


def plane(outlines: Iterable[Mapping[str, Any]], spots: Iterable[tuple[float, float]] = ()) -> Plane | None:
    """The plane on which all this fits; None when there is nothing to fit.

    :param outlines: GeoJSON geometries, WGS-84.
    """
    points = [point for outline in outlines for ring in rings(outline) for point in ring] or list(spots)
    if not points:
        return None
    lons, lats = [point[0] for point in points], [point[1] for point in points]
    west, east, south, north = min(lons), max(lons), min(lats), max(lats)
    narrowing = max(0.05, math.cos(math.radians((south + north) / 2)))
    span = max((east - west) * narrowing, north - south, 1e-4)
    down = (WIDE - 2 * MARGIN) / span
    across = down * narrowing
    width = 2 * MARGIN + (east - west) * across
    height = 2 * MARGIN + (north - south) * down
    return Plane(west, north, across, down, round(width, 1), round(height, 1))


def rings(outline: Mapping[str, Any]) -> list[list[Sequence[float]]]:
    """Every ring of a polygon or of several."""
    kind, held = outline.get("type"), outline.get("coordinates") or []
    if kind == "Polygon":
        return list(held)
    return [ring for polygon in held for ring in polygon] if kind == "MultiPolygon" else []


def drawn(outline: Mapping[str, Any], on: Plane) -> str:
    """The outline as the path of an SVG."""
    parts = []
    for ring in rings(outline):
        points = [on.at(point[0], point[1]) for point in ring]
        parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z")
    return "".join(parts)


def shade(load: int, most: int) -> int:
    """How dark a grid is: 0 for nothing, else 1 to 4 by its share of the fullest grid's load."""
    if load <= 0 or most <= 0:
        return 0
    return min(SHADES - 1, max(1, math.ceil(load / most * (SHADES - 1))))


def worst(clocks: Iterable[str]) -> str:
    """The clock to show for several."""
    held = set(clocks)
    return next((clock for clock in WORST if clock in held), "none")


def marks(spots: Iterable[Spot], on: Plane, names: Iterable[tuple[float, float]] = ()) -> tuple[Mark, ...]:
    """The spots as marks that stand side by side; the most pressing keeps its place and is drawn last.

    :param spots: of the same clock the more pressing first.
    :param names: where the names of grids stand (middle of the first line); other marks leave them readable.
    """
    ordered = sorted(spots, key=lambda spot: (not spot.urgent, WORST.index(worst(spot.clocks))))
    taken: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for x, y in names:
        for along, down in NAME:
            _take(x + along, y + down, taken)
    found = []
    for spot in ordered:
        x, y = _free(on.inside(*on.at(spot.lon, spot.lat)), taken)
        _take(x, y, taken)
        found.append(Mark(spot.key, x, y, worst(spot.clocks), len(spot.clocks), spot.urgent, spot.numbers))
    return tuple(reversed(found))


def _take(x: float, y: float, taken: dict[tuple[int, int], list[tuple[float, float]]]) -> None:
    taken.setdefault((int(x // APART), int(y // APART)), []).append((x, y))


def _free(
    wanted: tuple[float, float], taken: Mapping[tuple[int, int], list[tuple[float, float]]]
) -> tuple[float, float]:
    x, y = wanted
    for turn in range(1, TURNS):
        if not _covers(x, y, taken):
            break
        away = APART / 2 * math.sqrt(turn)
        x, y = wanted[0] + away * math.cos(GOLDEN * turn), wanted[1] + away * math.sin(GOLDEN * turn)
    return round(x, 1), round(y, 1)


def _covers(x: float, y: float, taken: Mapping[tuple[int, int], list[tuple[float, float]]]) -> bool:
    column, row = int(x // APART), int(y // APART)
    near = (point for i in (-1, 0, 1) for j in (-1, 0, 1) for point in taken.get((column + i, row + j), ()))
    return any(math.hypot(x - a, y - b) < APART for a, b in near)
