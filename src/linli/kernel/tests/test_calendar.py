"""A community's own days and hours over everybody's, and the minute for which they are kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from time import monotonic
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from linli.kernel import calendar
from linli.kernel.worktime import USUAL_SPANS, DayKind

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
HERE, ELSEWHERE, EVERYBODY = 71, 72, None
SUMMER = [["08:30", "12:00"], ["15:00", "18:00"]]


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    calendar.forget(None)
    yield
    calendar.forget(None)


def mark(community_id: int | None, working: bool, day: date = MONDAY) -> None:
    calendar.mark_day(community_id=community_id, day=day, working=working, note="示例", set_by_id=None, at=AT)


def hours(community_id: int | None, from_date: date, spans: list[list[str]], weekday: int = 0) -> None:
    calendar.set_hours(
        community_id=community_id, weekday=weekday, from_date=from_date, spans=spans, set_by_id=None, at=AT
    )


def test_a_community_without_rows_keeps_the_announced_calendar_and_the_usual_hours() -> None:
    loaded = calendar.load(HERE)
    assert loaded.kind(date(2026, 2, 14)) is DayKind.MAKE_UP
    assert loaded.hours(MONDAY) == USUAL_SPANS


def test_a_communitys_own_day_holds_there_only() -> None:
    mark(HERE, working=False)
    assert calendar.load(HERE).kind(MONDAY) is DayKind.CLOSED
    assert calendar.load(ELSEWHERE).kind(MONDAY) is DayKind.WORKING


def test_everybodys_day_holds_where_the_community_says_nothing_else() -> None:
    mark(HERE, working=True)
    mark(EVERYBODY, working=False)
    assert calendar.load(HERE).is_working_day(MONDAY)
    assert not calendar.load(ELSEWHERE).is_working_day(MONDAY)


def test_a_day_can_be_changed_and_left_to_the_announcement_again() -> None:
    mark(HERE, working=False)
    mark(HERE, working=True)
    assert calendar.load(HERE).is_working_day(MONDAY)
    mark(HERE, working=False)
    calendar.clear_day(community_id=HERE, day=MONDAY)
    assert calendar.load(HERE).kind(MONDAY) is DayKind.WORKING


def test_everybodys_hours_hold_until_the_communitys_own_first_day() -> None:
    hours(EVERYBODY, date(2026, 1, 1), SUMMER)
    hours(EVERYBODY, date(2026, 9, 1), [["10:00", "14:00"]])
    hours(HERE, date(2026, 6, 1), [["09:00", "24:00"]])
    here, elsewhere = calendar.load(HERE), calendar.load(ELSEWHERE)
    assert here.hours(date(2026, 5, 25)) == calendar.parse_spans(SUMMER)
    assert here.hours(date(2026, 6, 1)) == ((time(9), time(0)),)
    assert here.hours(MONDAY) == ((time(9), time(0)),)
    assert elsewhere.hours(MONDAY) == ((time(10), time(14)),)
    assert here.hours(date(2026, 6, 2)) == USUAL_SPANS  # a Tuesday


@pytest.mark.parametrize("spans", [[["12:00", "09:00"]], [["9", "12"]], [["09:00"]], [["22:00", "02:00"]]])
def test_it_refuses_hours_that_are_none(spans: list[list[str]]) -> None:
    with pytest.raises(ValueError, match=r"office hours|isoformat|not enough values"):
        hours(HERE, MONDAY, spans)
    assert calendar.load(HERE).hours(MONDAY) == USUAL_SPANS


def test_it_refuses_a_week_without_any_office_hour() -> None:
    for weekday in range(4):
        hours(HERE, MONDAY, [], weekday)
    with pytest.raises(ValueError, match="never ticks"):
        hours(HERE, MONDAY, [], 4)
    assert calendar.load(HERE).hours(date(2026, 11, 27)) == USUAL_SPANS


def test_an_edit_that_is_rolled_back_leaves_nothing_behind() -> None:
    def failing_edit() -> None:
        with calendar.editing(HERE):
            mark(HERE, working=False)
            assert not calendar.load(HERE).is_working_day(MONDAY)
            raise RuntimeError("later in the same action")

    with pytest.raises(RuntimeError):
        failing_edit()
    assert calendar.load(HERE).is_working_day(MONDAY)


def test_a_loaded_calendar_costs_no_statement_for_a_minute(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(2):
        calendar.load(HERE)
    with django_assert_num_queries(0):
        calendar.load(HERE)
    calendar._kept[HERE] = monotonic() - 1, calendar._kept[HERE][1]
    with django_assert_num_queries(2):
        calendar.load(HERE)


def test_an_edit_shows_at_once() -> None:
    assert calendar.load(HERE).is_working_day(MONDAY)
    mark(EVERYBODY, working=False)
    assert not calendar.load(HERE).is_working_day(MONDAY)


def test_what_was_read_while_an_edit_was_not_yet_committed_is_forgotten_with_the_commit(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        mark(HERE, working=False)
        calendar.load(HERE)
    assert HERE in calendar._kept
    for callback in callbacks:
        callback()
    assert HERE not in calendar._kept
