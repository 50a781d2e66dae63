"""What a room full of people looks at together: what happened last, what presses most, who still has a part to do.

Nothing here holds a resident's words or name: a wall is read by whoever passes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Coalesce

from linli.cases.models import Case, ClockRow, Move, Task
from linli.cases.queries.queue import VIEWS
from linli.cases.rules.promises import Urgency
from linli.cases.rules.workflow import State, Verb
from linli.kernel import calendar
from linli.kernel.worktime import Unit

#: Moves between colleagues, and what the machine notes: no news for a wall.
QUIET = frozenset({Verb.NOTE, Verb.ADD, Verb.ARCHIVE, Verb.TRANSFER, Verb.CONTACT, Verb.RATE})
CLOCK_ORDER = (F("due_at").asc(nulls_last=True), "pk")


Seen = QuerySet[Case]  # what somebody may see


@dataclass(frozen=True, slots=True)
class Happening:
    """One move of one case."""

    number: str
    verb: str
    at: datetime
    state: str  # the case became this
    category_code: str
    grid_id: int | None
    building_id: int | None
    organisation_id: int | None  # the body it went to, or which did it
    urgency: str


@dataclass(frozen=True, slots=True)
class Pressing:
    """An open case, as a point on a map or a line in a list."""

    number: str
    state: str
    category_code: str
    urgency: str
    grid_id: int | None
    building_id: int | None
    lon: float | None  # its own, else its building's
    lat: float | None
    organisation_id: int | None
    reported_at: datetime
    due_at: datetime | None
    due_stage: str
    clock: str  # in_time | at_risk | broken | paused | none
    supervised: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What one body still has to do for cases of others."""

    organisation_id: int
    tasks: int
    cases: int
    late: int  # their own promise is past


def latest(seen: Seen, community_id: int, *, since: datetime, limit: int) -> tuple[Happening, ...]:
    """The newest moves of these cases, newest first; one statement.

    :param since: how far back to look at most.
    """
    moves = Move.objects.filter(community_id=community_id, at__gte=since).exclude(verb__in=QUIET)
    moves = moves.filter(case__in=seen, case__quarantined=False).order_by("-at", "-pk")
    columns = ("case__number", "verb", "at", "to_state", "case__category_code", "case__grid_id",
               "case__building_id", "organisation_id", "case__urgency")  # fmt: skip
    return tuple(Happening(*row) for row in moves.values_list(*columns)[:limit])


def pressing(seen: Seen, community_id: int, *, at: datetime, limit: int) -> tuple[Pressing, ...]:
    """Open cases whose promise runs out first, emergencies before all; one statement."""
    found = seen.filter(VIEWS["open"], community_id=community_id, quarantined=False)
    first = ExpressionWrapper(Q(urgency=Urgency.CRITICAL), output_field=BooleanField())
    rows = found.order_by(first.desc(), *CLOCK_ORDER).annotate(
        at_lon=Coalesce("lon", "building__lon"), at_lat=Coalesce("lat", "building__lat")
    ).values_list(
        "number", "state", "category_code", "urgency", "grid_id", "building_id", "at_lon", "at_lat",
        "organisation_id", "reported_at", "due_at", "due_stage", "at_risk_at", "supervised_until",
    )[:limit]  # fmt: skip
    return tuple(_pressing(row, at) for row in rows)


def _pressing(row: tuple[Any, ...], at: datetime) -> Pressing:
    *said, risk_at, supervised_until = row
    clock = _clock(state=said[1], due_at=said[10], risk_at=risk_at, at=at)
    return Pressing(*said, clock, supervised_until is not None)  # type: ignore[call-arg]  # the columns in order


def _clock(*, state: str, due_at: datetime | None, risk_at: datetime | None, at: datetime) -> str:
    if state == State.PAUSED:
        return "paused"
    if due_at is None:
        return "none"
    if at > due_at:
        return "broken"
    return "at_risk" if risk_at is not None and at >= risk_at else "in_time"


def left(cases: Iterable[Pressing], community_id: int, *, at: datetime) -> dict[str, tuple[str, int]]:
    """What is left of the next promise of these cases: its unit and the seconds that tick in it, negative when it is over.

    One statement. By number; cases without a running promise are left out.
    """
    due = {(one.number, one.due_stage): one.due_at for one in cases if one.due_at and one.clock != "paused"}
    running = ClockRow.objects.filter(
        community_id=community_id,
        case__number__in=[number for number, _stage in due],
        stopped_at__isnull=True,
        task__isnull=True,
    )
    days = calendar.load(community_id)
    found = {}
    for number, stage, unit in running.values_list("case__number", "stage", "unit"):
        until = due.get((number, stage))
        if until is not None:
            counted = Unit(unit)
            over = at > until
            seconds = days.counted(counted, until, at) if over else days.counted(counted, at, until)
            found[number] = (unit, -seconds if over else seconds)
    return found


def open_count(seen: Seen, community_id: int) -> int:
    """How many open cases there are."""
    return seen.filter(VIEWS["open"], community_id=community_id, quarantined=False).count()


def parts(seen: Seen, community_id: int, *, at: datetime) -> tuple[Part, ...]:
    """The bodies that still have a part of a case to do, those with most first; one statement."""
    tasks = Task.objects.filter(community_id=community_id, state=Task.State.OPEN, case__in=seen)
    late = Q(clocks__stopped_at__isnull=True, clocks__due_at__lt=at)
    rows = tasks.values("organisation_id").annotate(
        tasks=Count("pk", distinct=True),
        cases=Count("case_id", distinct=True),
        late=Count("pk", filter=late, distinct=True),
    )
    return tuple(Part(**row) for row in rows.order_by("-tasks", "organisation_id"))


@dataclass(frozen=True, slots=True)
class Watched:
    """An open case under supervision."""

    number: str
    category_code: str
    grid_id: int | None
    organisation_id: int | None
    until: datetime


def supervised(seen: Seen, community_id: int, *, limit: int) -> tuple[Watched, ...]:
    """Open cases under supervision, the nearest deadline first; one statement."""
    found = seen.filter(VIEWS["open"], community_id=community_id, supervised_until__isnull=False)
    rows = found.order_by("supervised_until", "pk").values_list(
        "number", "category_code", "grid_id", "organisation_id", "supervised_until"
    )
    return tuple(Watched(*row) for row in rows[:limit])  # type: ignore[arg-type]  # none is null, by the filter


def returned(seen: Seen, community_id: int) -> int:
    """How many cases were sent back and wait for a ruling."""
    return seen.filter(VIEWS["to_rule"], community_id=community_id).count()
