"""When somebody is to be looked in on."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from linli.fieldwork.rules.due import DueDay, Span, due_days, next_after, whose

FIRST = date(2026, 9, 1)
WEEKLY = Span(FIRST, FIRST + timedelta(days=27), 7)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def test_what_is_kept_in_time_moves_the_next_day() -> None:
    assert list(due_days(WEEKLY, [day(0), day(6), day(14)])) == [
        DueDay(day(0), day(0)),
        DueDay(day(7), day(6)),
        DueDay(day(13), day(14)),
        DueDay(day(21), None),
    ]


def test_a_day_that_passes_a_whole_span_is_missed_and_another_is_due_then() -> None:
    assert [each.met_date for each in due_days(WEEKLY, [day(15)])] == [None, None, day(15), None]
    assert next_after(WEEKLY, [day(15)]) == day(22)
    assert next_after(WEEKLY, []) == day(0)  # due since then


def test_many_visits_in_a_row_keep_one_day() -> None:
    """Else who visits one household daily hides that four others wait."""
    daily = [day(number) for number in range(3)]
    assert [each.due_date for each in due_days(WEEKLY, daily)] == [day(0), day(7), day(14), day(21)]
    assert [each.met_date for each in due_days(WEEKLY, daily)] == [day(0), None, None, None]


def test_nothing_is_due_once_it_was_ended() -> None:
    ended = Span(FIRST, day(27), 7, ended_date=day(8))
    assert [each.due_date for each in due_days(ended, [])] == [day(0), day(7)]
    assert next_after(ended, [day(0), day(7)]) is None


@settings(max_examples=80)
@given(st.lists(st.integers(0, 120), max_size=40), st.integers(1, 40))
def test_each_visit_keeps_one_day_at_most_and_days_never_fall_together(met: list[int], every: int) -> None:
    plan = Span(FIRST, day(100), every)
    found = list(due_days(plan, [day(number) for number in met]))
    kept = [each.met_date for each in found if each.met_date]
    assert len(kept) == len(set(kept))
    dues = [each.due_date for each in found]
    assert dues == sorted(set(dues))
    assert all(later - earlier >= timedelta(days=1) for earlier, later in zip(dues, dues[1:], strict=False))
    assert set(kept) <= {day(number) for number in met}


def test_a_plan_is_the_workers_who_had_it_then() -> None:
    turns = [(day(10), 2), (day(0), 1)]
    assert [whose(turns, day(number)) for number in (-1, 0, 9, 10)] == [None, 1, 1, 2]
