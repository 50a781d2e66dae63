"""Working time in China: four units of time as four sets of ticking seconds. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum


class Unit(StrEnum):
    """What an amount of time is counted in: 小时, 自然日, 工作时, 工作日."""

    HOUR = "hour"
    CALENDAR_DAY = "calendar_day"
    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"


UNIT_SECONDS: Mapping[Unit, int] = {
    Unit.HOUR: 3600,
    Unit.CALENDAR_DAY: 86400,
    Unit.WORKING_HOUR: 3600,
    Unit.WORKING_DAY: 86400,
}


@dataclass(frozen=True)
class WorkCalendar:
    """Which days and hours are worked in one community."""

    def is_working_day(self, day: date) -> bool:
        raise NotImplementedError

    def hours(self, day: date) -> tuple[tuple[time, time], ...]:
        raise NotImplementedError

    def counted(self, unit: Unit, a: datetime, b: datetime) -> int:
        raise NotImplementedError

    def add(self, unit: Unit, start: datetime, seconds: int) -> datetime:
        raise NotImplementedError
