"""Outlines: which are read, how they are measured, when they share ground."""

from __future__ import annotations

from typing import Any

import pytest
from shapely.geometry import box

from linli.grids.rules import geometry
from linli.grids.rules.datum import Datum, from_wgs84
from linli.grids.rules.geometry import Outline

pytestmark = pytest.mark.rules
METRE = 1 / geometry.METRES_PER_DEGREE  # on the equator, east and north alike


def polygon(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(point) for point in points]]}


SQUARE = ((106.0, 26.0), (106.01, 26.0), (106.01, 26.01), (106.0, 26.01), (106.0, 26.0))


def test_it_reads_a_polygon_and_a_multipolygon() -> None:
    assert geometry.parse(polygon(*SQUARE)).area == pytest.approx(0.0001)
    both = {"type": "MultiPolygon", "coordinates": [polygon(*SQUARE)["coordinates"]]}
    assert geometry.parse(both).area == pytest.approx(0.0001)


def test_it_reads_gcj02_into_wgs84() -> None:
    shifted = polygon(*(from_wgs84(lon, lat, Datum.GCJ02) for lon, lat in SQUARE))
    west, south, east, north = geometry.parse(shifted, Datum.GCJ02).bounds
    assert (west, south, east, north) == pytest.approx((106.0, 26.0, 106.01, 26.01), abs=1e-6)


@pytest.mark.parametrize(
    ("outline", "reason"),
    [
        ({"type": "Point", "coordinates": [1, 2]}, "not_a_polygon"),
        ({"type": "Polygon", "coordinates": []}, "empty"),
        ({"type": "Polygon"}, "empty"),
        ({"type": "Polygon", "coordinates": [5]}, "too_few_points"),
        ({"type": "MultiPolygon", "coordinates": [[]]}, "unreadable"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]]]}, "too_few_points"),
        ({"type": "Polygon", "coordinates": [[[0, 0], ["1", 0], [1, 1], [0, 0]]]}, "unreadable"),
        (polygon((0, 0), (1, 0), (1, 1), (0, 1)), "ring_not_closed"),
        (polygon((0, 0), (2, 2), (2, 0), (0, 1), (0, 0)), "crosses_itself"),
        (polygon((0, 0), (200, 0), (1, 1), (0, 0)), "outside_the_world"),
        (polygon((0, 0), (1, 0), (2, 0), (0, 0)), "empty"),
    ],
)
def test_it_refuses_what_is_no_outline(outline: dict[str, Any], reason: str) -> None:
    with pytest.raises(geometry.Broken) as refused:
        geometry.parse(outline)
    assert refused.value.reason == reason


def test_areas_are_in_square_metres() -> None:
    assert geometry.area_m2(box(0, 0, 100 * METRE, 50 * METRE)) == pytest.approx(5000, rel=1e-3)
    at_sixty_degrees = box(20, 60, 20 + 200 * METRE, 60 + 50 * METRE)
    assert geometry.area_m2(at_sixty_degrees) == pytest.approx(5000, rel=1e-3)


def test_an_overhang_within_the_tolerance_does_not_count() -> None:
    outer = box(0, 0, 100 * METRE, 100 * METRE)
    assert geometry.overhang_m2(box(0, 0, 102 * METRE, 50 * METRE), outer) == pytest.approx(0)
    assert geometry.overhang_m2(box(0, 0, 113 * METRE, 50 * METRE), outer) == pytest.approx(500, rel=0.02)


def test_neighbours_that_touch_or_cross_by_a_hair_do_not_overlap() -> None:
    left = Outline("left", box(0, 0, 100 * METRE, 100 * METRE))
    touching = Outline("right", box(100 * METRE, 0, 200 * METRE, 100 * METRE))
    crossing = Outline("right", box(98 * METRE, 0, 200 * METRE, 100 * METRE))
    assert geometry.overlaps([left, touching]) == []
    assert geometry.overlaps([left, crossing]) == []


def test_outlines_that_share_ground_are_named_with_the_area() -> None:
    left = Outline("left", box(0, 0, 100 * METRE, 100 * METRE))
    right = Outline("right", box(80 * METRE, 0, 200 * METRE, 100 * METRE))
    (overlap,) = geometry.overlaps([left], [right])
    assert (overlap.one, overlap.other) == ("left", "right")
    assert overlap.area_m2 == pytest.approx(2000, rel=1e-3)


def test_stored_outlines_are_not_held_against_each_other() -> None:
    twice = [Outline(key, box(0, 0, 1, 1)) for key in ("one", "other")]
    assert geometry.overlaps([], twice) == []


def test_gaps_are_measured_and_slivers_forgiven() -> None:
    outer = box(0, 0, 100 * METRE, 100 * METRE)
    halves = [box(0, 0, 50 * METRE, 100 * METRE), box(51 * METRE, 0, 100 * METRE, 100 * METRE)]
    assert geometry.uncovered_m2(outer, halves) == pytest.approx(0)
    assert geometry.uncovered_m2(outer, halves[:1]) == pytest.approx(5000, rel=0.02)


def test_a_stored_outline_reads_back_the_same() -> None:
    shape = geometry.parse(polygon(*SQUARE))
    kept = geometry.to_geojson(shape)
    assert geometry.to_geojson(geometry.stored(kept)) == kept
