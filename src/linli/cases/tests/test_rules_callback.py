"""The draw anybody can repeat, and the rule by which somebody counts as not reached."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.rules import callback
from linli.cases.rules.callback import Closing, Drawn, PlanRule, Terms, Why
from linli.kernel.worktime import SHANGHAI

DAY = date(2026, 11, 23)
SEED = "9f2c"
ORDINARY = Closing("202611230001", 1, DAY, "facilities.lighting", 7, "page")
TERMS = Terms()
MOMENTS = st.integers(0, 30 * 24 * 60).map(
    lambda n: datetime(2026, 11, 1, tzinfo=SHANGHAI) + timedelta(minutes=n)
)


def on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def test_a_lot_can_be_computed_by_hand() -> None:
    head = hashlib.sha256(b"9f2c:202611230001:1").hexdigest()[:16]
    assert callback.lot(SEED, "202611230001", 1) == int(head, 16) % 1_000_000


def test_another_round_has_another_lot() -> None:
    assert callback.lot(SEED, "202611230001", 1) != callback.lot(SEED, "202611230001", 2)


def test_without_a_plan_everybody_is_called() -> None:
    verdict = callback.draw(ORDINARY, (), SEED)
    assert verdict.drawn
    assert verdict.why is Why.NO_PLAN


def test_a_plan_that_has_ended_is_no_plan() -> None:
    ended = PlanRule(Decimal(0), valid_to=date(2026, 11, 22))
    assert callback.draw(ORDINARY, [ended], SEED).why is Why.NO_PLAN


def test_with_a_plan_that_says_nothing_of_it_nobody_is_called() -> None:
    other = PlanRule(Decimal(100), category_code="property")
    verdict = callback.draw(ORDINARY, [other], SEED)
    assert not verdict.drawn
    assert verdict.rule_id is None


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (PlanRule(Decimal(1)), True),
        (PlanRule(Decimal(1), category_code="facilities"), True),
        (PlanRule(Decimal(1), category_code="facil"), False),
        (PlanRule(Decimal(1), organisation_id=7), True),
        (PlanRule(Decimal(1), organisation_id=8), False),
        (PlanRule(Decimal(1), channel="page"), True),
        (PlanRule(Decimal(1), channel="desk"), False),
        (PlanRule(Decimal(1), trigger="urgent"), False),
    ],
)
def test_a_line_is_about_what_it_names(rule: PlanRule, fits: bool) -> None:
    assert rule.fits(ORDINARY) is fits


def test_the_greatest_share_counts_and_of_equal_ones_the_older() -> None:
    rules = [
        PlanRule(Decimal(10), id=1),
        PlanRule(Decimal(100), channel="page", id=5),
        PlanRule(Decimal(100), organisation_id=7, id=3),
    ]
    verdict = callback.draw(ORDINARY, rules, SEED)
    assert (verdict.drawn, verdict.rule_id, verdict.share) == (True, 3, Decimal(100))


def test_all_of_a_special_kind_are_called() -> None:
    rules = [PlanRule(Decimal(0), id=1), PlanRule(Decimal(100), trigger="reopened", id=2)]
    again = Closing("202611230001", 2, DAY, triggers=frozenset({"reopened"}))
    assert callback.draw(again, rules, SEED).drawn
    assert not callback.draw(ORDINARY, rules, SEED).drawn


def test_a_share_draws_about_that_share() -> None:
    rules = [PlanRule(Decimal("20"))]
    closings = [Closing(f"2026112{n:05d}", 1, DAY) for n in range(10_000)]
    drawn = sum(callback.draw(one, rules, SEED).drawn for one in closings)
    assert 1850 < drawn < 2150


@given(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2))
def test_a_greater_share_draws_whoever_a_smaller_one_drew(one: Decimal, other: Decimal) -> None:
    low, high = sorted([one, other])
    if callback.draw(ORDINARY, [PlanRule(low)], SEED).drawn:
        assert callback.draw(ORDINARY, [PlanRule(high)], SEED).drawn


def _month(*lots: tuple[int, int, bool]) -> list[Drawn]:
    return [
        Drawn(id=n, closing=Closing(f"{n}", 1, DAY, organisation_id=body), lot=lot, drawn=drawn)
        for n, (body, lot, drawn) in enumerate(lots, start=1)
    ]


def test_a_body_below_the_minimum_gets_its_lowest_lots() -> None:
    month = _month((7, 900, False), (7, 100, False), (7, 500, True), (8, 1, False), (7, 300, False))
    added = callback.top_up(month, [PlanRule(Decimal(10), organisation_id=7, minimum=3, id=4)])
    assert [(one.id, one.rule_id) for one in added] == [(2, 4), (5, 4)]


def test_a_body_with_too_few_closings_has_all_of_them_called() -> None:
    added = callback.top_up(_month((7, 9, False), (7, 5, False)), [PlanRule(Decimal(0), minimum=5)])
    assert {one.id for one in added} == {1, 2}


def test_what_one_line_added_counts_for_the_next() -> None:
    rules = [PlanRule(Decimal(0), minimum=1, id=2), PlanRule(Decimal(0), organisation_id=7, minimum=1, id=3)]
    added = callback.top_up(_month((7, 9, False), (7, 5, False)), rules)
    assert [(one.id, one.rule_id) for one in added] == [(2, 2)]


def test_cases_of_no_body_are_in_no_minimum() -> None:
    month = [Drawn(1, Closing("1", 1, DAY), 5, False)]
    assert callback.top_up(month, [PlanRule(Decimal(0), minimum=3)]) == ()


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 999_999), st.booleans()), max_size=40))
def test_a_minimum_never_adds_what_is_drawn_and_is_the_same_in_any_order(
    lots: list[tuple[int, int, bool]],
) -> None:
    month = _month(*lots)
    rules = [PlanRule(Decimal(5), minimum=4, id=1)]
    added = callback.top_up(month, rules)
    assert {one.id for one in added} == {one.id for one in callback.top_up(month[::-1], rules)}
    assert not {one.id for one in added} & {one.id for one in month if one.drawn}


def test_three_calls_in_one_morning_are_not_enough() -> None:
    tries = [on(23, 9), on(23, 10), on(23, 11, 30)]
    left = callback.lacking(tries, TERMS)
    assert (left.tries, left.days, left.parts) == (1, 1, 1)


def test_calls_on_two_days_at_different_times_are_enough() -> None:
    assert callback.lacking([on(23, 9), on(23, 15), on(24, 18, 30)], TERMS).nothing


def test_a_call_at_night_does_not_count() -> None:
    left = callback.lacking([on(23, 9), on(23, 15), on(23, 22)], TERMS)
    assert left.tries == 1
    assert not left.nothing


def test_a_call_counts_again_only_after_a_while() -> None:
    left = callback.lacking([on(23, 9)], TERMS)
    assert left.not_before == on(23, 9) + timedelta(hours=2)
    assert left.tried_parts == {callback.Part.MORNING}


@given(st.lists(MOMENTS, max_size=12), st.integers(0, 11))
def test_another_call_never_takes_one_further_from_the_end(tries: list[datetime], at: int) -> None:
    moments = sorted(tries)
    fewer = callback.lacking(moments[: at % (len(moments) + 1)], TERMS)
    more = callback.lacking(moments, TERMS)
    assert (more.tries, more.days, more.parts) <= (fewer.tries, fewer.days, fewer.parts)


@pytest.mark.parametrize(
    ("solved", "stars", "content"),
    [
        (True, 5, True),
        (True, 3, True),
        (True, 2, False),
        (False, None, False),
        (True, None, None),
        (None, None, None),
    ],
)
def test_three_stars_are_content(solved: bool | None, stars: int | None, content: bool | None) -> None:
    assert callback.content(solved, stars) is content
