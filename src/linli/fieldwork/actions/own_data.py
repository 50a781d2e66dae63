"""A person's own data in the daily work: what is kept of their household, what of their own work; taken along, erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from linli.fieldwork.actions import own_records
from linli.fieldwork.models import CarePlan, HandOver, Patrol, PatrolPoint, Visit
from linli.grids import queries as places
from linli.kernel import access, audit, scope


def held(account_id: int) -> dict[str, object]:
    """Everything the room holds about a person, as plain JSON: visits and plans of their home, their own patrols."""
    with scope.within(places.community_ids()):
        patrols = Patrol.objects.filter(worker_id=account_id).order_by("started_at")
        return {
            "visits_to_my_home": [_visit(row) for row in _at_home(Visit, account_id).order_by("at")],
            "care_for_my_home": [_plan(row) for row in _at_home(CarePlan, account_id).order_by("made_at")],
            "visits_i_made": Visit.objects.filter(worker_id=account_id).count(),
            "patrols_i_made": [_patrol(row) for row in patrols],
            **own_records.held(account_id),
        }


def _at_home(model: Any, account_id: int) -> QuerySet[Any]:
    """Rows about the homes that this person has proved, made while it was theirs."""
    mine = Q(pk__in=[])
    column = "at" if model is Visit else "made_at"
    for home in places.residences_of(account_id):
        if home.bound_at is not None:
            since = Q(**{f"{column}__gte": home.bound_at})
            until = Q(**{f"{column}__lt": home.ended_at}) if home.ended_at else Q()
            mine |= Q(community_id=home.community_id, dwelling_id=home.dwelling.id) & since & until
    found: QuerySet[Any] = model._default_manager.filter(mine)
    return found


def _visit(row: Visit) -> dict[str, Any]:
    return {
        "at": row.at.isoformat(),
        "why": row.purpose,
        "how_it_went": row.outcome,
        "need": row.need,
        "words": row.words or "",
        "come_again": row.follow_up_date and row.follow_up_date.isoformat(),
    }


def _plan(row: CarePlan) -> dict[str, Any]:
    return {
        "need": row.need,
        "every_days": row.every_days,
        "from": row.from_date.isoformat(),
        "until": row.until_date.isoformat(),
        "ground": row.ground,
        "words": row.words or "",
        "ended_at": row.ended_at and row.ended_at.isoformat(),
    }


def _patrol(row: Patrol) -> dict[str, Any]:
    points = PatrolPoint.objects.filter(patrol=row).order_by("at")
    return {
        "started_at": row.started_at.isoformat(),
        "ended_at": row.ended_at and row.ended_at.isoformat(),
        "points": [
            {"at": point.at.isoformat(), "place": point.place_id, "position": point.position or ""}
            for point in points
        ],
    }


def erase(account_id: int, at: datetime) -> None:
    """Take a person's words out of the daily work, in the caller's transaction; before their homes go.

    What was written about their home goes, that somebody was there stays; of their own work where they were goes.
    """
    with scope.within(places.community_ids()):
        touched = set()
        for model in (Visit, CarePlan):
            rows = _at_home(model, account_id)
            touched |= set(rows.values_list("community_id", flat=True))
            rows.update(words=None)
        offered = HandOver.objects.filter(Q(giver_id=account_id) | Q(offered_by_id=account_id))
        own = PatrolPoint.objects.filter(patrol__worker_id=account_id, position__isnull=False)
        for found in (offered, own):
            touched |= set(found.values_list("community_id", flat=True))
        offered.update(words=None)
        own.filter(place__isnull=True).delete()
        own.update(position=None)
        touched |= own_records.erase(account_id)
        for community_id in sorted(touched):
            audit.record(
                community_id=community_id,
                actor=access.Actor(account_id),
                verb="fieldwork.erase_person",
                object=f"account:{account_id}",
                at=at,
            )
