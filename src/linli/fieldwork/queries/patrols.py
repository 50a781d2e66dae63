"""One's own patrols: what is kept of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from linli.fieldwork.models import Patrol, PatrolFinding, PatrolPoint
from linli.grids import queries as places

MOST = 20


@dataclass(frozen=True, slots=True)
class PatrolRow:
    """A patrol that is over. ``positions``: so many are still kept."""

    id: int
    grid: str
    started_at: datetime
    ended_at: datetime | None
    ended_how: str
    points: int
    findings: int
    positions: int


@dataclass(frozen=True, slots=True)
class PointRow:
    """A place that was ticked, or a position as it is kept."""

    at: datetime
    place: str
    position: str


def past(community_id: int, account_id: int, language: str) -> list[PatrolRow]:
    """The latest patrols of somebody that are over."""
    found = Patrol.objects.filter(community_id=community_id, worker_id=account_id, ended_at__isnull=False)
    counted = found.annotate(
        made=Count("findings", distinct=True),
        positions=Count("kept", filter=Q(kept__position__isnull=False), distinct=True),
    )
    rows = list(counted.order_by("-started_at")[:MOST])
    grids = places.places({row.grid_id for row in rows})
    return [
        PatrolRow(
            row.pk,
            grids[row.grid_id].name(language),
            row.started_at,
            row.ended_at,
            row.ended_how,
            row.points,
            row.made,
            row.positions,
        )
        for row in rows
    ]


def points(row: Patrol, language: str) -> list[PointRow]:
    """Everything that is kept of a patrol, in order of time."""
    found = list(PatrolPoint.objects.filter(patrol=row).order_by("at", "pk"))
    named = places.places({point.place_id for point in found if point.place_id})
    return [
        PointRow(
            point.at,
            named[point.place_id].name(language) if point.place_id in named else "",
            point.position or "",
        )
        for point in found
    ]


def ticked(row: Patrol) -> set[int]:
    """The places that were ticked on a patrol."""
    found = PatrolPoint.objects.filter(patrol=row, place__isnull=False)
    return set(found.values_list("place_id", flat=True))


def findings(row: Patrol) -> list[str]:
    """The numbers of the cases that were made on a patrol."""
    found = PatrolFinding.objects.filter(patrol=row).order_by("at", "pk")
    return list(found.values_list("case__number", flat=True))
