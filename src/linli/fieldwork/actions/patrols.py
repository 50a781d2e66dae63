"""Patrols: begun and ended by the worker; where they were only if the worker sends it, and only for some days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Max, QuerySet

from linli.cases.actions.intake_write import Receipt
from linli.cases.actions.report import report as take_in
from linli.cases.queries import steps as cases
from linli.cases.rules.intake import Report
from linli.fieldwork import access
from linli.fieldwork.events import PatrolEnded, PatrolStarted
from linli.fieldwork.models import Patrol, PatrolFinding, PatrolPoint
from linli.fieldwork.rules import patrols as rules
from linli.fieldwork.rules.words import PatrolEnd
from linli.grids import queries as places
from linli.kernel import audit, events
from linli.kernel.access import SYSTEM, Actor, Forbidden, NotFound
from linli.kernel.refusals import Refused, Wrong


def start(*, actor: Actor, grid_id: int, key: UUID, at: datetime) -> Patrol:
    """Begin a patrol of a grid; the one that is open already is given back.

    :raises NotFound: not a grid where the actor works.
    """
    grid, _reach = access.find_grid(actor, grid_id, at)
    open_ = current(grid.community_id, actor.person_id)
    if open_ is not None:
        return open_
    try:
        with transaction.atomic():
            row, fresh = Patrol.objects.get_or_create(
                community_id=grid.community_id,
                key=key,
                defaults={"grid_id": grid.id, "worker_id": actor.person_id, "started_at": at},
            )
            if fresh:
                _record(actor, "fieldwork.start_patrol", row, at, {"grid": grid.code})
                events.publish(PatrolStarted(row.community_id, row.pk, grid.id, row.worker_id, at))
    except IntegrityError:  # another click was faster
        found = current(grid.community_id, actor.person_id)
        if found is None:
            raise
        return found
    if row.worker_id != actor.account_id:
        raise Refused(Wrong("key", "used"))
    return row


def current(community_id: int, account_id: int) -> Patrol | None:
    """The patrol that somebody has open now."""
    return Patrol.objects.filter(
        community_id=community_id, worker_id=account_id, ended_at__isnull=True
    ).first()


def end(*, actor: Actor, patrol_id: int, at: datetime) -> Patrol:
    """End it. Twice changes nothing.

    :raises NotFound: not the actor's own.
    """
    with transaction.atomic():
        row = access.find_patrol(actor, patrol_id, lock=True)
        if row.ended_at is None:
            _end(row, actor, PatrolEnd.WORKER, at, at)
    return row


def _end(row: Patrol, actor: Actor, how: PatrolEnd, ended_at: datetime, at: datetime) -> None:
    row.ended_at, row.ended_how = ended_at, how.value
    row.save(update_fields=["ended_at", "ended_how"])
    findings = PatrolFinding.objects.filter(patrol=row).count()
    _record(actor, "fieldwork.end_patrol", row, at, {"how": how.value, "findings": findings})
    told = row.grid_id, row.worker_id, at, how.value, findings
    events.publish(PatrolEnded(row.community_id, row.pk, *told))


def tick(*, actor: Actor, patrol_id: int, place_id: int, at: datetime) -> None:
    """Note that a place of the grid was seen.

    :raises NotFound: not the actor's own patrol, or no place of its grid.
    :raises Forbidden: patrol_over.
    """
    with transaction.atomic():
        row = _open(actor, patrol_id)
        place = places.place(place_id)
        grid = places.place(row.grid_id)
        if place is None or grid is None or not place.path.startswith(grid.path):
            raise NotFound
        PatrolPoint.objects.create(community_id=row.community_id, patrol=row, at=at, place_id=place.id)
        _count(row, 1)


def send_positions(*, actor: Actor, patrol_id: int, positions: Sequence[rules.Position], at: datetime) -> int:
    """Keep where the worker was, as the worker's phone sent it; the same moment again changes nothing.

    :returns: how many are new.
    :raises NotFound: not the actor's own.
    :raises Forbidden: patrol_over: no position is taken outside a patrol.
    :raises Refused: positions: too_many.
    """
    with transaction.atomic():
        row = _open(actor, patrol_id)
        sound = [
            one
            for one in positions
            if rules.may_be_kept(one, started_at=row.started_at, ended_at=row.ended_at, at=at)
        ]
        if row.points + len(sound) > rules.POINTS_MOST:
            raise Refused(Wrong("positions", "too_many"))
        before = PatrolPoint.objects.filter(patrol=row).count()
        PatrolPoint.objects.bulk_create(
            [
                PatrolPoint(community_id=row.community_id, patrol=row, at=one.at, position=one.written())
                for one in sound
            ],
            ignore_conflicts=True,
        )
        fresh = PatrolPoint.objects.filter(patrol=row).count() - before
        _count(row, fresh)
    return fresh


def _open(actor: Actor, patrol_id: int) -> Patrol:
    row = access.find_patrol(actor, patrol_id, lock=True)
    if row.ended_at is not None:
        raise Forbidden("patrol_over")
    return row


def _count(row: Patrol, fresh: int) -> None:
    Patrol.objects.filter(pk=row.pk).update(points=F("points") + fresh)


def find(*, actor: Actor, patrol_id: int, told: Report, key: str, at: datetime, network: str = "") -> Receipt:
    """Make a case of what was found on the spot: the case and its line of the patrol, both or neither.

    :raises NotFound: not the actor's own.
    :raises Forbidden: patrol_over.
    :raises linli.cases.rules.intake.Refused: see `cases.actions.report`.
    """
    with transaction.atomic():
        row = _open(actor, patrol_id)
        receipt = take_in(
            actor=actor, community_id=row.community_id, report=told, at=at, key=key, network=network
        )
        PatrolFinding.objects.get_or_create(
            community_id=row.community_id,
            patrol=row,
            case_id=cases.id_of(row.community_id, receipt.number),
            defaults={"at": at},
        )
    return receipt


def wipe(*, actor: Actor, patrol_id: int, at: datetime) -> Patrol:
    """Delete every position of a patrol. That it was made, and what it found, stays.

    :raises NotFound: not the actor's own.
    """
    with transaction.atomic():
        row = access.find_patrol(actor, patrol_id, lock=True)
        gone = _wipe(PatrolPoint.objects.filter(patrol=row, position__isnull=False))
        if row.wiped_at is None:
            row.wiped_at = at
            row.save(update_fields=["wiped_at"])
        _record(actor, "fieldwork.wipe_patrol", row, at, {"positions": gone})
    return row


def _wipe(found: QuerySet[PatrolPoint]) -> int:
    """Without their positions; what was nothing but a position goes whole. Returns how many lost one."""
    gone, _tables = found.filter(place__isnull=True).delete()
    return gone + found.update(position=None)


def sweep_community(community_id: int, at: datetime) -> int:
    """Of a community entered: end what was forgotten, wipe positions kept long enough; returns how many of both."""
    wanted = places.settings(community_id, at)
    hours, days = int(wanted["patrol_hours"].value), int(wanted["patrol_days"].value)
    done = 0
    with transaction.atomic():
        for row in Patrol.objects.select_for_update(skip_locked=True).filter(
            community_id=community_id, ended_at__isnull=True
        ):
            last = _last(row)
            if rules.is_forgotten(row.started_at, last, at, hours):
                _end(row, SYSTEM, PatrolEnd.FORGOTTEN, last or row.started_at, at)
                done += 1
        old = PatrolPoint.objects.filter(
            community_id=community_id, position__isnull=False, at__lt=at - timedelta(days=days)
        )
        patrols = set(old.values_list("patrol_id", flat=True))
        done += _wipe(old)
        Patrol.objects.filter(pk__in=patrols).update(wiped_at=at)
    return done


def _last(row: Patrol) -> datetime | None:
    point = PatrolPoint.objects.filter(patrol=row).aggregate(last=Max("at"))["last"]
    finding = PatrolFinding.objects.filter(patrol=row).aggregate(last=Max("at"))["last"]
    return max(filter(None, (point, finding)), default=None)


def _record(actor: Actor, verb: str, row: Patrol, at: datetime, detail: dict[str, object]) -> None:
    audit.record(
        community_id=row.community_id, actor=actor, verb=verb, object=f"patrol:{row.pk}", at=at, detail=detail
    )
