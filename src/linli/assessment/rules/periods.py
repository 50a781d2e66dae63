"""Weeks, months, quarters and years of assessment: when each begins, ends and is due. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum


class Period(StrEnum):
    """How often a scheme is computed."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


def holding(period: Period, day: date) -> tuple[date, date]:
    """The period that holds a day: its first day, and the first day after it."""
    if period is Period.WEEK:
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=7)
    length = _MONTHS[period]
    month = (day.month - 1) // length * length + 1
    ends = month + length
    until = date(day.year + 1, 1, 1) if ends > 12 else date(day.year, ends, 1)
    return date(day.year, month, 1), until


def last_due(period: Period, today: date, settling_days: int) -> tuple[date, date]:
    """The last period that ended at least so many whole days before today began."""
    since, _ = holding(period, today - timedelta(days=settling_days))
    return holding(period, since - timedelta(days=1))


def before(period: Period, since: date) -> tuple[date, date]:
    """The period before the one that begins on this day."""
    return holding(period, since - timedelta(days=1))


def begins(period: Period, day: date) -> date:
    """The first day, from this one on, on which a period begins: a new version counts whole periods."""
    since, until = holding(period, day)
    return day if since == day else until
