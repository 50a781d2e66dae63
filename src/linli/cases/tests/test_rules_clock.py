"""One promise at a time, each moment worked out by hand on the calendar of February 2026."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from linli.cases.rules import clock as clocks
from linli.cases.rules.clock import Clock, ClockState, ClockWhy, Extension, Pause
from linli.cases.rules.promises import Promise, Stage, StartRule, Unit
from linli.kernel.worktime import SHANGHAI, Why, WorkCalendar

pytestmark = pytest.mark.rules

CALENDAR = WorkCalendar()
SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def promise(amount: int | Decimal, unit: Unit, start_rule: StartRule = StartRule.AT_ONCE) -> Promise:
    return Promise(Stage.RESOLVE, amount, unit, start_rule)


FOUR_HOURS = promise(4, Unit.WORKING_HOUR)
MONDAY_NINE = at("2026-11-23T09:00")
FOUR_HOURS_DUE = at("2026-11-23T14:30")


@pytest.mark.parametrize(
    ("amount", "unit", "start_rule", "started", "due"),
    [
        (4, Unit.WORKING_HOUR, StartRule.AT_ONCE, "2026-11-23T09:00", "2026-11-23T14:30"),
        (4, Unit.HOUR, StartRule.AT_ONCE, "2026-11-23T22:00", "2026-11-24T02:00"),
        # 暴露垃圾: 4 工作时, reported in the evening
        (4, Unit.WORKING_HOUR, StartRule.NEXT_WORKING_MOMENT, "2026-11-23T22:00", "2026-11-24T14:30"),
        # twenty-four hours that begin when the offices open
        (24, Unit.HOUR, StartRule.NEXT_WORKING_MOMENT, "2026-11-20T22:00", "2026-11-24T09:00"),
        # 投诉: 13 工作日, 自次日起
        (13, Unit.WORKING_DAY, StartRule.NEXT_DAY, "2026-11-02T15:00", "2026-11-20T00:00"),
        (13, Unit.WORKING_DAY, StartRule.NEXT_DAY, "2026-02-11T15:00", "2026-03-07T00:00"),
        (1, Unit.CALENDAR_DAY, StartRule.NEXT_DAY, "2026-11-23T15:00", "2026-11-25T00:00"),
        (Decimal("0.5"), Unit.WORKING_HOUR, StartRule.AT_ONCE, "2026-11-23T11:45", "2026-11-23T13:45"),
    ],
)
def test_it_is_due(amount: int, unit: Unit, start_rule: StartRule, started: str, due: str) -> None:
    clock = Clock(promise(amount, unit, start_rule), at(started))
    assert clocks.due_at(clock, CALENDAR) == at(due)


def test_a_promise_moves_from_in_time_over_at_risk_to_broken() -> None:
    clock = Clock(FOUR_HOURS, MONDAY_NINE)
    at_risk = at("2026-11-23T13:42:01")  # 2,879 of 14,400 seconds left: less than a fifth
    assert clocks.state(clock, CALENDAR, MONDAY_NINE) is ClockState.IN_TIME
    assert clocks.state(clock, CALENDAR, at_risk - SECOND) is ClockState.IN_TIME
    assert clocks.state(clock, CALENDAR, at_risk) is ClockState.AT_RISK
    assert clocks.state(clock, CALENDAR, FOUR_HOURS_DUE) is ClockState.AT_RISK
    assert clocks.state(clock, CALENDAR, FOUR_HOURS_DUE + SECOND) is ClockState.BROKEN


def test_the_share_at_which_a_promise_is_at_risk_can_be_chosen() -> None:
    clock = Clock(FOUR_HOURS, MONDAY_NINE)
    assert clocks.state(clock, CALENDAR, MONDAY_NINE + SECOND, at_risk_percent=100) is ClockState.AT_RISK
    assert clocks.state(clock, CALENDAR, FOUR_HOURS_DUE, at_risk_percent=0) is ClockState.IN_TIME


def test_it_is_met_at_the_last_second_and_late_after_it() -> None:
    def stopped(moment: datetime) -> ClockState:
        return clocks.state(
            Clock(FOUR_HOURS, MONDAY_NINE, stopped_at=moment), CALENDAR, at("2026-12-01T00:00")
        )

    assert stopped(FOUR_HOURS_DUE) is ClockState.MET
    assert stopped(FOUR_HOURS_DUE + timedelta(milliseconds=900)) is ClockState.MET
    assert stopped(FOUR_HOURS_DUE + SECOND) is ClockState.MET_LATE


def test_a_day_off_does_not_help_what_was_due_before_it() -> None:
    due_friday_night = Clock(promise(1, Unit.WORKING_DAY), at("2026-11-20T00:00"))
    assert clocks.due_at(due_friday_night, CALENDAR) == at("2026-11-21T00:00")
    assert clocks.state(due_friday_night, CALENDAR, at("2026-11-21T10:00")) is ClockState.BROKEN
    assert clocks.remaining(due_friday_night, CALENDAR, at("2026-11-21T10:00")) == 0


def test_before_a_stop_is_known_the_promise_still_runs() -> None:
    clock = Clock(FOUR_HOURS, MONDAY_NINE, stopped_at=at("2026-11-23T11:00"))
    assert clocks.state(clock, CALENDAR, at("2026-11-23T10:00")) is ClockState.IN_TIME
    assert clocks.remaining(clock, CALENDAR, at("2026-11-25T00:00")) == 2 * 3600


def test_a_pause_does_not_count() -> None:
    pause = Pause(at("2026-11-23T10:00"), at("2026-11-24T10:00"))
    clock = Clock(FOUR_HOURS, MONDAY_NINE, pauses=(pause,))
    assert clocks.due_at(clock, CALENDAR) == at("2026-11-24T14:30")
    assert clocks.state(clock, CALENDAR, at("2026-11-23T10:00")) is ClockState.PAUSED
    assert clocks.state(clock, CALENDAR, at("2026-11-24T10:00")) is ClockState.IN_TIME
    assert clocks.remaining(clock, CALENDAR, at("2026-11-24T09:59")) == 3 * 3600


def test_an_open_pause_leaves_the_due_moment_unknown() -> None:
    clock = Clock(FOUR_HOURS, MONDAY_NINE, pauses=(Pause(at("2026-11-23T10:00")),))
    assert clocks.due_at(clock, CALENDAR) is None
    assert clocks.times(clock, CALENDAR).at_risk_at is None
    assert clocks.state(clock, CALENDAR, at("2027-11-23T10:00")) is ClockState.PAUSED
    stopped = Clock(clock.promise, clock.started_at, clock.pauses, stopped_at=at("2026-12-23T10:00"))
    assert clocks.state(stopped, CALENDAR, at("2027-11-23T10:00")) is ClockState.MET


def test_pauses_that_overlap_count_once() -> None:
    pauses = (
        Pause(at("2026-11-23T11:00"), at("2026-11-23T11:30")),
        Pause(at("2026-11-23T10:00"), at("2026-11-23T12:00")),
    )
    assert clocks.due_at(Clock(FOUR_HOURS, MONDAY_NINE, pauses=pauses), CALENDAR) == at("2026-11-23T16:30")


def test_a_pause_after_the_promise_was_broken_does_not_mend_it() -> None:
    clock = Clock(FOUR_HOURS, MONDAY_NINE, pauses=(Pause(at("2026-11-23T15:00")),))
    assert clocks.due_at(clock, CALENDAR) == FOUR_HOURS_DUE
    assert clocks.state(clock, CALENDAR, at("2026-11-23T16:00")) is ClockState.BROKEN


def test_an_extension_asked_for_in_the_last_second_counts() -> None:
    extension = Extension(2, FOUR_HOURS_DUE)
    clock = Clock(FOUR_HOURS, MONDAY_NINE, extensions=(extension,))
    assert clocks.due_at(clock, CALENDAR) == at("2026-11-23T16:30")


def test_an_extension_asked_for_too_late_changes_nothing() -> None:
    extension = Extension(2, FOUR_HOURS_DUE + SECOND)
    clock = Clock(FOUR_HOURS, MONDAY_NINE, extensions=(extension,))
    assert clocks.due_at(clock, CALENDAR) == FOUR_HOURS_DUE


def test_a_second_extension_may_be_asked_for_within_the_first() -> None:
    first, second = Extension(2, at("2026-11-23T14:00")), Extension(1, at("2026-11-23T16:00"))
    for extensions in [(first, second), (second, first)]:
        clock = Clock(FOUR_HOURS, MONDAY_NINE, extensions=extensions)
        assert clocks.due_at(clock, CALENDAR) == at("2026-11-23T17:30")
        assert clocks.allowance(clock, CALENDAR) == 7 * 3600


def test_the_ledger_says_why_for_every_second() -> None:
    clock = Clock(
        promise(8, Unit.WORKING_HOUR, StartRule.NEXT_WORKING_MOMENT),
        at("2026-02-13T07:30"),
        pauses=(Pause(at("2026-02-13T10:00"), at("2026-02-13T11:00")),),
        extensions=(Extension(1, at("2026-02-14T09:00")),),
        stopped_at=at("2026-02-24T10:00"),
    )
    ledger = clocks.ledger(clock, CALENDAR, at("2026-02-25T00:00"))
    told = [
        (f"{segment.to.astimezone(SHANGHAI):%d %H:%M}", segment.counted / 3600, segment.why)
        for segment in ledger
    ]
    assert told == [
        ("13 09:00", 0, ClockWhy.BEFORE_START),
        ("13 10:00", 1, Why.RUNNING),
        ("13 11:00", 0, ClockWhy.PAUSED),
        ("13 12:00", 1, Why.RUNNING),
        ("13 13:30", 0, Why.LUNCH),
        ("13 17:30", 4, Why.RUNNING),
        ("14 09:00", 0, Why.NIGHT),
        ("14 11:00", 2, Why.MAKE_UP_DAY),
        ("14 12:00", 1, ClockWhy.EXTENSION),
        ("14 13:30", 0, Why.LUNCH),
        ("14 17:30", 4, ClockWhy.OVERDUE),
        ("15 00:00", 0, Why.NIGHT),
        ("24 00:00", 0, Why.HOLIDAY),
        ("24 09:00", 0, Why.NIGHT),
        ("24 10:00", 1, ClockWhy.OVERDUE),
        ("25 00:00", 0, ClockWhy.STOPPED),
    ]
    assert clocks.elapsed(clock, CALENDAR, at("2026-02-25T00:00")) == 14 * 3600
    assert clocks.remaining(clock, CALENDAR, at("2026-02-25T00:00")) == -5 * 3600


def test_the_ledger_of_a_clock_that_has_not_begun_is_all_waiting() -> None:
    clock = Clock(promise(1, Unit.WORKING_DAY, StartRule.NEXT_DAY), at("2026-11-23T15:00"))
    (only,) = clocks.ledger(clock, CALENDAR, at("2026-11-23T16:00"))
    assert (only.from_, only.to, only.why) == (
        clock.started_at,
        at("2026-11-23T16:00"),
        ClockWhy.BEFORE_START,
    )
    assert clocks.ledger(clock, CALENDAR, clock.started_at) == ()


def test_stored_moments_tell_the_same_as_the_whole_clock() -> None:
    clock = Clock(FOUR_HOURS, MONDAY_NINE)
    moments = clocks.times(clock, CALENDAR)
    assert moments.due_at == FOUR_HOURS_DUE
    for minutes in range(0, 8 * 60, 7):
        now = MONDAY_NINE + timedelta(minutes=minutes)
        told = clocks.standing(moments, now=now, paused=False, stopped_at=None)
        assert told is clocks.state(clock, CALENDAR, now)


def test_it_refuses_events_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="positive"):
        promise(0, Unit.HOUR)
    with pytest.raises(ValueError, match="adds time"):
        Extension(-1, MONDAY_NINE)
    with pytest.raises(ValueError, match="ends after"):
        Pause(MONDAY_NINE, MONDAY_NINE - SECOND)
    with pytest.raises(ValueError, match="stops after"):
        Clock(FOUR_HOURS, MONDAY_NINE, stopped_at=MONDAY_NINE - SECOND)
