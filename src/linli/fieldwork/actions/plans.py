"""Plans of care: made on a ground, ended by a person or by their last day."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from linli.fieldwork import access
from linli.fieldwork.events import CarePlanEnded, CarePlanMade
from linli.fieldwork.models import CarePlan, CareTurn, Visit
from linli.fieldwork.rules import due
from linli.fieldwork.rules import visits as rules
from linli.fieldwork.rules.words import PlanEnd
from linli.grids import queries as places
from linli.kernel import audit, events
from linli.kernel.access import Actor
from linli.kernel.refusals import Refused, Wrong


def plan(
    *, actor: Actor, planned: rules.Planned, key: UUID, at: datetime, worker_id: int | None = None
) -> CarePlan:
    """Look in on a household from a day on; the same key again gives what it made the first time.

    :param worker_id: who does it; without it the actor.
    :raises NotFound: a household that the actor may not know of.
    :raises Refused: see `rules.visits.wrong_plan`; need: planned_already; worker: not_in_team.
    """
    home = access.find_household(actor, planned.dwelling_id, at)
    community_id, worker = home.grid.community_id, worker_id or actor.person_id
    health_on = bool(places.setting(community_id, "care_health", at))
    found = [*rules.wrong_plan(planned, today=places.day_of(at), health_on=health_on, leads=home.reach.leads)]
    if worker not in access.team_of(home.grid, at):
        found.append(Wrong("worker", "not_in_team"))
    if found:
        raise Refused(*found)
    said = {
        field: getattr(planned, field)
        for field in ("need", "every_days", "from_date", "until_date", "ground")
    }
    try:
        with transaction.atomic():
            row, fresh = CarePlan.objects.get_or_create(
                community_id=community_id,
                key=key,
                defaults={
                    **said,
                    "dwelling_id": home.dwelling.id,
                    "grid_id": home.grid.id,
                    "words": planned.words.strip() or None,
                    "worker_id": worker,
                    "made_by_id": actor.account_id,
                    "made_at": at,
                    "due_date": planned.from_date,
                },
            )
            if fresh:
                CareTurn.objects.create(
                    community_id=community_id, plan=row, worker_id=worker, from_date=planned.from_date
                )
                detail = {"every_days": row.every_days, "ground": row.ground, "grid": home.grid.code}
                _record(actor, "fieldwork.plan_care", row, at, detail)
                events.publish(CarePlanMade(community_id, row.pk, row.grid_id, worker, at))
    except IntegrityError as problem:
        raise Refused(Wrong("need", "planned_already")) from problem
    return row


def end(*, actor: Actor, plan_id: int, why: PlanEnd, at: datetime) -> CarePlan:
    """It is over: nothing is due any more. Twice is not found.

    :raises NotFound: absent, ended, or not the actor's affair.
    """
    with transaction.atomic():
        row, _home = access.find_plan(actor, plan_id, at, lock=True)
        _end(row, actor, why, at)
    return row


def _end(row: CarePlan, actor: Actor, why: PlanEnd, at: datetime) -> None:
    row.ended_at, row.ended_why, row.due_date = at, why.value, None
    row.version += 1
    row.save(update_fields=["ended_at", "ended_why", "due_date", "version"])
    _record(actor, "fieldwork.end_care", row, at, {"why": why.value})
    events.publish(CarePlanEnded(row.community_id, row.pk, row.grid_id, row.worker_id, at, why.value))


def end_over(actor: Actor, community_id: int, at: datetime) -> int:
    """End the plans of a community entered whose last day has passed; returns how many."""
    with transaction.atomic():
        over = CarePlan.objects.select_for_update(skip_locked=True).filter(
            community_id=community_id, ended_at__isnull=True, until_date__lt=places.day_of(at)
        )
        ended = list(over)
        for row in ended:
            _end(row, actor, PlanEnd.RAN_OUT, at)
    return len(ended)


def renew_due(row: CarePlan) -> None:
    """Work out anew which day is due next, from the visits that count."""
    row.due_date = due.next_after(span(row), met_days(row))
    row.save(update_fields=["due_date"])


def hand(row: CarePlan, worker_id: int, day: date) -> None:
    """From this day on it is another worker's, in the caller's transaction."""
    row.worker_id = worker_id
    row.version += 1
    row.save(update_fields=["worker", "version"])
    CareTurn.objects.update_or_create(
        community_id=row.community_id, plan=row, from_date=day, defaults={"worker_id": worker_id}
    )


def span(row: CarePlan) -> due.Span:
    """The plan as its days need it."""
    ended = places.day_of(row.ended_at) if row.ended_at else None
    return due.Span(row.from_date, row.until_date, row.every_days, ended)


def met_days(row: CarePlan) -> list[date]:
    """The days on which a visit for this plan met somebody."""
    found = Visit.objects.filter(plan=row, outcome__in=rules.KEEPS_DUE, struck_at__isnull=True)
    return [places.day_of(at) for at in found.values_list("at", flat=True)]


def _record(actor: Actor, verb: str, row: CarePlan, at: datetime, detail: dict[str, object]) -> None:
    audit.record(
        community_id=row.community_id,
        actor=actor,
        verb=verb,
        object=f"care_plan:{row.pk}",
        at=at,
        detail=detail,
    )
