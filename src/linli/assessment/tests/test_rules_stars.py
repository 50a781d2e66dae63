"""Stars are won and lost slowly, lapse, and fall at once for a proven false record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.assessment.rules.stars import (
    Outcome,
    Standing,
    StarRule,
    Step,
    after,
    band,
    begin,
    faults,
    holds,
    replay,
)

RULE = StarRule(
    bands=(60_000, 70_000, 80_000, 90_000, 95_000), up_after=2, down_after=2, grace=1, margin=1_000
)
FIRST = date(2026, 9, 6)


def played(*points: int | None, false_at: int = -1, every: int = 7) -> list[Standing]:
    outcomes = [
        Outcome(FIRST + timedelta(days=every * place), one, int(place == false_at))
        for place, one in enumerate(points)
    ]
    return list(replay(RULE, outcomes))


def test_one_good_week_wins_nothing_two_win_a_star() -> None:
    first, second = played(99_000, 99_000)
    assert (first.stars, first.step) == (0, Step.WAITING_UP)
    assert (second.stars, second.step) == (1, Step.UP)
    assert played(99_000, 50_000, 99_000)[-1].stars == 0


def test_one_star_at_a_time() -> None:
    assert [one.stars for one in played(*[99_000] * 10)] == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5]


def test_after_a_rise_one_bad_period_is_spared_then_two_cost_a_star() -> None:
    steps = played(65_000, 65_000, 10_000, 10_000, 10_000)[2:]
    assert [one.step for one in steps] == [Step.SPARED, Step.WAITING_DOWN, Step.DOWN]
    assert steps[-1].stars == 0


def test_just_below_the_band_is_not_below() -> None:
    assert [one.step for one in played(65_000, 65_000, 59_500, 59_000, 59_500)[2:]] == [Step.KEPT] * 3
    assert played(65_000, 65_000, 58_999, 58_999, 58_999)[-1].stars == 0


def test_a_period_without_a_score_counts_for_nothing() -> None:
    assert [one.stars for one in played(65_000, None, 65_000)] == [0, 0, 1]


def test_stars_that_nothing_confirms_lapse() -> None:
    held = played(65_000, 65_000)[-1]
    assert held.until_date is not None
    assert holds(held, held.until_date) == 1
    assert holds(held, held.until_date + timedelta(days=1)) == 0
    gone = after(RULE, held, Outcome(held.until_date + timedelta(days=1), None))
    assert (gone.stars, gone.step) == (0, Step.LAPSED)


def test_a_proven_false_record_takes_them_at_once() -> None:
    steps = played(*[99_000] * 6, 99_000, false_at=6)
    assert (steps[-2].stars, steps[-1].stars, steps[-1].step) == (3, 0, Step.FALSIFIED)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (StarRule(bands=()), "bands_count"),
        (StarRule(bands=(70_000, 60_000)), "bands_order"),
        (StarRule(bands=(60_000,), up_after=0), "after"),
        (StarRule(bands=(60_000,), valid_days=0), "negative"),
        (StarRule(bands=(60_000,), floor=2), "floor"),
    ],
)
def test_a_rule_that_cannot_be_is_named(rule: StarRule, code: str) -> None:
    assert faults(RULE) == ()
    assert faults(rule) == (code,)


@settings(max_examples=60)
@given(st.lists(st.one_of(st.none(), st.integers(0, 100_000)), max_size=30))
def test_stars_never_jump_and_never_exceed_what_was_reached(points: list[int | None]) -> None:
    held = begin(RULE)
    for step in played(*points):
        assert abs(step.stars - held.stars) <= 1
        held = step
    best = max((band(RULE, one) for one in points if one is not None), default=0)
    assert held.stars <= best
