"""Outlines: reading GeoJSON, checking it, measuring in metres. Nothing here knows the database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from linli.grids.rules.datum import Datum, to_wgs84

METRES_PER_DEGREE = 111_320.0
#: How far outlines drawn by hand may miss each other before it counts, in metres.
TOLERANCE_M = 3.0
SHAPES = ("Polygon", "MultiPolygon")


class Broken(ValueError):
    """An outline that cannot be used. ``reason`` is a code, ``detail`` the particulars."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Outline:
    """A named outline; ``key`` is what the caller calls it."""

    key: str
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two outlines that share ground, and how much, in square metres."""

    one: str
    other: str
    area_m2: float


def parse(geometry: Mapping[str, Any], datum: Datum = Datum.WGS84) -> Polygon | MultiPolygon:
    """The outline of a GeoJSON geometry, in WGS-84.

    :raises Broken: not a (multi)polygon, an open ring, a point out of range, a ring crossing itself.
    """
    if geometry.get("type") not in SHAPES:
        raise Broken("not_a_polygon", str(geometry.get("type")))
    _check_rings(geometry)
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.GEOSException, TypeError, ValueError) as problem:
        raise Broken("unreadable", str(problem)) from problem
    if datum is not Datum.WGS84:
        shape = shapely.transform(shape, lambda points: _converted(points, datum))
    if shape.is_empty or shape.area == 0:
        raise Broken("empty")
    if not shape.is_valid:
        raise Broken("crosses_itself", shapely.is_valid_reason(shape))
    if not isinstance(shape, (Polygon, MultiPolygon)):
        raise Broken("not_a_polygon", shape.geom_type)
    return shape


def _check_rings(geometry: Mapping[str, Any]) -> None:
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list) or not coordinates:
        raise Broken("empty")
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            raise Broken("unreadable", "coordinates")
        for ring in polygon:
            _check_ring(ring)


def _check_ring(ring: object) -> None:
    if not isinstance(ring, list) or len(ring) < 4:
        raise Broken("too_few_points")
    for point in ring:
        if not isinstance(point, list) or len(point) < 2 or not all(_is_number(n) for n in point[:2]):
            raise Broken("unreadable", "coordinates")
        if not (-180 <= point[0] <= 180 and -90 <= point[1] <= 90):
            raise Broken("outside_the_world", f"{point[0]}, {point[1]}")
    if ring[0][:2] != ring[-1][:2]:
        raise Broken("ring_not_closed", f"{ring[0][0]}, {ring[0][1]}")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _converted(points: NDArray[np.float64], datum: Datum) -> NDArray[np.float64]:
    return np.array([to_wgs84(lon, lat, datum) for lon, lat in points])


def stored(outline: Mapping[str, Any]) -> BaseGeometry:
    """An outline from the database, which was checked when it came in."""
    return shapely.from_geojson(json.dumps(outline))


def to_geojson(shape: BaseGeometry) -> dict[str, Any]:
    """The outline as a GeoJSON geometry; seven decimals are about a centimetre."""
    rounded = shapely.transform(shape, lambda points: points.round(7))
    return dict(json.loads(shapely.to_geojson(rounded)))


def in_metres(shape: BaseGeometry, origin: tuple[float, float] | None = None) -> BaseGeometry:
    """The shape on a plane in metres (equirectangular at ``origin`` or its middle; good for kilometres)."""
    lon, lat = origin or (shape.centroid.x, shape.centroid.y)
    scale = np.array([METRES_PER_DEGREE * cos(radians(lat)), METRES_PER_DEGREE])
    return shapely.transform(shape, lambda points: (points - [lon, lat]) * scale)


def area_m2(shape: BaseGeometry) -> float:
    """The area in square metres."""
    return float(in_metres(shape).area)


def overhang_m2(inner: BaseGeometry, outer: BaseGeometry, tolerance_m: float = TOLERANCE_M) -> float:
    """How many square metres of ``inner`` lie more than the tolerance outside ``outer``."""
    origin = (outer.centroid.x, outer.centroid.y)
    return float(in_metres(inner, origin).difference(in_metres(outer, origin).buffer(tolerance_m)).area)


def overlaps(
    outlines: Sequence[Outline], others: Sequence[Outline] = (), tolerance_m: float = TOLERANCE_M
) -> list[Overlap]:
    """The pairs sharing ground wider than the tolerance, among ``outlines`` and with ``others``."""
    everything = [*outlines, *others]
    tree = shapely.STRtree([each.shape for each in everything])
    found: list[Overlap] = []
    for index, outline in enumerate(outlines):
        for other in sorted(int(hit) for hit in tree.query(outline.shape, predicate="intersects")):
            if other > index:
                found += _overlap(outline, everything[other], tolerance_m)
    return found


def _overlap(one: Outline, other: Outline, tolerance_m: float) -> list[Overlap]:
    shared = in_metres(one.shape.intersection(other.shape), (one.shape.centroid.x, one.shape.centroid.y))
    if shared.buffer(-tolerance_m / 2).is_empty:
        return []
    return [Overlap(one.key, other.key, float(shared.area))]


def uncovered_m2(
    outer: BaseGeometry, parts: Iterable[BaseGeometry], tolerance_m: float = TOLERANCE_M
) -> float:
    """How many square metres of ``outer`` none of the parts covers (slivers do not count)."""
    origin = (outer.centroid.x, outer.centroid.y)
    gap = in_metres(outer, origin).difference(in_metres(shapely.union_all(list(parts)), origin))
    return float(gap.buffer(-tolerance_m / 2).buffer(tolerance_m / 2).area)
