"""The days of a year on which something else holds than the week says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from linli.kernel import calendar
from linli.kernel.calendar import DayKind, OfficeHours
from linli.kernel.worktime import USUAL_HOURS


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day on which something else holds than the week says."""

    day: date
    kind: DayKind
    working: bool
    own: bool  # the community's own word


def special_days(community_id: int, year: int) -> tuple[CalendarDay, ...]:
    """The holidays, make-up days and the community's own days of a year, in order."""
    days = calendar.load(community_id)
    told = {day for day in days.statutory.holidays | days.statutory.make_up_days if day.year == year}
    own = {day for day in days.local_days if day.year == year}
    return tuple(
        CalendarDay(day, days.kind(day), days.is_working_day(day), day in own) for day in sorted(told | own)
    )


def usual_hours() -> tuple[OfficeHours, ...]:
    """The hours of a week where a community has set none."""
    return USUAL_HOURS
