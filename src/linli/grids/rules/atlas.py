"""The outlines and buildings of all communities in memory: which grid holds a point, what is near."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, inf, radians
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from linli.grids.rules.geometry import METRES_PER_DEGREE

#: A report this near to a building (in metres) is taken as made at the building.
NEAR_M = 30.0
# Cells a little larger than NEAR_M, in degrees: 0.0005° of longitude are 33 m at 53.5° N, in the far north.
_CELL_LON, _CELL_LAT = 0.0005, 0.0003
_COLUMNS, _OFFSET = 1 << 21, 1 << 20

BASE, DEDICATED, COMMUNITY = 0, 1, 2


class Ground(NamedTuple):
    """An outline's owner. ``rank`` orders answers: base grids, then dedicated ones, then the community."""

    rank: int
    place_id: int
    community_id: int
    path: str = ""


class Spot(NamedTuple):
    """A building's point, the grid it belongs to, and the path of what it stands in."""

    building_id: int
    grid_id: int
    lon: float
    lat: float
    above: str = ""


@dataclass(frozen=True, slots=True)
class Located:
    """Where a point lies. ``grid_id`` is None inside a community but in none of its grids.

    ``dedicated`` are the dedicated grids that lie over the point (if ``grid_id`` is a base grid); ``path`` is that
    of the finest place found.
    """

    community_id: int
    grid_id: int | None
    building_id: int | None
    dedicated: tuple[int, ...] = ()
    path: str = ""


class Spots:
    """Buildings by cell, in flat arrays: two million of them take some 64 MB."""

    def __init__(self, spots: Iterable[Spot]) -> None:
        ordered = sorted((_cell(spot.lon, spot.lat), spot) for spot in spots)
        self._cells = array("q", (cell for cell, _ in ordered))
        self._buildings = array("q", (spot.building_id for _, spot in ordered))
        self._grids = array("q", (spot.grid_id for _, spot in ordered))
        self._lons = array("d", (spot.lon for _, spot in ordered))
        self._lats = array("d", (spot.lat for _, spot in ordered))
        # Buildings of one courtyard share the text of its path.
        above: dict[str, int] = {}
        self._above = array("q", (above.setdefault(spot.above, len(above)) for _, spot in ordered))
        self._paths = list(above)

    def __len__(self) -> int:
        return len(self._cells)

    def nearest(
        self, lon: float, lat: float, grid_id: int, within_m: float = NEAR_M
    ) -> tuple[int, str] | None:
        """Id and path of the grid's building nearest to the point, within ``within_m`` metres (at most a cell)."""
        best, chosen = within_m * within_m, -1
        scale = METRES_PER_DEGREE * cos(radians(lat))
        middle, cells, total = _cell(lon, lat), self._cells, len(self._cells)
        for row in (middle - _COLUMNS, middle, middle + _COLUMNS):
            index = bisect_left(cells, row - 1)
            while index < total and cells[index] <= row + 1:
                if self._grids[index] == grid_id:
                    east = (self._lons[index] - lon) * scale
                    north = (self._lats[index] - lat) * METRES_PER_DEGREE
                    distance = east * east + north * north
                    if distance <= best:
                        best, chosen = distance, index
                index += 1
        if chosen < 0:
            return None
        building = self._buildings[chosen]
        return building, f"{self._paths[self._above[chosen]]}{building}."


def _cell(lon: float, lat: float) -> int:
    return int(lat // _CELL_LAT) * _COLUMNS + int(lon // _CELL_LON) + _OFFSET


class Atlas:
    """Outlines in a tree, buildings in cells. Read-only after it is made, so all threads may ask it."""

    def __init__(
        self, grounds: Sequence[Ground], shapes: Sequence[BaseGeometry], spots: Iterable[Spot] = ()
    ) -> None:
        self._grounds = list(grounds)
        self._tree = shapely.STRtree(np.asarray(shapes, dtype=object))
        self._tree.query(shapely.Point(0.0, 0.0))  # builds the tree now, not within the first look-up
        self._spots = Spots(spots)

    @classmethod
    def from_geojson(
        cls, grounds: Sequence[Ground], texts: Sequence[str], spots: Iterable[Spot] = ()
    ) -> Atlas:
        """An atlas from outlines as GeoJSON texts in WGS-84; unreadable ones are left out."""
        shapes = shapely.from_geojson(np.asarray(texts, dtype=object), on_invalid="ignore")
        kept = [(ground, shape) for ground, shape in zip(grounds, shapes, strict=True) if shape is not None]
        return cls([ground for ground, _ in kept], [shape for _, shape in kept], spots)

    def __len__(self) -> int:
        return len(self._grounds)

    def locate(self, lon: float, lat: float, community_id: int | None = None) -> Located | None:
        """Community, grid and building at a point (WGS-84 degrees); only within one community if told so.

        On a shared border the grid with the smaller id answers: the same point, the same answer.
        """
        if not (-inf < lon < inf and -inf < lat < inf):
            return None
        hits = self._tree.query(shapely.Point(lon, lat), predicate="intersects").tolist()
        if not hits:
            return None
        found = [self._grounds[hit] for hit in hits]
        if len(found) > 1:
            found.sort()
        if community_id is not None:
            found = [ground for ground in found if ground.community_id == community_id]
        return self._answer(found, lon, lat) if found else None

    def _answer(self, found: list[Ground], lon: float, lat: float) -> Located:
        first = found[0]
        if first.rank == COMMUNITY:
            return Located(first.community_id, None, None, path=first.path)
        over = tuple(
            ground.place_id
            for ground in found[1:]
            if ground.rank == DEDICATED and ground.community_id == first.community_id
        )
        near = self._spots.nearest(lon, lat, first.place_id)
        building, path = near or (None, first.path)
        return Located(first.community_id, first.place_id, building, over, path)
