"""What was done in a time, for figures: one statement each, frozen rows by id. ``until`` is exclusive."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from linli.fieldwork.models import CarePlan, CareTurn, HandOver, HandOverItem, Patrol, PatrolFinding, Visit
from linli.fieldwork.queries.rechecks import Rechecked
from linli.fieldwork.queries.rechecks import rechecked as rechecks
from linli.fieldwork.queries.rows import Due, HandedOver, Helped, Patrolled, Visited
from linli.fieldwork.queries.services import Served
from linli.fieldwork.queries.services import served as services
from linli.fieldwork.queries.texts import texts
from linli.fieldwork.rules import due
from linli.fieldwork.rules.visits import KEEPS_DUE
from linli.grids import queries as places

__all__ = [
    "Due",
    "HandedOver",
    "Helped",
    "Patrolled",
    "Rechecked",
    "Served",
    "Visited",
    "handovers",
    "patrol",
    "patrols",
    "peer_help",
    "rechecks",
    "services",
    "texts",
    "visit",
    "visits",
    "visits_due",
]


def visits(community_id: int, since: datetime, until: datetime) -> list[Visited]:
    """The visits of the time that were not taken back."""
    return _visits(Visit.objects.filter(community_id=community_id, at__gte=since, at__lt=until))


def visit(visit_id: int) -> Visited:
    """One visit that counts, of a community entered.

    :raises IndexError: none.
    """
    return _visits(Visit.objects.filter(pk=visit_id))[0]


def _visits(found: QuerySet[Visit]) -> list[Visited]:
    columns = tuple(Visited.__dataclass_fields__)[1:-1]
    rows = found.filter(struck_at__isnull=True).order_by("pk")
    return [_visited(row) for row in rows.values_list("pk", *columns, "followed_by_id")]


def _visited(row: Any) -> Visited:
    kept = row[-2] is None or row[-1] is not None
    return Visited(*(*row[:-1], kept))


def visits_due(community_id: int, since: datetime, until: datetime) -> list[Due]:
    """What the care plans asked for on the days of the time, and when it was met (`rules.due`); by plan and day.

    A day counts for the worker whose plan it was then.
    """
    first, last = places.day_of(since), places.day_of(until - timedelta(microseconds=1))
    met = Visit.objects.filter(plan=OuterRef("pk"), outcome__in=KEEPS_DUE, struck_at__isnull=True)
    turns = CareTurn.objects.filter(plan=OuterRef("pk")).order_by("from_date")
    plans = (
        CarePlan.objects.filter(community_id=community_id, from_date__lte=last, until_date__gte=first)
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gte=since))
        .annotate(
            met=ArraySubquery(met.order_by("at").values("at")),
            turn_days=ArraySubquery(turns.values("from_date")),
            turn_workers=ArraySubquery(turns.values("worker_id")),
        )
        .order_by("pk")
    )
    found = []
    for plan in plans.defer("words"):
        ended = places.day_of(plan.ended_at) if plan.ended_at else None
        span = due.Span(plan.from_date, plan.until_date, plan.every_days, ended)
        moments = {places.day_of(at): at for at in reversed(plan.met)}
        for day in due.due_days(span, moments):
            if first <= day.due_date <= last:
                whose = due.whose(zip(plan.turn_days, plan.turn_workers, strict=True), day.due_date)
                met_at = moments[day.met_date] if day.met_date else None
                found.append(
                    Due(plan.pk, whose or plan.worker_id, plan.grid_id, plan.need, day.due_date, met_at)
                )
    return found


def patrols(community_id: int, since: datetime, until: datetime) -> list[Patrolled]:
    """The patrols begun in the time, with how many points were sent and how many cases were made."""
    return _patrols(
        Patrol.objects.filter(community_id=community_id, started_at__gte=since, started_at__lt=until)
    )


def patrol(patrol_id: int) -> Patrolled:
    """One patrol of a community entered.

    :raises IndexError: none.
    """
    return _patrols(Patrol.objects.filter(pk=patrol_id))[0]


def _patrols(found: QuerySet[Patrol]) -> list[Patrolled]:
    findings = (
        PatrolFinding.objects.filter(patrol=OuterRef("pk"))
        .order_by()
        .values("patrol")
        .annotate(count=Count("pk"))
        .values("count")
    )
    counted = found.annotate(made=Coalesce(Subquery(findings), Value(0))).order_by("pk")
    columns = ("pk", "worker_id", "grid_id", "started_at", "ended_at", "ended_how", "points", "made")
    return [Patrolled(*row) for row in counted.values_list(*columns)]


def handovers(community_id: int, since: datetime, until: datetime) -> list[HandedOver]:
    """The hand-overs offered in the time."""
    found = (
        HandOver.objects.filter(community_id=community_id, offered_at__gte=since, offered_at__lt=until)
        .annotate(listed=Count("items"), taken=Count("items", filter=Q(items__taken_at__isnull=False)))
        .order_by("pk")
    )
    columns = (
        "pk",
        "giver_id",
        "receiver_id",
        "grid_id",
        "offered_at",
        "accepted_at",
        "listed",
        "taken",
    )
    return [HandedOver(*row) for row in found.values_list(*columns)]


def peer_help(community_id: int, since: datetime, until: datetime) -> list[Helped]:
    """Visits that kept another's plan or promise, and items taken over, in the time; visits first, each by id."""
    kept = Visit.objects.filter(
        community_id=community_id, at__gte=since, at__lt=until, struck_at__isnull=True
    ).order_by()
    turn = CareTurn.objects.filter(plan=OuterRef("plan"), from_date__lte=OuterRef("at__date"))
    promised = Visit.objects.filter(followed_by=OuterRef("pk")).exclude(follow_up_by=OuterRef("worker"))
    for_whom = Coalesce(
        Subquery(turn.order_by("-from_date").values("worker_id")[:1]),
        Subquery(promised.order_by("pk").values("follow_up_by_id")[:1]),
    )
    by_visit = (
        kept.annotate(for_whom=for_whom, record=Value("visit"))
        .filter(for_whom__isnull=False, outcome__in=KEEPS_DUE)
        .exclude(for_whom=F("worker_id"))
        .values_list("pk", "record", "worker_id", "grid_id", "at", "for_whom")
    )
    by_item = (
        HandOverItem.objects.filter(community_id=community_id, taken_at__gte=since, taken_at__lt=until)
        .order_by()
        .annotate(record=Value("item"))
        .values_list(
            "pk", "record", "handover__receiver_id", "handover__grid_id", "taken_at", "handover__giver_id"
        )
    )
    return sorted((Helped(*row) for row in by_visit.union(by_item, all=True)), key=_in_order)


def _in_order(row: Helped) -> tuple[bool, int]:
    return row.record != "visit", row.id
