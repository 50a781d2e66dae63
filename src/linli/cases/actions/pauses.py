"""Pauses and hangs that were granted until a day: when it comes the work goes on by itself, and so does the clock."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from linli.cases.actions import clocks, house
from linli.cases.actions.clocks import TIMED
from linli.cases.actions.house import BATCH, Deed
from linli.cases.models import Case, ClockRow, Request
from linli.cases.rules.workflow import State, Verb
from linli.kernel.postgres import many

WAITS = (Request.Kind.PAUSE.value, Request.Kind.HANG.value)


def due(at: datetime) -> QuerySet[Request]:
    """The last granted pause of each paused case, where its day has passed, in the communities entered."""
    later = Request.objects.filter(
        case_id=OuterRef("case_id"), granted=True, kind__in=WAITS, decided_at__gt=OuterRef("decided_at")
    )
    return Request.objects.filter(
        ~Exists(later),
        granted=True,
        kind__in=WAITS,
        until__lte=at,
        case__state=State.PAUSED.value,
    )


def batch(community_id: int, at: datetime, hush: bool) -> int:
    """Let up to `BATCH` cases go on, each from the moment until which it was to wait; returns how many did."""
    here = due(at).filter(community_id=community_id)
    over = Case.objects.filter(pk__in=here.values("case_id"), state=State.PAUSED.value)
    mine = over.select_for_update(skip_locked=True, of=("self",)).only(*house.LIGHT).order_by("pk")[:BATCH]
    locked = {case.pk: case for case in mine}
    # Asked again once they are ours: somebody may have paused one anew meanwhile.
    until = {one.case_id: one.until or at for one in here.filter(case_id__in=locked)}
    cases = {pk: case for pk, case in locked.items() if pk in until}
    running = ClockRow.objects.filter(case_id__in=cases, stopped_at__isnull=True, task__isnull=True)
    of_case: dict[int, list[ClockRow]] = defaultdict(list)
    for row in running.order_by("pk"):
        clocks.close_pause(row, min(until[row.case_id], at))
        clocks.retimed(row)
        of_case[row.case_id].append(row)
    many.update([row for rows in of_case.values() for row in rows], TIMED)
    deeds = [_goes_on(case, of_case[case.pk], at) for case in cases.values()]
    many.update(list(cases.values()), ["version", "state", "state_at", "due_at", "due_stage", "at_risk_at"])
    house.record(deeds, community_id=community_id, at=at)
    return len(cases)


def _goes_on(case: Case, rows: list[ClockRow], at: datetime) -> Deed:
    before = State(case.state)
    case.version += 1
    case.state, case.state_at = State.HANDLING.value, at
    clocks.first_of(case, rows)
    return Deed(case, Verb.RESUME, before, case.version, {"by_itself": True})
