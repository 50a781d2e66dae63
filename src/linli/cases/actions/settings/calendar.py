"""The community's own working days and hours, laid over the announced ones; running deadlines follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from linli.cases.actions import clocks
from linli.cases.actions.settings import keeping
from linli.cases.models import Case, ClockRow
from linli.cases.rules.intake import Refused, Wrong
from linli.kernel import calendar, live
from linli.kernel.access import Actor

BATCH = 500
FURTHEST_DAYS = 800


def mark_day(*, actor: Actor, community_id: int, day: date, working: bool, note: str, at: datetime) -> int:
    """Make a day worked or closed in one community; returns how many deadlines moved.

    :raises Refused: a day in the past or too far ahead, or too long a note.
    """
    keeping.require(actor, community_id)
    _check_day(day, at)
    if len(note.strip()) > 80:
        raise Refused(Wrong("note", "too_long", "80"))
    with calendar.editing(community_id):
        calendar.mark_day(
            community_id=community_id,
            day=day,
            working=working,
            note=note.strip(),
            set_by_id=actor.account_id,
            at=at,
        )
        moved = recount(community_id, at=at)
        _record(actor, "mark_day", community_id, day, at, {"working": working, "deadlines": moved})
    return moved


def clear_day(*, actor: Actor, community_id: int, day: date, at: datetime) -> int:
    """Leave a day to the announced calendar again; returns how many deadlines moved.

    :raises Refused: a day in the past.
    """
    keeping.require(actor, community_id)
    _check_day(day, at)
    with calendar.editing(community_id):
        calendar.clear_day(community_id=community_id, day=day)
        moved = recount(community_id, at=at)
        _record(actor, "clear_day", community_id, day, at, {"deadlines": moved})
    return moved


def set_hours(
    *,
    actor: Actor,
    community_id: int,
    weekdays: Iterable[int],
    from_date: date,
    spans: Sequence[Sequence[str]],
    at: datetime,
) -> int:
    """Set the office hours of weekdays (Monday is 0) from a day on; no spans: closed.

    :raises Refused: no weekday, a day in the past, or hours that are none.
    """
    keeping.require(actor, community_id)
    keeping.from_day(from_date, at, field="from_date")
    days = sorted(set(weekdays))
    if not days or not set(days) <= set(range(7)):
        raise Refused(Wrong("weekdays", "missing"))
    with calendar.editing(community_id):
        for weekday in days:
            try:
                calendar.set_hours(
                    community_id=community_id,
                    weekday=weekday,
                    from_date=from_date,
                    spans=spans,
                    set_by_id=actor.account_id,
                    at=at,
                )
            except ValueError as error:
                raise Refused(Wrong("spans", "not_hours")) from error
        moved = recount(community_id, at=at)
        detail = {"weekdays": days, "spans": [list(span) for span in spans], "deadlines": moved}
        _record(actor, "set_hours", community_id, from_date, at, detail)
    return moved


def recount(community_id: int, *, at: datetime) -> int:
    """Compute the deadlines of the community's running clocks anew; returns how many cases moved."""
    moved: list[ClockRow] = []
    running = ClockRow.objects.filter(
        community_id=community_id, stopped_at__isnull=True, due_at__isnull=False
    )
    for row in running.iterator(chunk_size=BATCH):
        before = (row.due_at, row.at_risk_at)
        row.due_at, row.at_risk_at = clocks.due(clocks.as_clock(row), community_id)
        if (row.due_at, row.at_risk_at) != before:
            moved.append(row)
    ClockRow.objects.bulk_update(moved, ["due_at", "at_risk_at"], batch_size=BATCH)
    cases = Case.objects.select_for_update(of=("self",)).filter(pk__in={row.case_id for row in moved})
    touched = list(cases)
    for case in touched:
        clocks.next_deadline(case)
    Case.objects.bulk_update(touched, ["due_at", "due_stage", "at_risk_at"], batch_size=BATCH)
    if touched:
        live.touch(f"community:{community_id}", int(at.timestamp() * 1000))
    return len(touched)


def _check_day(day: date, at: datetime) -> None:
    keeping.from_day(day, at, field="day")
    if (day - keeping.today(at)).days > FURTHEST_DAYS:
        raise Refused(Wrong("day", "too_far", str(FURTHEST_DAYS)))


def _record(
    actor: Actor, verb: str, community_id: int, day: date, at: datetime, detail: dict[str, object]
) -> None:
    keeping.record(
        community_id=community_id,
        actor=actor,
        verb=verb,
        thing=f"day:{day.isoformat()}",
        at=at,
        detail=detail,
    )
