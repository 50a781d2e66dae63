"""Points: which grid holds them, which building is near."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
import shapely
from shapely.geometry import box

from linli.grids.rules.atlas import BASE, COMMUNITY, DEDICATED, Atlas, Ground, Located, Spot, Spots
from linli.grids.rules.geometry import METRES_PER_DEGREE
from linli.grids.tiling import irregular

pytestmark = pytest.mark.rules
WEST, EAST, OTHER = box(106.00, 26.0, 106.01, 26.01), box(106.01, 26.0, 106.02, 26.01), box(107, 26, 108, 27)
SCHOOL = box(106.005, 26.004, 106.015, 26.006)
WHOLE = box(105.99, 25.99, 106.03, 26.02)
GROUNDS = [
    Ground(COMMUNITY, 1, 1),
    Ground(BASE, 10, 1),
    Ground(BASE, 11, 1),
    Ground(DEDICATED, 12, 1),
    Ground(BASE, 20, 2),
]


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    near = Spot(100, 10, 106.0021, 26.002, "")
    foreign = Spot(101, 11, 106.0100001, 26.008)
    return Atlas(GROUNDS, [WHOLE, WEST, EAST, SCHOOL, OTHER], [near, foreign])


def test_a_point_lies_in_its_base_grid(atlas: Atlas) -> None:
    assert atlas.locate(106.004, 26.009) == Located(1, 10, None)


def test_a_dedicated_grid_is_told_as_well(atlas: Atlas) -> None:
    assert atlas.locate(106.012, 26.005) == Located(1, 11, None, dedicated=(12,))


def test_a_point_in_no_grid_still_has_its_community(atlas: Atlas) -> None:
    assert atlas.locate(106.025, 26.015) == Located(1, None, None)


def test_a_point_in_the_sea_is_nowhere(atlas: Atlas) -> None:
    assert atlas.locate(0, 0) is None
    assert atlas.locate(math.nan, 26.0) is None
    assert atlas.locate(math.inf, 26.0) is None


def test_a_border_always_answers_the_same(atlas: Atlas) -> None:
    assert atlas.locate(106.01, 26.001) == Located(1, 10, None)


def test_only_the_community_asked_for_answers(atlas: Atlas) -> None:
    assert atlas.locate(107.5, 26.5, community_id=2) == Located(2, 20, None)
    assert atlas.locate(107.5, 26.5, community_id=1) is None


def test_a_building_within_thirty_metres_is_meant(atlas: Atlas) -> None:
    metre = 1 / (METRES_PER_DEGREE * math.cos(math.radians(26.002)))
    assert atlas.locate(106.0021 + 29 * metre, 26.002) == Located(1, 10, 100, path="100.")
    assert atlas.locate(106.0021 + 31 * metre, 26.002) == Located(1, 10, None)


def test_a_building_across_the_border_is_not_meant(atlas: Atlas) -> None:
    assert atlas.locate(106.0099999, 26.008) == Located(1, 10, None)


def test_the_nearest_building_is_the_one_a_slow_search_finds() -> None:
    chance = random.Random(3)
    spots = [
        Spot(n, 1, 113 + chance.uniform(0, 0.01), 53.4 + chance.uniform(0, 0.01), "7.") for n in range(2000)
    ]
    index = Spots(spots)
    for _ in range(300):
        lon, lat = 113 + chance.uniform(0, 0.01), 53.4 + chance.uniform(0, 0.01)
        scale = METRES_PER_DEGREE * math.cos(math.radians(lat))

        def away(spot: Spot, lon: float = lon, lat: float = lat, scale: float = scale) -> float:
            return math.hypot((spot.lon - lon) * scale, (spot.lat - lat) * METRES_PER_DEGREE)

        nearest = min(spots, key=away)
        expected = (nearest.building_id, f"7.{nearest.building_id}.") if away(nearest) <= 30 else None
        assert index.nearest(lon, lat, 1) == expected


def test_an_irregular_tiling_is_hit_exactly_once_everywhere() -> None:
    shapes = irregular(12, 9, origin=(106, 26), cell=(0.004, 0.004), seed=5)
    assert shapely.is_valid(shapes).all()
    assert shapely.area(shapes).sum() == pytest.approx(12 * 9 * 0.004**2)
    atlas = Atlas([Ground(BASE, number, 1) for number in range(len(shapes))], list(shapes))
    chance = np.random.default_rng(1)
    for lon, lat in chance.uniform((106, 26), (106.048, 26.036), (500, 2)):
        found = atlas.locate(lon, lat)
        assert found is not None
        assert shapely.contains_xy(shapes[found.grid_id or 0], lon, lat)


def test_unreadable_outlines_are_left_out() -> None:
    atlas = Atlas.from_geojson([Ground(BASE, 1, 1), Ground(BASE, 2, 1)], ["{", shapely.to_geojson(WEST)])
    assert len(atlas) == 1
    assert atlas.locate(106.005, 26.005) == Located(1, 2, None)
