"""A second opinion on promises: minute by minute, by looking at each minute's wall clock. Slow and simple.

Written from the words of docs/promises.md and not from ``rules/clock.py``; the two share no arithmetic. It
works on whole minutes only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

MINUTE = timedelta(minutes=1)
WallSpans = tuple[tuple[time, time], ...]


@dataclass
class NaiveWorld:
    """A stretch of days of one community; every minute of it is asked for its date and time of day."""

    zone: ZoneInfo
    first: datetime  # UTC
    minutes: int
    hours: list[tuple[int, date, WallSpans]]  # weekday, from day, spans
    usual: WallSpans
    local_days: dict[date, bool]
    chinese: bool  # False: no statutory holidays at all

    def __post_init__(self) -> None:
        self.office = bytearray(self.minutes)
        self.day = bytearray(self.minutes)
        self.every = bytearray(b"\x01" * self.minutes)
        self.dates: list[int] = []
        answers: dict[date, tuple[bool, WallSpans]] = {}
        for minute in range(self.minutes):
            wall = (self.first + minute * MINUTE).astimezone(self.zone)
            today = wall.date()
            self.dates.append(today.toordinal())
            if today not in answers:
                answers[today] = self.works(today), self.spans(today)
            works, spans = answers[today]
            if works:
                self.day[minute] = 1
                clock = wall.time()
                self.office[minute] = any(a <= clock and (clock < b or b == time(0)) for a, b in spans)

    def works(self, day: date) -> bool:
        if day in self.local_days:
            return self.local_days[day]
        if self.chinese and 2004 <= day.year <= 2026:
            return bool(chinese_calendar.is_workday(day))
        return day.isoweekday() <= 5

    def spans(self, day: date) -> WallSpans:
        for weekday in [day.weekday(), *range(7)]:
            valid = [version for version in self.hours if version[0] == weekday and version[1] <= day]
            spans = max(valid, key=lambda version: version[1])[2] if valid else None
            if spans is None and weekday < 5:
                spans = self.usual
            if spans or (spans is not None and weekday == day.weekday()):
                return spans
        return ()

    def ticks(self, unit: str) -> bytearray:
        return {"hour": self.every, "calendar_day": self.every, "working_day": self.day}.get(
            unit, self.office
        )

    def minute_of(self, moment: datetime) -> int:
        return (moment - self.first) // MINUTE

    def moment_of(self, minute: int) -> datetime:
        return (self.first + minute * MINUTE).astimezone(UTC)


UNIT_MINUTES = {"hour": 60, "calendar_day": 1440, "working_hour": 60, "working_day": 1440}


@dataclass
class NaiveClock:
    """The same events as a clock's, in minutes of the world."""

    world: NaiveWorld
    unit: str
    amount: int
    start_rule: str
    started: int
    pauses: list[tuple[int, int | None]]
    extensions: list[tuple[int, int]]  # amount, asked
    stopped: int | None

    def __post_init__(self) -> None:
        self.map = bytearray(self.world.ticks(self.unit))
        self.begins = self._begins()
        self._blank(0, self.begins)
        for start, end in self.pauses:
            self._blank(start, self.world.minutes if end is None else end)
        self.open_pause = any(end is None for _, end in self.pauses)
        self.allowance = self.amount * UNIT_MINUTES[self.unit]
        for more, asked in sorted(self.extensions, key=lambda extension: extension[1]):
            due = self.used_up(self.allowance)
            if due is None or asked <= due:
                self.allowance += more * UNIT_MINUTES[self.unit]
        self.due = self.used_up(self.allowance)

    def _begins(self) -> int:
        if self.start_rule == "next_day":
            today = self.world.dates[self.started]
            return next(m for m in range(self.started, self.world.minutes) if self.world.dates[m] > today)
        if self.start_rule == "next_working_moment":
            return self.world.office.find(1, self.started)
        return self.started

    def _blank(self, start: int, end: int) -> None:
        if start < end:
            self.map[start:end] = bytes(end - start)

    def used_up(self, minutes: int) -> int | None:
        """The first minute mark by which so many minutes have ticked; None if the world ends before."""
        left = minutes
        for chunk in range(0, self.world.minutes, 720):
            there = self.map.count(1, chunk, chunk + 720)
            if there >= left:
                at = chunk
                for _ in range(left):
                    at = self.map.index(1, at) + 1
                return at
            left -= there
        return None

    def elapsed(self, now: int) -> int:
        return self.map.count(1, 0, now if self.stopped is None else min(now, self.stopped))

    def state(self, now: int) -> str:
        if self.stopped is not None and self.stopped <= now:
            return "met" if self.due is None or self.stopped <= self.due else "met_late"
        if self.due is not None and now > self.due:
            return "broken"
        if any(start <= now and (end is None or now < end) for start, end in self.pauses):
            return "paused"
        return "at_risk" if 5 * (self.allowance - self.elapsed(now)) < self.allowance else "in_time"
