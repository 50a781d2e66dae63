"""The map of the wall: true to shape, inside its frame, and no mark covers another."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.controlroom.rules import ground
from linli.controlroom.rules.ground import APART, MARGIN, Spot

CORNERS = [[106.60, 26.60], [106.62, 26.60], [106.62, 26.62], [106.60, 26.62], [106.60, 26.60]]
SQUARE = {"type": "Polygon", "coordinates": [CORNERS]}
BESIDE = [[106.63, 26.63], [106.64, 26.63], [106.64, 26.64], [106.63, 26.63]]
TWO = {"type": "MultiPolygon", "coordinates": [[CORNERS], [BESIDE]]}


def test_a_square_on_the_ground_is_as_high_as_the_earth_makes_it() -> None:
    on = ground.plane([SQUARE])
    assert on is not None
    inner = (on.width - 2 * MARGIN) / (on.height - 2 * MARGIN)
    assert inner == pytest.approx(math.cos(math.radians(26.61)), rel=0.01)
    assert on.at(106.60, 26.62) == (MARGIN, MARGIN)


def test_an_outline_becomes_a_closed_path_and_several_become_several() -> None:
    on = ground.plane([TWO])
    assert on is not None
    assert ground.drawn(SQUARE, on).startswith("M")
    assert ground.drawn(TWO, on).count("Z") == 2
    assert ground.drawn({"type": "Point", "coordinates": [1, 2]}, on) == ""


def test_without_outlines_the_points_alone_make_the_plane_and_without_both_there_is_none() -> None:
    assert ground.plane([]) is None
    on = ground.plane([], [(106.6, 26.6), (106.61, 26.6)])
    assert on is not None
    assert on.at(106.6, 26.6)[0] == MARGIN
    assert ground.plane([], [(106.6, 26.6)]) is not None


@pytest.mark.parametrize(
    ("load", "most", "shade"),
    [(0, 9, 0), (1, 100, 1), (25, 100, 1), (26, 100, 2), (100, 100, 4), (3, 0, 0), (1, 1, 4)],
)
def test_the_fullest_grid_is_the_darkest_and_an_empty_one_is_plain(load: int, most: int, shade: int) -> None:
    assert ground.shade(load, most) == shade


def test_a_building_shows_the_worst_clock_of_its_cases() -> None:
    assert ground.worst(["in_time", "broken", "at_risk"]) == "broken"
    assert ground.worst(["none", "in_time"]) == "in_time"
    assert ground.worst([]) == "none"


def _spots(places: list[tuple[int, int]]) -> list[Spot]:
    return [
        Spot(str(number), 106.6 + x / 1000, 26.6 + y / 1000, ("in_time",), numbers=(str(number),))
        for number, (x, y) in enumerate(places)
    ]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=60))
def test_no_mark_covers_another_and_each_is_near_its_place(places: list[tuple[int, int]]) -> None:
    on = ground.plane([SQUARE])
    assert on is not None
    spots = _spots(places)
    found = ground.marks(spots, on)
    assert len(found) == len(spots)
    for number, one in enumerate(found):
        for other in found[:number]:
            assert math.hypot(one.x - other.x, one.y - other.y) > APART - 0.5
    homes = {spot.key: on.at(spot.lon, spot.lat) for spot in spots}
    assert all(math.dist(homes[one.key], (one.x, one.y)) < APART * 12 for one in found)


def test_an_emergency_keeps_its_place_and_is_drawn_over_all_others() -> None:
    on = ground.plane([SQUARE])
    assert on is not None
    calm = Spot("a", 106.61, 26.61, ("broken",))
    fire = Spot("z", 106.61, 26.61, ("in_time",), urgent=True)
    last = ground.marks([calm, fire], on)[-1]
    assert last.key == "z"
    assert (last.x, last.y) == on.at(106.61, 26.61)


def test_a_mark_leaves_the_name_of_its_grid_readable() -> None:
    on = ground.plane([SQUARE])
    assert on is not None
    name = on.at(106.61, 26.61)
    (mark,) = ground.marks([Spot("a", 106.61, 26.61, ("in_time",))], on, [name])
    assert math.dist(name, (mark.x, mark.y)) > APART * 0.7


def test_a_case_beyond_the_outlines_stands_at_the_edge_and_not_out_of_sight() -> None:
    on = ground.plane([SQUARE])
    assert on is not None
    (mark,) = ground.marks([Spot("a", 107.5, 25.0, ("broken",))], on)
    assert (mark.x, mark.y) == (round(on.width - MARGIN / 2, 1), round(on.height - MARGIN / 2, 1))
