"""A running promise: when it is due, how it stands, and a ledger of every second. Pure.

Nothing is stored but the events (started, paused, extended, stopped); all else is derived from them, so that
no sequence of hand-overs can hide time. Moments handed back are UTC, cut to the whole second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from linli.cases.rules.promises import Promise, StartRule
from linli.kernel.worktime import Stretch, Why, WorkCalendar, whole_second

AT_RISK_PERCENT = 20


class ClockState(StrEnum):
    """How a promise stands."""

    IN_TIME = "in_time"
    AT_RISK = "at_risk"
    BROKEN = "broken"
    PAUSED = "paused"
    MET = "met"
    MET_LATE = "met_late"


class ClockWhy(StrEnum):
    """Why a second counts or not, beyond what the calendar says (``kernel.worktime.Why``)."""

    BEFORE_START = "before_start"  # not counted: the start rule has counting begin later
    PAUSED = "paused"  # not counted
    EXTENSION = "extension"  # counted, against time that was granted
    OVERDUE = "overdue"  # counted, with nothing left
    STOPPED = "stopped"  # not counted: the stage is over


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that does not count: from its approval until the work goes on (None: still paused)."""

    from_: datetime
    until: datetime | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.from_:
            raise ValueError("a pause ends after it begins")


@dataclass(frozen=True, slots=True)
class Extension:
    """More time, in the promise's own unit. One asked for after the promise was broken changes nothing."""

    amount: int | Decimal
    asked_at: datetime

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ValueError("an extension adds time")


@dataclass(frozen=True, slots=True)
class Clock:
    """A promise with the events that touch its time."""

    promise: Promise
    started_at: datetime
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    stopped_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.stopped_at is not None and self.stopped_at < self.started_at:
            raise ValueError("a clock stops after it starts")


@dataclass(frozen=True, slots=True)
class Times:
    """The moments of a clock (UTC), worth storing: with them a list needs no calendar.

    ``at_risk_at`` and ``due_at`` are None while an open pause keeps them unknown.
    """

    begins_at: datetime
    at_risk_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the ledger: its ``counted`` seconds are all of it or 0, and the reason code why."""

    from_: datetime
    to: datetime
    counted: int
    why: Why | ClockWhy


def begins_at(clock: Clock, calendar: WorkCalendar) -> datetime:
    """The moment counting begins under the promise's start rule."""
    match clock.promise.start_rule:
        case StartRule.NEXT_DAY:
            return calendar.next_midnight(clock.started_at)
        case StartRule.NEXT_WORKING_MOMENT:
            return calendar.next_office_moment(clock.started_at)
        case _:
            return whole_second(clock.started_at)


def due_at(clock: Clock, calendar: WorkCalendar) -> datetime | None:
    """The moment the allowance is used up; None while an open pause keeps it unknown.

    The moment itself is still in time. Thirteen working days end with the last second of the thirteenth, not
    where the next working day begins.
    """
    runs = _runs(clock, calendar)
    return _used_up(clock, calendar, runs, _allowance(clock, calendar, runs))


def used_at(clock: Clock, calendar: WorkCalendar, *, percent: int) -> datetime | None:
    """The moment at which this share of the allowance is used up; None while an open pause keeps it unknown.

    :param percent: 1 to 99, rounded up to the whole second.
    """
    runs = _runs(clock, calendar)
    return _used_up(clock, calendar, runs, -(-_allowance(clock, calendar, runs) * percent // 100))


def times(clock: Clock, calendar: WorkCalendar, *, at_risk_percent: int = AT_RISK_PERCENT) -> Times:
    """When counting begins, when the promise comes to be at risk, and when it is due.

    :param at_risk_percent: at risk while less than this share of the allowance is left; 0 to 100.
    """
    runs = _runs(clock, calendar)
    granted = _allowance(clock, calendar, runs)
    # The first moment at which left < percent of granted, in whole seconds: -(-a // b) rounds up.
    spent_at_risk = granted + 1 - -(-granted * at_risk_percent // 100)
    return Times(
        begins_at=begins_at(clock, calendar),
        at_risk_at=_used_up(clock, calendar, runs, spent_at_risk),
        due_at=_used_up(clock, calendar, runs, granted),
    )


def standing(times: Times, *, now: datetime, paused: bool, stopped_at: datetime | None) -> ClockState:
    """How a promise stands at ``now``, from its stored moments alone."""
    due = times.due_at
    if stopped_at is not None and stopped_at <= now:
        return ClockState.MET if due is None or whole_second(stopped_at) <= due else ClockState.MET_LATE
    if due is not None and whole_second(now) > due:
        return ClockState.BROKEN
    if paused:
        return ClockState.PAUSED
    at_risk = times.at_risk_at is not None and whole_second(now) >= times.at_risk_at
    return ClockState.AT_RISK if at_risk else ClockState.IN_TIME


def state(
    clock: Clock, calendar: WorkCalendar, now: datetime, *, at_risk_percent: int = AT_RISK_PERCENT
) -> ClockState:
    """How the promise stands at ``now``: the same as ``standing`` of its ``times``."""
    paused = any(pause.from_ <= now and (pause.until is None or now < pause.until) for pause in clock.pauses)
    moments = times(clock, calendar, at_risk_percent=at_risk_percent)
    return standing(moments, now=now, paused=paused, stopped_at=clock.stopped_at)


def allowance(clock: Clock, calendar: WorkCalendar) -> int:
    """Ticking seconds promised, with every extension that was asked for in time."""
    return _allowance(clock, calendar, _runs(clock, calendar))


def elapsed(clock: Clock, calendar: WorkCalendar, now: datetime) -> int:
    """Ticking seconds counted until ``now``, or until the clock was stopped."""
    unit = clock.promise.unit
    return sum(calendar.counted(unit, a, b) for a, b in _until(_runs(clock, calendar), _end(clock, now)))


def remaining(clock: Clock, calendar: WorkCalendar, now: datetime) -> int:
    """Ticking seconds left at ``now``; negative by as much as it has run over."""
    return allowance(clock, calendar) - elapsed(clock, calendar, now)


def ledger(clock: Clock, calendar: WorkCalendar, until: datetime) -> tuple[Segment, ...]:
    """Every second from the start until ``until``, in order and without gaps: counted or not, and why.

    The counted seconds add up to ``elapsed`` at ``until``.
    """
    runs = _runs(clock, calendar)
    began, end = begins_at(clock, calendar), _end(clock, until)
    granted = _allowance(clock, calendar, runs)
    segments = [*_wait(clock.started_at, min(began, end), ClockWhy.BEFORE_START)]
    at, spent = began, 0
    for from_, to in _until(runs, end):
        segments += _wait(at, from_, ClockWhy.PAUSED)
        for stretch in calendar.stretches(clock.promise.unit, from_, to):
            segments += _spend(stretch, spent, clock.promise.seconds, granted)
            spent += stretch.seconds if stretch.ticks else 0
        at = to
    segments += _wait(at, end, ClockWhy.PAUSED)
    segments += _wait(end, until, ClockWhy.STOPPED)
    return tuple(segments)


_Run = tuple[datetime, datetime | None]  # None: it runs on


def _runs(clock: Clock, calendar: WorkCalendar) -> list[_Run]:
    """The times in which the calendar decides: from the beginning on, without the pauses."""
    at = begins_at(clock, calendar)
    runs: list[_Run] = []
    for pause in sorted(clock.pauses, key=lambda pause: pause.from_):
        if whole_second(pause.from_) > at:
            runs.append((at, whole_second(pause.from_)))
        if pause.until is None:
            return runs
        at = max(at, whole_second(pause.until))
    return [*runs, (at, None)]


def _until(runs: Iterable[_Run], end: datetime) -> Iterator[tuple[datetime, datetime]]:
    for from_, to in runs:
        if from_ < end:
            yield from_, end if to is None else min(to, end)


def _used_up(clock: Clock, calendar: WorkCalendar, runs: Iterable[_Run], seconds: int) -> datetime | None:
    """The moment by which this many seconds have been counted; None if that is not known yet."""
    unit = clock.promise.unit
    for from_, to in runs:
        if to is None or (length := calendar.counted(unit, from_, to)) >= seconds:
            return calendar.add(unit, from_, seconds)
        seconds -= length
    return None


def _allowance(clock: Clock, calendar: WorkCalendar, runs: list[_Run]) -> int:
    granted = clock.promise.seconds
    for extension in sorted(clock.extensions, key=lambda extension: extension.asked_at):
        due = _used_up(clock, calendar, runs, granted)
        if due is None or whole_second(extension.asked_at) <= due:
            granted += clock.promise.seconds_of(extension.amount)
    return granted


def _end(clock: Clock, now: datetime) -> datetime:
    return whole_second(now if clock.stopped_at is None else min(now, clock.stopped_at))


def _wait(from_: datetime, to: datetime, why: ClockWhy) -> Iterator[Segment]:
    from_, to = whole_second(from_), whole_second(to)
    if from_ < to:
        yield Segment(from_, to, 0, why)


def _spend(stretch: Stretch, spent: int, promised: int, granted: int) -> Iterator[Segment]:
    """A stretch of the calendar as entries of the ledger, cut where the promised and the granted time end."""
    if not stretch.ticks:
        yield Segment(stretch.from_, stretch.to, 0, stretch.why)
        return
    at = stretch.from_
    while at < stretch.to:
        why, limit = _account(stretch.why, spent, promised, granted)
        to = stretch.to if limit is None else min(stretch.to, at + timedelta(seconds=limit - spent))
        seconds = (to - at) // timedelta(seconds=1)
        yield Segment(at, to, seconds, why)
        at, spent = to, spent + seconds


def _account(why: Why, spent: int, promised: int, granted: int) -> tuple[Why | ClockWhy, int | None]:
    """Which time the next second is taken from, and how far that reaches."""
    if spent < promised:
        return why, promised
    if spent < granted:
        return ClockWhy.EXTENSION, granted
    return ClockWhy.OVERDUE, None
