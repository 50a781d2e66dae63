"""Working time in China: four units of time as four sets of ticking seconds. Pure.

A moment is cut to its whole second, so that counted seconds add up exactly. All arithmetic runs on UTC
seconds: a day of a zone with summer time has the 82,800 or 90,000 seconds that it really has. A day begins at
the first moment its midnight is reached (fold 0) and ends where the next one begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from chinese_calendar import constants

Span = tuple[time, time]
_Ticks = tuple[tuple[int, int], ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_SECOND = timedelta(seconds=1)
_SEARCH_DAYS = 366 * 20  # a calendar without any working time for twenty years is a mistake, not a wait


def _of_day(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _end_of_day(moment: time) -> int:
    return _of_day(moment) or 86400


class Unit(StrEnum):
    """What an amount of time is counted in: 小时, 自然日, 工作时, 工作日."""

    HOUR = "hour"  # every second
    CALENDAR_DAY = "calendar_day"  # every second
    WORKING_HOUR = "working_hour"  # the seconds inside local office hours of working days
    WORKING_DAY = "working_day"  # every second of a working day


UNIT_SECONDS: Mapping[Unit, int] = {
    Unit.HOUR: 3600,
    Unit.CALENDAR_DAY: 86400,
    Unit.WORKING_HOUR: 3600,
    Unit.WORKING_DAY: 86400,
}
_ALWAYS = frozenset({Unit.HOUR, Unit.CALENDAR_DAY})


class DayKind(StrEnum):
    """Why a day is worked or not."""

    WORKING = "working"
    MAKE_UP = "make_up"  # 调休上班: a day of rest that is worked
    WEEKEND = "weekend"
    HOLIDAY = "holiday"  # statutory, with the days moved to it
    CLOSED = "closed"  # the community's own closing day


_WORKED = frozenset({DayKind.WORKING, DayKind.MAKE_UP})


class Why(StrEnum):
    """Why a second ticks or not."""

    RUNNING = "running"
    MAKE_UP_DAY = "make_up_day"
    NIGHT = "night"  # before the first and after the last office hour
    LUNCH = "lunch"  # between two office hours
    OUT_OF_HOURS = "out_of_hours"  # a working day on which this office does not open
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSED_DAY = "closed_day"


_REST_WHY: Mapping[DayKind, Why] = {
    DayKind.WEEKEND: Why.WEEKEND,
    DayKind.HOLIDAY: Why.HOLIDAY,
    DayKind.CLOSED: Why.CLOSED_DAY,
}


@dataclass(frozen=True, slots=True)
class Statutory:
    """Holidays and make-up days as the State Council announced them, and the years announced."""

    holidays: frozenset[date]
    make_up_days: frozenset[date]
    first_year: int
    last_year: int


def announced() -> Statutory:
    """What the installed ``chinesecalendar`` knows; its data end with its last year."""
    return Statutory(
        holidays=frozenset(constants.holidays),
        make_up_days=frozenset(constants.workdays),
        first_year=min(constants.holidays).year,
        last_year=max(constants.holidays).year,
    )


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Local office hours of one weekday (Monday is 0) from a day on; an end of 00:00 is midnight.

    :raises ValueError: spans out of order, overlapping, or crossing midnight.
    """

    weekday: int
    from_date: date
    spans: tuple[Span, ...]

    def __post_init__(self) -> None:
        if self.weekday not in range(7):
            raise ValueError("a weekday is 0 (Monday) to 6 (Sunday)")
        last = -1
        for start, end in self.spans:
            if not last <= _of_day(start) < _end_of_day(end):
                raise ValueError("office hours are spans in order, each ending after it begins")
            last = _end_of_day(end)


USUAL_SPANS: tuple[Span, ...] = ((time(9), time(12)), (time(13, 30), time(17, 30)))
USUAL_HOURS = tuple(OfficeHours(weekday, date.min, USUAL_SPANS) for weekday in range(5))
ANNOUNCED = announced()
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time without a change: all of it ticks or none, for one reason. Moments are UTC."""

    from_: datetime
    to: datetime
    ticks: bool
    why: Why

    @property
    def seconds(self) -> int:
        """Its length."""
        return (self.to - self.from_) // _SECOND


@dataclass(frozen=True, slots=True)
class _Day:
    start: int  # UTC seconds since 1970
    end: int
    kind: DayKind
    office: _Ticks

    def ticks(self, unit: Unit) -> _Ticks:
        if unit == Unit.WORKING_HOUR:
            return self.office
        return ((self.start, self.end),) if self.kind in _WORKED else ()


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Which days and hours are worked in one community.

    :param zone: its time zone.
    :param local_days: days that differ from the announced ones: True worked, False not.
    :param office_hours: dated versions per weekday; before the first one the usual hours hold (Monday to
        Friday 09:00–12:00, 13:30–17:30). A worked day whose weekday has no hours (a make-up Saturday) keeps
        the hours of the first weekday that has some.
    :param statutory: announced holidays and make-up days; in other years Monday to Friday are worked.
    """

    zone: ZoneInfo = SHANGHAI
    local_days: Mapping[date, bool] = field(default_factory=dict)
    office_hours: tuple[OfficeHours, ...] = ()
    statutory: Statutory = ANNOUNCED
    _days: dict[int, _Day] = field(default_factory=dict, init=False, repr=False)

    # -- days and hours ------------------------------------------------------------------------------------

    def kind(self, day: date) -> DayKind:
        """Why this day is worked or not."""
        rest = day.weekday() >= 5
        holiday = day in self.statutory.holidays
        make_up = day in self.statutory.make_up_days
        local = self.local_days.get(day)
        if local is None:
            local = make_up or not (rest or holiday)
        if local:
            return DayKind.MAKE_UP if rest or holiday else DayKind.WORKING
        if holiday:
            return DayKind.HOLIDAY
        return DayKind.WEEKEND if rest and not make_up else DayKind.CLOSED

    def is_working_day(self, day: date) -> bool:
        """Whether a day is worked: the community's own word first, then the announcement, then the week."""
        return self.kind(day) in _WORKED

    def hours(self, day: date) -> tuple[Span, ...]:
        """The local office hours of a day; none on a day that is not worked."""
        if not self.is_working_day(day):
            return ()
        own = self._spans(day.weekday(), day)
        if own is not None:
            return own
        return next((spans for weekday in range(7) if (spans := self._spans(weekday, day))), ())

    def covers(self, year: int) -> bool:
        """Whether a year's holidays are known: announced, or entered (National Day stands for the year)."""
        announced_year = self.statutory.first_year <= year <= self.statutory.last_year
        return announced_year or self.local_days.get(date(year, 10, 1)) is False

    # -- ticking seconds -----------------------------------------------------------------------------------

    def counted(self, unit: Unit, a: datetime, b: datetime) -> int:
        """The ticking seconds of a unit from ``a`` until ``b``; 0 if ``b`` is not later."""
        start, end = _seconds(a), _seconds(b)
        if unit in _ALWAYS:
            return max(0, end - start)
        total = 0
        for day in self._days_between(start, end):
            for tick, tock in day.ticks(unit):
                total += max(0, min(tock, end) - max(tick, start))
        return total

    def add(self, unit: Unit, start: datetime, seconds: int) -> datetime:
        """The earliest moment (UTC) by which this many seconds have ticked since ``start``.

        :param seconds: ticking seconds, 0 or more.
        :raises ValueError: negative seconds, or a calendar in which the unit never ticks.
        """
        if seconds < 0:
            raise ValueError("time is only added")
        now = _seconds(start)
        if unit in _ALWAYS or seconds == 0:
            return _moment(now + seconds)
        left = seconds
        first = self._ordinal_at(now)
        silent = 0
        for ordinal in range(first, date.max.toordinal()):
            silent += 1
            for tick, tock in self._day(ordinal).ticks(unit):
                length = tock - max(tick, now)
                if length >= left:
                    return _moment(max(tick, now) + left)
                if length > 0:
                    left -= length
                    silent = 0
            if silent > _SEARCH_DAYS:
                break
        raise ValueError(f"{unit} never ticks in this calendar")

    def stretches(self, unit: Unit, a: datetime, b: datetime) -> tuple[Stretch, ...]:
        """All the time from ``a`` until ``b``, in order and without gaps: ticking or not, and why."""
        start, end = _seconds(a), _seconds(b)
        if start >= end:
            return ()
        if unit in _ALWAYS:
            return (Stretch(_moment(start), _moment(end), True, Why.RUNNING),)
        found: list[tuple[int, int, bool, Why]] = []
        for day in self._days_between(start, end):
            for tick, tock, ticks, why in _parts(day, unit):
                tick, tock = max(tick, start), min(tock, end)
                if tick >= tock:
                    continue
                if found and found[-1][2:] == (ticks, why):
                    found[-1] = (found[-1][0], tock, ticks, why)
                else:
                    found.append((tick, tock, ticks, why))
        return tuple(Stretch(_moment(tick), _moment(tock), ticks, why) for tick, tock, ticks, why in found)

    def next_midnight(self, at: datetime) -> datetime:
        """The first moment (UTC) of the day after ``at``."""
        return _moment(self._day(self._ordinal_at(_seconds(at))).end)

    def next_office_moment(self, at: datetime) -> datetime:
        """``at`` itself within office hours, else the moment (UTC) they next begin.

        :raises ValueError: a calendar without office hours.
        """
        return self.add(Unit.WORKING_HOUR, at, 1) - _SECOND

    # -- inside --------------------------------------------------------------------------------------------

    @cached_property
    def _versions(self) -> Mapping[int, tuple[OfficeHours, ...]]:
        own = sorted(self.office_hours, key=lambda hours: hours.from_date, reverse=True)
        return {
            weekday: tuple(hours for hours in (*own, *USUAL_HOURS) if hours.weekday == weekday)
            for weekday in range(7)
        }

    def _spans(self, weekday: int, day: date) -> tuple[Span, ...] | None:
        """The hours of a weekday as they stand on a day; None where nobody has set any."""
        return next((hours.spans for hours in self._versions[weekday] if hours.from_date <= day), None)

    def _days_between(self, start: int, end: int) -> Iterator[_Day]:
        if start >= end:
            return
        for ordinal in range(self._ordinal_at(start), date.max.toordinal()):
            day = self._day(ordinal)
            if day.start >= end:
                return
            yield day

    def _ordinal_at(self, moment: int) -> int:
        ordinal = datetime.fromtimestamp(moment, self.zone).toordinal()
        while moment < self._day(ordinal).start:
            ordinal -= 1
        while moment >= self._day(ordinal).end:
            ordinal += 1
        return ordinal

    def _day(self, ordinal: int) -> _Day:
        day = self._days.get(ordinal)
        if day is None:
            day = self._days[ordinal] = self._make_day(ordinal)
        return day

    def _make_day(self, ordinal: int) -> _Day:
        day = date.fromordinal(ordinal)
        start, end = self._midnight(ordinal), self._midnight(ordinal + 1)
        naive = (ordinal - _EPOCH_DAY) * 86400
        office = []
        for piece_start, piece_end, offset in self._pieces(start, end):
            for opens, closes in self.hours(day):
                tick = max(piece_start, naive + _of_day(opens) - offset)
                tock = min(piece_end, naive + _end_of_day(closes) - offset)
                if tick < tock:
                    office.append((tick, tock))
        return _Day(start, end, self.kind(day), tuple(sorted(office)))

    def _midnight(self, ordinal: int) -> int:
        return _seconds(datetime.combine(date.fromordinal(ordinal), time(0), tzinfo=self.zone))

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """The parts of a day between which the clocks are moved, each with its offset from UTC in seconds."""
        while start < end:
            offset = self._offset(start)
            if self._offset(end - 1) == offset:
                yield start, end, offset
                return
            low, high = start, end - 1  # offset holds at low and not at high
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if self._offset(middle) == offset else (low, middle)
            yield start, high, offset
            start = high

    def _offset(self, moment: int) -> int:
        offset = datetime.fromtimestamp(moment, self.zone).utcoffset()
        return 0 if offset is None else offset // _SECOND


def _parts(day: _Day, unit: Unit) -> Iterator[tuple[int, int, bool, Why]]:
    if day.kind not in _WORKED:
        yield day.start, day.end, False, _REST_WHY[day.kind]
        return
    running = Why.MAKE_UP_DAY if day.kind is DayKind.MAKE_UP else Why.RUNNING
    ticks = day.ticks(unit)
    if not ticks:
        yield day.start, day.end, False, Why.OUT_OF_HOURS
        return
    at = day.start
    for tick, tock in ticks:
        yield at, tick, False, Why.NIGHT if at == day.start else Why.LUNCH
        yield tick, tock, True, running
        at = tock
    yield at, day.end, False, Why.NIGHT


def whole_second(moment: datetime) -> datetime:
    """The same moment in UTC, cut to its second."""
    return _moment(_seconds(moment))


def _seconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return (moment - _EPOCH) // _SECOND


def _moment(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)
