"""What a count must be, and how many households groups reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.groups.rules import Count, Reach, Sign, Spot, coverage, wrong_count, wrong_sign

MONDAY = date(2026, 11, 23)
GOOD = Count(MONDAY, 120, 80, "names")


def found(count: Count) -> list[tuple[str, str]]:
    faults = wrong_count(count, today=MONDAY, households=96, personal=lambda words: "138" in words)
    return [(fault.field, fault.code) for fault in faults]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"counted_date": MONDAY + timedelta(days=1)}, ("counted_date", "in_the_future")),
        ({"people": -1, "households": -1}, ("people", "not_a_count")),
        ({"households": 121}, ("households", "more_than_people")),
        ({"households": 97}, ("households", "more_than_live_there")),
        ({"note": "长" * 201}, ("note", "too_long")),
        ({"note": "13800000000"}, ("note", "personal")),
    ],
)
def test_each_fault_of_a_count_is_named(change: dict[str, object], fault: tuple[str, str]) -> None:
    assert found(GOOD) == []
    assert fault in found(replace(GOOD, **change))  # type: ignore[arg-type]


def test_a_group_needs_a_name_and_a_way_in() -> None:
    faults = wrong_sign(Sign("residents", "wechat", "", " "), personal=lambda _words: False)
    assert {(fault.field, fault.code) for fault in faults} == {("name_zh", "missing"), ("join_zh", "missing")}


def test_who_is_in_two_groups_is_counted_once() -> None:
    spots = [Spot(1, None, 200), Spot(2, 1, 100), Spot(3, 1, 100)]
    assert coverage(spots, {1: 50, 2: 40, 3: 30})[1] == Reach(70, 200)
    assert coverage(spots, {1: 90, 2: 40, 3: 30})[1] == Reach(90, 200)


def test_unknown_households_are_those_of_the_parts_or_unknown() -> None:
    assert coverage([Spot(1, None, None), Spot(2, 1, 100), Spot(3, 1, 20)], {2: 60})[1] == Reach(60, 120)
    assert coverage([Spot(1, None, None), Spot(2, 1, None)], {2: 60})[1].share is None


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 80)), min_size=1, max_size=8))
def test_never_more_than_live_there(parts: list[tuple[int, int]]) -> None:
    spots = [Spot(0, None, None), *(Spot(i, 0, homes) for i, (homes, _) in enumerate(parts, 1))]
    reach = coverage(spots, {i: best for i, (_, best) in enumerate(parts, 1)})[0]
    assert reach.households is not None
    assert 0 <= reach.reached <= reach.households
