"""A worker's day: what is due, by whom it was promised, what waits. Everything by right, nothing sealed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max, Q, QuerySet

from linli.fieldwork import access
from linli.fieldwork.access import Reach
from linli.fieldwork.models import CarePlan, HandOver, Visit
from linli.fieldwork.queries import doors
from linli.grids import queries as places

AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A visit that a care plan asks for. ``last_at``: when somebody was met there for it; ``for_id`` whose plan it is."""

    id: int
    dwelling_id: int
    door: str
    need: str
    due_date: date | None
    every_days: int
    last_at: datetime | None
    for_id: int
    days: int  # from today until it is due; negative: since

    @property
    def over(self) -> int:
        """Since how many days it is due."""
        return max(0, -self.days)


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A visit that was promised for a day."""

    id: int
    dwelling_id: int
    door: str
    purpose: str
    follow_up_date: date
    days: int

    @property
    def over(self) -> int:
        """Since how many days it is due."""
        return max(0, -self.days)


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A hand-over that waits."""

    id: int
    grid: str
    giver_id: int
    receiver_id: int
    offered_at: datetime


def plans_due(reach: Reach, account_id: int, at: datetime, language: str) -> list[PlanRow]:
    """The visits of one's care plans due within a week, and of those one stands in for: the longest due first."""
    return plan_rows(_mine(reach, account_id).filter(due_date__lte=places.day_of(at) + AHEAD), at, language)


def plans_of(dwelling_id: int, reach: Reach, account_id: int, at: datetime, language: str) -> list[PlanRow]:
    """The care plans of a household that run and that this person may know of."""
    found = access.plans_known(reach, account_id)
    return plan_rows(found.filter(dwelling_id=dwelling_id, ended_at__isnull=True), at, language)


def _mine(reach: Reach, account_id: int) -> QuerySet[CarePlan]:
    whose = Q(worker_id=account_id) | (Q(worker_id__in=reach.standing_in) & reach.within("grid"))
    if reach.leads and not reach.paths:
        whose = Q()  # who leads looks after all of them
    return CarePlan.objects.filter(whose, community_id=reach.community_id, ended_at__isnull=True)


def plan_rows(found: QuerySet[CarePlan], at: datetime, language: str) -> list[PlanRow]:
    """Plans with the names of their doors; three statements however many there are."""
    last = Max("visits__at", filter=Q(visits__outcome="met", visits__struck_at__isnull=True))
    rows = list(found.defer("words").annotate(last_at=last).order_by("due_date", "pk"))
    named = doors.names({row.dwelling_id for row in rows}, language)
    today = places.day_of(at)
    return [
        PlanRow(
            id=row.pk,
            dwelling_id=row.dwelling_id,
            door=named[row.dwelling_id],
            need=row.need,
            due_date=row.due_date,
            every_days=row.every_days,
            last_at=row.last_at,
            for_id=row.worker_id,
            days=(row.due_date - today).days if row.due_date else 0,
        )
        for row in rows
    ]


def promises(reach: Reach, account_id: int, at: datetime, language: str) -> list[PromiseRow]:
    """The visits one promised for days up to a week ahead, and those of whom one stands in for, the oldest first."""
    whose = Q(follow_up_by_id=account_id) | (Q(follow_up_by_id__in=reach.standing_in) & reach.within("grid"))
    today = places.day_of(at)
    found = Visit.objects.filter(
        whose,
        community_id=reach.community_id,
        follow_up_date__lte=today + AHEAD,
        followed_by__isnull=True,
        struck_at__isnull=True,
    ).order_by("follow_up_date", "pk")
    rows = list(found.values_list("pk", "dwelling_id", "purpose", "follow_up_date"))
    named = doors.names({row[1] for row in rows}, language)
    return [
        PromiseRow(pk, dwelling_id, named[dwelling_id], purpose, day, (day - today).days)
        for pk, dwelling_id, purpose, day in rows
        if day is not None
    ]


def offers(community_id: int, account_id: int, language: str) -> list[OfferRow]:
    """The hand-overs that wait for somebody's answer, or that somebody waits for."""
    found = HandOver.objects.filter(
        Q(receiver_id=account_id) | Q(giver_id=account_id) | Q(offered_by_id=account_id),
        community_id=community_id,
        accepted_at__isnull=True,
        declined_at__isnull=True,
    )
    return offer_rows(found.order_by("offered_at"), language)


def offer_rows(found: Iterable[HandOver], language: str) -> list[OfferRow]:
    """Hand-overs with the names of their grids."""
    rows = list(found)
    grids = places.places({row.grid_id for row in rows})
    return [
        OfferRow(row.pk, grids[row.grid_id].name(language), row.giver_id, row.receiver_id, row.offered_at)
        for row in rows
    ]
