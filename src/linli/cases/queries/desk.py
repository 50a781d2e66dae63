"""The list of the workbench: rows with the clock that runs out next, and tabs with their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from linli.cases import access
from linli.cases.models import Case, ClockRow, SavedFilter, Task
from linli.cases.queries import queue
from linli.cases.rules.desk_tabs import Tab
from linli.cases.rules.workflow import ENDED, State
from linli.kernel import calendar
from linli.kernel.access import Actor
from linli.kernel.worktime import Unit


@dataclass(frozen=True, slots=True)
class RowClock:
    """The promise of a case that runs out next: how it stands and what is left, in its own unit."""

    stage: str
    state: str  # in_time | at_risk | broken | paused | none
    unit: str = Unit.HOUR.value
    left: int | None = None  # ticking seconds; negative once broken
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the list."""

    case: Case
    clock: RowClock


def rows(cases: Sequence[Case], *, at: datetime) -> tuple[Row, ...]:
    """These cases with their clocks, in one statement more."""
    running = ClockRow.objects.filter(
        case_id__in=[case.pk for case in cases], stopped_at__isnull=True, task__isnull=True
    ).only("case_id", "stage", "unit")
    units = {(row.case_id, row.stage): row.unit for row in running}
    return tuple(Row(case, _clock(case, units.get((case.pk, case.due_stage), ""), at)) for case in cases)


def _clock(case: Case, unit: str, at: datetime) -> RowClock:
    if case.state == State.PAUSED:
        return RowClock(case.due_stage, "paused")
    if case.due_at is None or (State(case.state) in ENDED and not unit):
        return RowClock("", "none")
    counted = Unit(unit or Unit.HOUR.value)
    days = calendar.load(case.community_id)
    if at > case.due_at:
        over = days.counted(counted, case.due_at, at)
        return RowClock(case.due_stage, "broken", counted.value, -over, case.due_at)
    left = days.counted(counted, at, case.due_at)
    risk = case.at_risk_at is not None and at >= case.at_risk_at
    return RowClock(case.due_stage, "at_risk" if risk else "in_time", counted.value, left, case.due_at)


def seen(actor: Actor, community_id: int) -> QuerySet[Case]:
    """What the actor sees of one community on the workbench."""
    return access.staff_view(actor).filter(community_id=community_id)


def of_tab(cases: QuerySet[Case], tab: Tab, actor: Actor, community_id: int) -> QuerySet[Case]:
    """Those of the cases that a tab about oneself keeps."""
    return cases.filter(_whose(tab, actor, community_id)) if tab.whose else cases


def counts(actor: Actor, community_id: int, tabs: Iterable[Tab], *, at: datetime) -> dict[str, int]:
    """How many cases each tab holds, in one statement; "all" is not counted."""
    own = {tab.key: _whose(tab, actor, community_id) for tab in tabs if tab.whose}
    return queue.counts(seen(actor, community_id), at=at, more=own)


def _whose(tab: Tab, actor: Actor, community_id: int) -> Q:
    if tab.whose == "tasks":
        bodies = actor.organisations(community_id)
        open_ = Task.objects.filter(organisation_id__in=bodies, state=Task.State.OPEN)
        return Q(pk__in=open_.values("case_id"))
    return Q(handler_id=actor.account_id)


def saved_filters(actor: Actor, community_id: int) -> list[SavedFilter]:
    """The actor's own filters here, by name."""
    if actor.account_id is None:
        return []
    found = SavedFilter.objects.filter(account_id=actor.account_id, community_id=community_id)
    return list(found.order_by("name"))
