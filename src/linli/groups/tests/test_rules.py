"""What a count must be, and how many households groups reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.groups.rules import (
    Code,
    Count,
    Reach,
    Sign,
    Spot,
    coverage,
    made_of,
    wrong_code,
    wrong_count,
    wrong_sign,
)

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
def test_each_fault_of_a_count_is_named(change: dict[str, Any], fault: tuple[str, str]) -> None:
    assert found(GOOD) == []
    assert fault in found(replace(GOOD, **change))


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


@pytest.mark.parametrize(
    ("code", "platform", "picture", "expected"),
    [
        (Code(MONDAY + timedelta(days=7)), "wechat", True, []),
        (Code(MONDAY + timedelta(days=8)), "wechat", True, [("last_date", "lasts_too_long")]),
        (Code(MONDAY + timedelta(days=300), "https://work.example/g"), "wecom", False, []),
        (Code(MONDAY - timedelta(days=1)), "wechat", True, [("last_date", "over")]),
        (Code(MONDAY), "wechat", False, [("link", "picture_or_link")]),
        (Code(MONDAY, "https://a.example/"), "wechat", True, [("link", "picture_or_link")]),
        (Code(MONDAY, "http://a.example/"), "qq", False, [("link", "no_link")]),
        (Code(MONDAY, "https://"), "qq", False, [("link", "no_link")]),
        (Code(MONDAY, "javascript:alert(1)"), "qq", False, [("link", "no_link")]),
    ],
)
def test_a_code_is_a_picture_or_a_link_and_works_as_long_as_its_platform_lets_it(
    code: Code, platform: str, picture: bool, expected: list[tuple[str, str]]
) -> None:
    faults = wrong_code(code, platform=platform, has_picture=picture, today=MONDAY)
    assert [(fault.field, fault.code) for fault in faults] == expected


def test_a_figure_says_what_it_is_made_of() -> None:
    spots = [Spot(1, None, 60), Spot(2, 1, 100), Spot(3, 1, 100)]
    best = {1: 50, 2: 40, 3: 30}
    made = made_of(spots[0], spots, best, coverage(spots, best))
    assert (made.own, made.parts, made.reach, made.by_parts, made.capped) == (
        50,
        70,
        Reach(60, 60),
        True,
        True,
    )
    best[1] = 58
    best[2] = 0
    made = made_of(spots[0], spots, best, coverage(spots, best))
    assert (made.by_parts, made.capped, made.reach.reached) == (False, False, 58)
