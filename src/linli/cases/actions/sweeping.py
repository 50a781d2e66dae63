"""When the time comes: what is broken or nearly so is said, the ladder is climbed, letters fall due, pauses end.

One pass a community, in batches of locked rows (SKIP LOCKED), looped until nothing is left: two workers share the work,
and a second pass over the same moment finds nothing. What rings people waits for the morning, unless the case is critical.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from linli.cases.actions import climbing, pauses
from linli.cases.actions.house import BATCH
from linli.cases.events import LetterOverdue, PromiseAtRisk, PromiseBroken
from linli.cases.models import ClockRow, Supervision
from linli.cases.rules import quiet
from linli.cases.rules.promises import Urgency
from linli.grids import queries as places
from linli.kernel import events, live, scope
from linli.kernel.clock import LOCAL

Batch = Callable[[int, datetime, bool], int]


def sweep(at: datetime) -> int:
    """Everything that is due, community by community; returns how many rows were dealt with."""
    return sum(sweep_community(one, at) for one in places.communities_with(*_due(at)))


def sweep_community(community_id: int, at: datetime) -> int:
    """Everything that is due in one community."""
    with scope.within([community_id]):
        there = [one.filter(community_id=community_id).exists() for one in _due(at)]
        if not any(there):
            return 0
        hush = is_quiet(community_id, at)
        wanted = [batch for batch, found in zip(BATCHES, there, strict=True) if found]
        return sum(_until_none_is_left(batch, community_id, at, hush) for batch in wanted)


def is_quiet(community_id: int, at: datetime) -> bool:
    """Whether people are left alone now, by the community's own quiet hours."""
    return quiet.is_quiet(str(places.setting(community_id, "quiet_hours", at)), at.astimezone(LOCAL))


def rings_at(community_id: int, at: datetime) -> datetime:
    """When people may next be rung: at once, or when the community's quiet hours end."""
    return quiet.rings_at(str(places.setting(community_id, "quiet_hours", at)), at.astimezone(LOCAL))


def _until_none_is_left(batch: Batch, community_id: int, at: datetime, hush: bool) -> int:
    done = 0
    while True:
        with transaction.atomic():
            dealt = batch(community_id, at, hush)
            if dealt:
                live.touch(f"community:{community_id}", int(at.timestamp() * 1000))
        done += dealt
        if dealt < BATCH:
            return done


def _due(at: datetime) -> tuple[QuerySet[Any], ...]:
    """What is due of each of the `BATCHES`, in the communities entered; each found by its own index."""
    return pauses.due(at), _broken(at), _at_risk(at), climbing.due(at), _letters(at)


def _broken(at: datetime) -> QuerySet[ClockRow]:
    return ClockRow.objects.filter(stopped_at__isnull=True, broken_at__isnull=True, due_at__lt=at)


def _at_risk(at: datetime) -> QuerySet[ClockRow]:
    return ClockRow.objects.filter(stopped_at__isnull=True, reminded_at__isnull=True, at_risk_at__lte=at)


def _letters(at: datetime) -> QuerySet[Supervision]:
    return Supervision.objects.filter(
        ended_at__isnull=True, answered_at__isnull=True, overdue_at__isnull=True, due_at__lt=at
    )


def _claimed(found: QuerySet[ClockRow], hush: bool, order: str) -> list[ClockRow]:
    """The next rows of a batch, nobody else's, with what a fact says of them."""
    if hush:
        found = found.filter(case__urgency=Urgency.CRITICAL)
    mine = found.select_for_update(skip_locked=True, of=("self",)).select_related("case", "task")
    read = ("stage", "due_at", "case__number", "case__organisation_id", "task__organisation_id")
    return list(mine.only(*read).order_by(order)[:BATCH])


def break_batch(community_id: int, at: datetime, hush: bool) -> int:
    """Say, once, of promises that have just been broken. That is a fact of the house: it rings nobody by itself."""
    late = _claimed(_broken(at).filter(community_id=community_id), False, "due_at")
    ClockRow.objects.filter(pk__in=[row.pk for row in late]).update(broken_at=at)
    events.publish(
        *[
            PromiseBroken(community_id, row.case.number, at, row.stage, row.due_at or at, _whose(row))
            for row in late
        ]
    )
    return len(late)


def remind_batch(community_id: int, at: datetime, hush: bool) -> int:
    """Say, once, of promises of which little is left; of those broken meanwhile there is nothing to remind."""
    near = _claimed(_at_risk(at).filter(community_id=community_id), hush, "at_risk_at")
    ClockRow.objects.filter(pk__in=[row.pk for row in near]).update(reminded_at=at)
    events.publish(
        *[
            PromiseAtRisk(community_id, row.case.number, at, row.stage, row.due_at, _whose(row))
            for row in near
            if row.due_at is not None and row.due_at >= at
        ]
    )
    return len(near)


def _whose(row: ClockRow) -> int | None:
    return row.task.organisation_id if row.task_id and row.task else row.case.organisation_id


def letter_batch(community_id: int, at: datetime, hush: bool) -> int:
    """Say, once, of letters that were not answered by their day."""
    found = _letters(at).filter(community_id=community_id)
    if hush:
        found = found.filter(case__urgency=Urgency.CRITICAL)
    mine = found.select_for_update(skip_locked=True, of=("self",)).select_related("case")
    late = list(mine.only("kind", "due_at", "organisation_id", "case__number").order_by("due_at")[:BATCH])
    Supervision.objects.filter(pk__in=[one.pk for one in late]).update(overdue_at=at)
    events.publish(
        *[
            LetterOverdue(
                community_id, one.case.number, at, one.pk, one.kind, one.due_at, one.organisation_id
            )
            for one in late
        ]
    )
    return len(late)


#: In this order: a pause that ends may show a promise at risk, and what is broken is said before a rung is climbed for it.
BATCHES: tuple[Batch, ...] = (pauses.batch, break_batch, remind_batch, climbing.batch, letter_batch)
