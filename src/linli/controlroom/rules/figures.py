"""What a figure is: a value with its parts, its moment, its definition, and the way to its rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

NONE = "-"  # the group of the cases that have no such thing: no body, no category, no grid
LONGEST_DAYS = 1100  # a period that people ask for; three years


class By(StrEnum):
    """By what a figure is broken down."""

    ORGANISATION = "organisation"
    CATEGORY = "category"  # its top branch
    GRID = "grid"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


IN_TIME = frozenset({By.DAY, By.WEEK, By.MONTH})


class Part(StrEnum):
    """Which of a figure's cases are wanted."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    EXCLUDED = "excluded"


class BadFigure(Exception):
    """There is no such figure, part, breakdown or period; ``field`` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment up to and without another."""

    code: str  # today | yesterday | week | month | last_month | quarter | year | days
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as of a moment. ``value`` is None where there is nothing to measure."""

    code: str
    value: float | None
    unit: str  # share | cases | hours | days | points | people
    numerator: int | None
    denominator: int | None
    excluded: int
    at: datetime
    definition: (
        str  # id of the dated definition used, "shipped" for ours; empty where there is nothing to decide
    )
    group: str = ""  # key of the breakdown: organisation id, category code, first day …
    reasons: tuple[tuple[str, int], ...] = ()  # why cases are excluded, and how many for each reason
    marks: tuple[
        str, ...
    ] = ()  # what a reader must know: below_floor:<code>, rescaled:<code>, not_measured:<code>


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)


def named_period(code: str, at: datetime, zone: tzinfo) -> Period:
    """A period people name, as it stands at a moment; it ends with the day (week, month) it is in.

    :param zone: of the community's days.
    :raises BadFigure: period, for a name we do not know.
    """
    day = at.astimezone(zone).date()
    month = day.replace(day=1)
    start, end = {
        "today": (day, day + timedelta(days=1)),
        "yesterday": (day - timedelta(days=1), day),
        "week": (day - timedelta(days=6), day + timedelta(days=1)),
        "days30": (day - timedelta(days=29), day + timedelta(days=1)),
        "month": (month, next_month(month)),
        "last_month": (next_month(month, -1), month),
        "quarter": (next_month(month, -((month.month - 1) % 3)), next_month(month, 3 - (month.month - 1) % 3)),
        "year": (month.replace(month=1), month.replace(year=month.year + 1, month=1)),
    }.get(code, (None, None))  # fmt: skip
    if start is None or end is None:
        raise BadFigure("period")
    return Period(code, _midnight(start, zone), _midnight(end, zone))


def period_of_days(first: date, last: date, zone: tzinfo) -> Period:
    """From the first day to the last, both whole.

    :raises BadFigure: period, when it is empty or longer than three years.
    """
    if last < first or (last - first).days >= LONGEST_DAYS or first.year < 2000 or last.year > 2099:
        raise BadFigure("period")
    return Period("days", _midnight(first, zone), _midnight(last + timedelta(days=1), zone))


def next_month(first: date, months: int = 1) -> date:
    """The first day of the month so many months on (or back)."""
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def buckets(period: Period, by: By, zone: tzinfo) -> tuple[Period, ...]:
    """The days, weeks (from Monday) or months of a period in order; the first and last may be cut by the period."""
    day = first_day(period.start.astimezone(zone).date(), by)
    found = []
    while (start := _midnight(day, zone)) < period.end:
        following = _following(day, by)
        end = _midnight(following, zone)
        found.append(Period(day.isoformat(), max(start, period.start), min(end, period.end)))
        day = following
    return tuple(found)


def bucket(period: Period, by: By, group: str, zone: tzinfo) -> Period:
    """The one of these buckets that begins on this day.

    :raises BadFigure: group, when the period has none of that day.
    """
    for one in buckets(period, by, zone):
        if one.code == group:
            return one
    raise BadFigure("group")


def first_day(day: date, by: By) -> date:
    """The day on which the day's week or month begins."""
    if by is By.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if by is By.MONTH else day


def _following(day: date, by: By) -> date:
    if by is By.MONTH:
        return next_month(day)
    return day + timedelta(days=7 if by is By.WEEK else 1)


def median(values: Iterable[float]) -> float | None:
    """The middle value, between the two middle ones of an even number; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
