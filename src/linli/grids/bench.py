"""How many look-ups a second: for ``linli bench locate``."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from math import ceil, sqrt
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from linli.grids.locate import Locator
from linli.grids.rules.atlas import BASE, Atlas, Ground, Spot
from linli.grids.tiling import irregular

ORIGIN, CELL = (106.0, 26.0), (0.004, 0.004)
BUILDINGS_PER_GRID = 4
GRIDS_PER_COMMUNITY = 8


def bench_locate(n_grids: int = 100_000, n_lookups: int = 200_000) -> dict[str, Any]:
    """Look up random points one by one in a made-up city; the floor is the bare tree on the same points.

    :returns: rows, rates per second (``rate``, ``floor_rate``, ``ratio``), load time, points found.
    """
    shapes = _city(n_grids)
    began = time.perf_counter()
    atlas = _atlas(shapes)
    loaded = time.perf_counter() - began
    locator = Locator(version=lambda: (1, None), atlas=lambda: atlas)
    west, south, east, north = shapely.total_bounds(shapes)
    chance = random.Random(7)
    points = [(chance.uniform(west, east), chance.uniform(south, north)) for _ in range(n_lookups)]
    floor = _rate(points, _bare(shapes))
    before = time.process_time()
    found = sum(locator.locate(lon, lat) is not None for lon, lat in points)
    cpu = time.process_time() - before
    rate = _rate(points, locator.locate)
    return {
        "grids": len(shapes),
        "buildings": len(shapes) * BUILDINGS_PER_GRID,
        "lookups": n_lookups,
        "found": found,
        "sql": 0,
        "cpu_ms": round(cpu * 1000 / n_lookups, 4),
        "rate": round(rate),
        "floor_rate": round(floor),
        "ratio": round(rate / floor, 3),
        "load_seconds": round(loaded, 3),
        "cores": os.cpu_count(),
    }


def _city(n_grids: int) -> list[BaseGeometry]:
    columns = ceil(sqrt(n_grids))
    rows = ceil(n_grids / columns)
    return list(irregular(columns, rows, origin=ORIGIN, cell=CELL, seed=7)[:n_grids])


def _atlas(shapes: list[BaseGeometry]) -> Atlas:
    """The atlas as the database would give it: outlines as GeoJSON texts, some buildings in each grid."""
    grounds = [Ground(BASE, number + 1, number // GRIDS_PER_COMMUNITY + 1) for number in range(len(shapes))]
    chance = random.Random(8)
    spots: list[Spot] = []
    for ground, (lon, lat) in zip(grounds, shapely.get_coordinates(shapely.centroid(shapes)), strict=True):
        for _ in range(BUILDINGS_PER_GRID):
            away = (chance.uniform(-0.001, 0.001), chance.uniform(-0.001, 0.001))
            spots.append(Spot(len(spots) + 1, ground.place_id, lon + away[0], lat + away[1]))
    return Atlas.from_geojson(grounds, list(shapely.to_geojson(shapes)), spots)


def _bare(shapes: list[BaseGeometry]) -> Callable[[float, float], object]:
    tree = shapely.STRtree(shapes)
    return lambda lon, lat: tree.query(shapely.Point(lon, lat), predicate="intersects")


def _rate(points: list[tuple[float, float]], look_up: Callable[[float, float], object]) -> float:
    look_up(*points[0])
    began = time.perf_counter()
    for lon, lat in points:
        look_up(lon, lat)
    return len(points) / (time.perf_counter() - began)
