"""The working calendar of a community: its own days and hours laid over the announced ones.

A calendar is read once a minute and process, so creating a case costs no statement for it. An edit made
through this module shows at once in its own process and within a minute in the others.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from datetime import time as day_time

from django.db import transaction
from django.db.models import Q

from linli.kernel.models import CalendarDay, WorkHours
from linli.kernel.worktime import (
    SHANGHAI,
    UNIT_SECONDS,
    DayKind,
    OfficeHours,
    Span,
    Stretch,
    Unit,
    Why,
    WorkCalendar,
    whole_second,
)

__all__ = [
    "UNIT_SECONDS",
    "DayKind",
    "OfficeHours",
    "Stretch",
    "Unit",
    "Why",
    "WorkCalendar",
    "clear_day",
    "editing",
    "forget",
    "load",
    "mark_day",
    "parse_spans",
    "set_hours",
    "whole_second",
]

KEPT_SECONDS = 60.0

_kept: dict[int, tuple[float, WorkCalendar]] = {}


def load(community_id: int) -> WorkCalendar:
    """The calendar of a community; two statements at most once a minute."""
    kept = _kept.get(community_id)
    if kept is not None and time.monotonic() < kept[0]:
        return kept[1]
    calendar = WorkCalendar(local_days=_local_days(community_id), office_hours=_office_hours(community_id))
    _kept[community_id] = time.monotonic() + KEPT_SECONDS, calendar
    return calendar


def forget(community_id: int | None) -> None:
    """Read the calendar anew next time; None, the rows of all communities, forgets every calendar."""
    if community_id is None:
        _kept.clear()
    else:
        _kept.pop(community_id, None)


@contextmanager
def editing(community_id: int | None) -> Iterator[None]:
    """A transaction that edits the calendar: forgotten at its end, whether it holds or is rolled back.

    What comes after the edit in the same transaction reads the edit; an action that goes on to use the calendar
    wraps all of it.
    """
    try:
        with transaction.atomic():
            yield
            transaction.on_commit(lambda: forget(community_id))
    finally:
        forget(community_id)


def mark_day(
    *, community_id: int | None, day: date, working: bool, note: str, set_by_id: int | None, at: datetime
) -> None:
    """Make a day worked or not, for one community or (None) for all."""
    with editing(community_id):
        CalendarDay.objects.update_or_create(
            community_id=community_id,
            date=day,
            defaults={"working": working, "note": note, "set_by_id": set_by_id, "set_at": at},
        )


def clear_day(*, community_id: int | None, day: date) -> None:
    """Leave a day to the announced calendar again."""
    with editing(community_id):
        CalendarDay.objects.filter(community_id=community_id, date=day).delete()


def set_hours(
    *,
    community_id: int | None,
    weekday: int,
    from_date: date,
    spans: Sequence[Sequence[str]],
    set_by_id: int | None,
    at: datetime,
) -> None:
    """Set the office hours of a weekday (Monday is 0) from a day on; no spans: closed.

    :param spans: pairs of local times, ``[["09:00", "12:00"], ["13:30", "17:30"]]``; an end may be "24:00".
    :raises ValueError: spans that are no times, out of order or overlapping, or a week without any office hour.
    """
    checked = OfficeHours(weekday, from_date, parse_spans(spans))
    with editing(community_id):
        WorkHours.objects.update_or_create(
            community_id=community_id,
            weekday=weekday,
            from_date=from_date,
            defaults={
                "spans": [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in checked.spans],
                "set_by_id": set_by_id,
                "set_at": at,
            },
        )
        forget(community_id)
        # With no office hour left, working hours never tick: no promise in them could ever be due.
        load(community_id or 0).next_office_moment(datetime.combine(from_date, day_time(0), tzinfo=SHANGHAI))


def parse_spans(spans: Iterable[Sequence[str]]) -> tuple[Span, ...]:
    """Stored spans as times; "24:00" becomes midnight.

    :raises ValueError: something that is no pair of times.
    """
    return tuple((_parse_time(start), _parse_time(end)) for start, end in spans)


def _parse_time(text: str) -> day_time:
    return day_time(0) if text == "24:00" else day_time.fromisoformat(text)


def _local_days(community_id: int) -> dict[date, bool]:
    rows = CalendarDay.objects.filter(Q(community_id=community_id) | Q(community_id=None))
    everybodys_first = sorted(rows, key=lambda row: row.community_id is not None)
    return {row.date: row.working for row in everybodys_first}


def _office_hours(community_id: int) -> tuple[OfficeHours, ...]:
    """The community's versions, and everybody's versions of each weekday until the community's first one."""
    rows = list(WorkHours.objects.filter(Q(community_id=community_id) | Q(community_id=None)))
    own_since: dict[int, date] = {}
    for row in rows:
        if row.community_id is not None:
            own_since[row.weekday] = min(row.from_date, own_since.get(row.weekday, date.max))
    return tuple(
        OfficeHours(row.weekday, row.from_date, parse_spans(row.spans))
        for row in rows
        if row.community_id is not None or row.from_date < own_since.get(row.weekday, date.max)
    )
