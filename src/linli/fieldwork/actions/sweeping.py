"""What ends by itself: forgotten patrols, positions and words kept long enough, plans whose last day is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from linli.fieldwork.actions import patrols, plans
from linli.fieldwork.models import CarePlan, Patrol, PatrolPoint, Visit
from linli.fieldwork.wishes import WISHES
from linli.grids import queries as places
from linli.kernel import scope
from linli.kernel.access import SYSTEM


def sweep(at: datetime) -> int:
    """Everything that is over by now, in each community where there is something; returns how much."""
    done = 0
    for community_id in places.communities_with(*_to_do(at)):
        with scope.within([community_id]):
            done += patrols.sweep_community(community_id, at)
            done += plans.end_over(SYSTEM, community_id, at)
            done += _forget_words(community_id, at)
    return done


def _to_do(
    at: datetime,
) -> tuple[QuerySet[CarePlan] | QuerySet[Patrol] | QuerySet[PatrolPoint] | QuerySet[Visit], ...]:
    """The rows that may be over, whatever each community wants."""
    shortest = {key: timedelta(days=WISHES[key][0].least) for key in ("patrol_days", "visit_words_days")}
    return (
        Patrol.objects.filter(ended_at__isnull=True, started_at__lt=at - timedelta(hours=1)),
        PatrolPoint.objects.filter(position__isnull=False, at__lt=at - shortest["patrol_days"]),
        CarePlan.objects.filter(ended_at__isnull=True, until_date__lt=places.day_of(at)),
        Visit.objects.filter(words__isnull=False, at__lt=at - shortest["visit_words_days"]),
    )


def _forget_words(community_id: int, at: datetime) -> int:
    days = int(places.setting(community_id, "visit_words_days", at))
    old = Q(community_id=community_id, words__isnull=False, at__lt=at - timedelta(days=days))
    return Visit.objects.filter(old).update(words=None)
