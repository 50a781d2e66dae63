"""Times and clocks as people say them. Pure: the language is Django's active one, the time is an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext, pgettext

State = Literal["in_time", "at_risk", "broken", "paused", "met", "missed", "none"]
Unit = Literal["hour", "calendar_day", "working_hour", "working_day"]

MINUTE = 60
HOUR = 3600
DAY = 86400


@dataclass(frozen=True, slots=True)
class Clock:
    """What a page needs to draw one clock.

    state: how the promise stands; unit: in what time it was promised; left_seconds: seconds of that
    unit that remain (negative: past it; None: not said); due_at: the moment it runs out, if known;
    label: what is promised ("Sign", "Resolve"), already in the reader's language, or empty.
    """

    state: State
    unit: Unit = "hour"
    left_seconds: int | None = None
    due_at: datetime | None = None
    label: str = ""


def _day(day: date, today: date) -> str:
    weekdays = (
        gettext("Mon"),
        gettext("Tue"),
        gettext("Wed"),
        gettext("Thu"),
        gettext("Fri"),
        gettext("Sat"),
        gettext("Sun"),
    )
    months = (
        gettext("Jan"),
        gettext("Feb"),
        gettext("Mar"),
        gettext("Apr"),
        pgettext("short month", "May"),
        gettext("Jun"),
        gettext("Jul"),
        gettext("Aug"),
        gettext("Sep"),
        gettext("Oct"),
        gettext("Nov"),
        gettext("Dec"),
    )
    names = {
        "year": day.year,
        "month": months[day.month - 1],
        "day": day.day,
        "weekday": weekdays[day.weekday()],
    }
    if day.year != today.year:
        return gettext("%(day)s %(month)s %(year)s") % names
    return gettext("%(weekday)s %(day)s %(month)s") % names


def people_date(day: date, today: date, *, inside: bool = False) -> str:
    """今天 · 昨天 · 明天 · 9月3日 周三 · 2025年9月3日. inside: it stands inside a sentence (by today, not by Today)."""
    near = {0: gettext("Today"), -1: gettext("Yesterday"), 1: gettext("Tomorrow")}.get((day - today).days)
    if near is None:
        return _day(day, today)
    return near[0].lower() + near[1:] if inside else near


def people_time(at: datetime | date, now: datetime, *, inside: bool = False) -> str:
    """今天 14:05 · 昨天 09:12 · 明天 18:00 · 9月3日 周三 14:05 within a week · 9月3日 周三 before that.

    at, now: aware datetimes; a plain date is said without an hour; inside: it stands inside a sentence.
    """
    today = localtime(now).date()
    if not isinstance(at, datetime):
        return people_date(at, today, inside=inside)
    local = localtime(at)
    said = people_date(local.date(), today, inside=inside)
    if (local.date() - today).days < -7:
        return said
    return f"{said} {local:%H:%M}"


def due_time(at: datetime, now: datetime) -> str:
    """When something is due, to stand after "by" or "until": by today 18:00.

    Midnight belongs to the day that ends: 12月9日 周三 24:00, not 12月10日 00:00.
    at, now: aware datetimes.
    """
    local = localtime(at)
    if local.time() != time.min:
        return people_time(at, now, inside=True)
    last = local.date() - timedelta(days=1)
    return f"{people_date(last, localtime(now).date(), inside=True)} 24:00"


def exact_time(at: datetime | date) -> str:
    """2026-11-23 14:05:09, local time; a plain date as 2026-11-23."""
    if not isinstance(at, datetime):
        return at.isoformat()
    return f"{localtime(at):%Y-%m-%d %H:%M:%S}"


def span(seconds: int, unit: Unit) -> str:
    """A length of time in its own unit: 3 工作时, 40 分钟, 2 天. Rounded down: never more than is left.

    seconds: counted in that unit (a working day counts its whole 86,400 seconds); the sign is ignored.
    """
    amount = abs(seconds)
    if unit == "working_day" and amount >= DAY:
        days = amount // DAY
        return ngettext("%(n)s working day", "%(n)s working days", days) % {"n": days}
    if amount < MINUTE:
        return gettext("under a minute")
    if amount < HOUR:
        minutes = amount // MINUTE
        if unit == "working_hour":
            return ngettext("%(n)s working minute", "%(n)s working minutes", minutes) % {"n": minutes}
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if unit == "working_hour":
        hours = amount // HOUR
        return ngettext("%(n)s working hour", "%(n)s working hours", hours) % {"n": hours}
    if unit == "calendar_day" and amount >= 2 * DAY or unit == "hour" and amount >= 3 * DAY:
        days = amount // DAY
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    hours = amount // HOUR
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}


def state_word(state: State) -> str:
    """The word that stands beside colour and shape."""
    return {
        "in_time": gettext("In time"),
        "at_risk": gettext("Due soon"),
        "broken": gettext("Overdue"),
        "paused": gettext("Clock paused"),
        "met": gettext("Done in time"),
        "missed": gettext("Done late"),
        "none": gettext("No limit"),
    }[state]


def clock_words(state: State, unit: Unit = "hour", left_seconds: int | None = None) -> str:
    """还剩 3 工作时 · 超 2 工作时 · 暂停计时 · 按时办结.

    left_seconds: counted in `unit`; negative when the time has run out; None when only the state is known.
    """
    if left_seconds is None or state in ("paused", "met", "none"):
        return state_word(state)
    length = {"span": span(left_seconds, unit)}
    if state == "missed":
        return gettext("Late by %(span)s") % length
    if left_seconds < 0 or state == "broken":
        return gettext("%(span)s over") % length
    return gettext("%(span)s left") % length


def seconds_left(due_at: datetime, now: datetime) -> int:
    """Plain seconds from now to due_at, for the two units that tick every second (hour, calendar_day)."""
    return int((due_at - now).total_seconds())
