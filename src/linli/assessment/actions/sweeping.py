"""What happens by itself: runs that are due are computed, those nobody appeals against become final."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from linli.assessment.actions import runs
from linli.assessment.models import Appeal, Run, SchemeRow
from linli.assessment.queries import schemes
from linli.assessment.rules.periods import Period, before, last_due
from linli.assessment.rules.runs import Cause, Ruling, State
from linli.grids import queries as grids
from linli.kernel import scope
from linli.kernel.access import SYSTEM

#: So many periods back a run that was missed (nobody worked) is still computed.
CATCH_UP = 5


def compute_due(at: datetime) -> int:
    """Compute every run whose period ended and has settled; safe to run twice. Returns how many were made."""
    made = 0
    for row in SchemeRow.objects.filter(closed_at__isnull=True).order_by("pk"):
        with scope.within([row.community_id]):
            made += _compute(row, at)
    return made


def _compute(row: SchemeRow, at: datetime) -> int:
    missed = list(_missed(row, grids.day_of(at)))
    for since in reversed(missed):  # the oldest first
        runs.compute(
            actor=SYSTEM,
            community_id=row.community_id,
            scheme_id=row.pk,
            since_date=since,
            at=at,
            cause=Cause.DUE,
        )
    return len(missed)


def _missed(row: SchemeRow, today: date) -> Iterator[date]:
    """The periods that are due and have no run, the newest first."""
    held = schemes.version_on(row.pk, today)
    if held is None:
        return
    period = Period(row.period)
    since, _ = last_due(period, today, held.says.get("settling_days", 0))
    for _ in range(CATCH_UP):
        there = Run.objects.filter(community_id=row.community_id, scheme_id=row.pk, since_date=since)
        if there.exists() or schemes.version_on(row.pk, since) is None:
            return
        yield since
        since, _ = before(period, since)


def finish_due(at: datetime) -> int:
    """Let runs become final whose time for appeals is over and whose appeals are all decided."""
    done = 0
    due = Run.objects.filter(state=State.ANNOUNCED.value, appeals_until__lte=at)
    for community_id in grids.communities_with(due):
        with scope.within([community_id]):
            for run in due.filter(community_id=community_id):
                waiting = Appeal.objects.filter(
                    run__scheme_id=run.scheme_id, run__since_date=run.since_date, state=Ruling.OPEN.value
                )
                if not waiting.exists():
                    runs.finalise(actor=SYSTEM, run_id=run.pk, at=at)
                    done += 1
    return done
