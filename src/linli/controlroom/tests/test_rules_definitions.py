"""Definitions and periods without a database: what may be decided, what is kept, what a score is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from linli.controlroom.rules import definitions
from linli.controlroom.rules.catalog import CATALOG, SECTIONS, Of, Test
from linli.controlroom.rules.definitions import SHIPPED, USES, Handling, from_plain, score
from linli.controlroom.rules.exclusions import Standing, may_decide, may_lift
from linli.controlroom.rules.figures import (
    BadFigure,
    By,
    bucket,
    buckets,
    median,
    named_period,
    next_month,
    period_of_days,
)
from linli.controlroom.rules.verdicts import Facts, Kept, Verdict, Word, verdict
from linli.kernel.clock import LOCAL

pytestmark = pytest.mark.rules
NOON = datetime(2026, 11, 23, 12, tzinfo=LOCAL)


def test_what_is_shipped_may_hold() -> None:
    assert [definitions.faults(one) for one in SHIPPED.values()] == [()] * len(SHIPPED)
    assert set(SHIPPED) == set(USES)
    assert set(SHIPPED) == {code for code, spec in CATALOG.items() if spec.of in {Of.DEFINED, Of.SCORE}}


def test_every_figure_stands_in_one_section() -> None:
    listed = [code for codes in SECTIONS.values() for code in codes]
    assert sorted(listed) == sorted(CATALOG)


@pytest.mark.parametrize("code", USES)
def test_a_definition_is_read_as_it_was_written(code: str) -> None:
    one = replace(SHIPPED[code], id="7")
    stored = {key: definitions.as_plain(one)[key] for key in sorted(definitions.as_plain(one), reverse=True)}
    assert from_plain(code, stored, id="7") == one


def test_the_store_may_mix_the_order_of_weights() -> None:
    mixed = {"weights": {"satisfied_rate": 40, "response_rate": 20, "solved_rate": 40}}
    assert from_plain("three_rates_score", mixed).weights[0] == ("response_rate", 20)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("solved_rate", {"unreachable": "perhaps"}), ("solved_rate", {"leave_out": "inquiry"}),
        ("solved_rate", {"leave_out": [1]}), ("solved_rate", {"approved_out": "yes"}), ("solved_rate", {"approved_out": 1}),
        ("satisfied_rate", {"stars": "4"}), ("satisfied_rate", {"stars": True}), ("repeat_rate", {"window_days": 1.5}),
        ("three_rates_score", {"weights": [30, 35, 35]}), ("three_rates_score", {"weights": {"solved_rate": "35"}}),
        ("solved_rate", {"counted_on": None}), ("solved_rate", {"owner": {}}),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused(code: str, says: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        from_plain(code, says)


@pytest.mark.parametrize(
    ("code", "changes", "field"),
    [
        ("response_rate", {"promises": ()}, "promises"), ("response_rate", {"promises": ("pay",)}, "promises"),
        ("satisfied_rate", {"stars": 6}, "stars"), ("repeat_rate", {"window_days": 0}, "window_days"),
        ("solved_rate", {"leave_out": ("help",)}, "leave_out"),
        ("three_rates_score", {"weights": (("response_rate", 30), ("solved_rate", 35), ("satisfied_rate", 34))}, "weights"),
        ("three_rates_score", {"weights": (("response_rate", 100),)}, "weights"),
        ("three_rates_score", {"floors": (("open", 3),)}, "floors"),
        ("three_rates_score", {"floors": (("sign_rate", 101),)}, "floors"),
    ],
)  # fmt: skip
def test_what_cannot_hold_is_named(code: str, changes: dict[str, Any], field: str) -> None:
    assert {fault.field for fault in definitions.faults(replace(SHIPPED[code], **changes))} == {field}


class TestScore:
    """Three rates in one number."""

    RATES = {"response_rate": 1.0, "solved_rate": 0.5, "satisfied_rate": 0.8}  # noqa: RUF012

    def test_it_is_the_weighted_sum(self) -> None:
        value, marks = score(SHIPPED["three_rates_score"], self.RATES)
        assert value == pytest.approx(30 + 17.5 + 28)
        assert marks == ()

    def test_without_a_rate_there_is_none(self) -> None:
        value, marks = score(SHIPPED["three_rates_score"], {**self.RATES, "solved_rate": None})
        assert (value, marks) == (None, ("not_measured:solved_rate",))

    def test_the_others_may_weigh_more_instead(self) -> None:
        one = replace(SHIPPED["three_rates_score"], rescale=True)
        value, marks = score(one, {**self.RATES, "solved_rate": None})
        assert value == pytest.approx((30 + 28) / 65 * 100)
        assert marks == ("rescaled:solved_rate",)

    def test_nothing_at_all_is_no_score_either_way(self) -> None:
        one = replace(SHIPPED["three_rates_score"], rescale=True)
        assert score(one, dict.fromkeys(self.RATES))[0] is None

    @pytest.mark.parametrize("zero", [False, True])
    def test_a_floor_marks_or_zeroes(self, zero: bool) -> None:
        one = replace(SHIPPED["three_rates_score"], floors=(("sign_rate", 95),), floor_zeroes=zero)
        value, marks = score(one, {**self.RATES, "sign_rate": 0.94})
        assert marks == ("below_floor:sign_rate",)
        assert value == (0.0 if zero else pytest.approx(75.5))
        assert score(one, {**self.RATES, "sign_rate": 0.95})[1] == ()

    def test_a_rate_that_weighs_nothing_may_be_missing(self) -> None:
        one = replace(
            SHIPPED["three_rates_score"],
            weights=(("response_rate", 50), ("solved_rate", 50), ("satisfied_rate", 0)),
        )
        assert score(one, {**self.RATES, "satisfied_rate": None})[0] == pytest.approx(75)


class TestVerdict:
    """What a rate says of one case; the first reason to leave it out is the one that is told."""

    def test_approval_comes_before_everything(self) -> None:
        facts = Facts("inquiry", ended_as="merged", approved_out=True)
        assert verdict(SHIPPED["solved_rate"], Test.SOLVED, facts) is Verdict.APPROVED
        one = replace(SHIPPED["solved_rate"], approved_out=False)
        assert verdict(one, Test.SOLVED, facts) is Verdict.ENDED
        assert verdict(replace(one, leave_out=("inquiry",)), Test.SOLVED, facts) is Verdict.KIND

    @pytest.mark.parametrize(
        ("handling", "said"),
        [
            (Handling.DROPPED, Verdict.UNREACHABLE),
            (Handling.FOR, Verdict.YES),
            (Handling.AGAINST, Verdict.NO),
        ],
    )
    def test_who_cannot_be_reached_counts_as_decided(self, handling: Handling, said: Verdict) -> None:
        one = replace(SHIPPED["solved_rate"], unreachable=handling)
        assert verdict(one, Test.SOLVED, Facts("help", unreached=True)) is said

    def test_a_word_counts_more_than_a_call_in_vain(self) -> None:
        facts = Facts("help", unreached=True, word=Word(solved=False))
        assert verdict(SHIPPED["solved_rate"], Test.SOLVED, facts) is Verdict.NO

    @pytest.mark.parametrize(
        ("held", "said"),
        [
            ({"sign": Kept.MET, "first_contact": Kept.MET}, Verdict.YES),
            ({"sign": Kept.MET, "first_contact": Kept.LATE}, Verdict.NO),
            ({"sign": Kept.LATE, "first_contact": Kept.RUNNING}, Verdict.NO),
            ({"sign": Kept.MET, "first_contact": Kept.RUNNING}, Verdict.PENDING),
            ({"sign": Kept.MET}, Verdict.YES),
            ({}, Verdict.UNMEASURED),
        ],
    )
    def test_all_promises_must_be_kept(self, held: dict[str, Kept], said: Verdict) -> None:
        assert verdict(SHIPPED["response_rate"], Test.PROMISES, Facts("help", promises=held)) is said


class TestPeriods:
    """Periods are whole local days."""

    @pytest.mark.parametrize(
        ("code", "first", "days"),
        [
            ("today", "2026-11-23", 1), ("yesterday", "2026-11-22", 1), ("week", "2026-11-17", 7),
            ("days30", "2026-10-25", 30), ("month", "2026-11-01", 30), ("last_month", "2026-10-01", 31),
            ("quarter", "2026-10-01", 92), ("year", "2026-01-01", 365),
        ],
    )  # fmt: skip
    def test_people_name_them(self, code: str, first: str, days: int) -> None:
        found = named_period(code, NOON, LOCAL)
        assert found.start.astimezone(LOCAL).isoformat() == f"{first}T00:00:00+08:00"
        assert found.end - found.start == timedelta(days=days)

    def test_there_are_no_others(self) -> None:
        for wrong in ("", "century", "week\n"):
            with pytest.raises(BadFigure):
                named_period(wrong, NOON, LOCAL)

    def test_a_period_of_days_is_not_endless(self) -> None:
        for first, last in ((date(2026, 1, 2), date(2026, 1, 1)), (date(2020, 1, 1), date(2026, 1, 1))):
            with pytest.raises(BadFigure):
                period_of_days(first, last, LOCAL)

    def test_weeks_begin_on_monday_and_are_cut_by_the_period(self) -> None:
        month = named_period("month", NOON, LOCAL)
        found = buckets(month, By.WEEK, LOCAL)
        assert [one.code for one in found] == [
            "2026-10-26",
            *(f"2026-11-{day:02d}" for day in (2, 9, 16, 23, 30)),
        ]
        assert (found[0].start, found[-1].end) == (month.start, month.end)
        assert bucket(month, By.WEEK, "2026-10-26", LOCAL).start == month.start
        with pytest.raises(BadFigure):
            bucket(month, By.WEEK, "2026-10-27", LOCAL)

    def test_months_go_over_the_year(self) -> None:
        assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
        assert next_month(date(2026, 1, 1), -2) == date(2025, 11, 1)


def test_the_middle_of_an_even_number_lies_between() -> None:
    assert (median([3, 1]), median([5, 1, 3]), median([])) == (2, 3, None)


def test_an_exclusion_is_decided_once_and_by_another() -> None:
    asked = Standing(asked_by=1, decided=False, granted=False, lifted=False)
    assert (may_decide(asked, 1), may_decide(asked, 2)) == ("needs_another_person", "")
    assert may_decide(replace(asked, decided=True), 2) == "already_decided"
    assert may_decide(replace(asked, lifted=True), 2) == "already_decided"
    assert may_lift(replace(asked, decided=True)) == "already_ended"
    assert may_lift(replace(asked, decided=True, granted=True)) == ""
    assert may_lift(replace(asked, lifted=True)) == "already_ended"
