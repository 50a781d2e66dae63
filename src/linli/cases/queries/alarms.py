"""What rings, what rang, and how soon a person answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from linli.cases import access
from linli.cases.models import Alarm, Case
from linli.cases.rules import ringing
from linli.cases.rules.urgent_phrases import DangerKind
from linli.kernel.access import Actor

MOST = 20  # shown at once; the number of all is told


@dataclass(frozen=True, slots=True)
class Ringing:
    """An alarm nobody has answered."""

    id: int
    number: str
    case: Case
    kinds: tuple[DangerKind, ...]
    cause: str
    rung_at: datetime
    level: int


def ringing_for(actor: Actor) -> tuple[Ringing, ...]:
    """What rings for this actor wherever it serves, the oldest first; one statement, none for who hears nothing."""
    roles = {community: actor.roles(community) for community in actor.staff_communities}
    hearing = [one for one, held in roles.items() if ringing.hears(held, ringing.MOST_LEVEL)]
    if not hearing:
        return ()
    found = _open(hearing).filter(case__in=access.staff_view(actor))
    return tuple(
        one for one in map(_row, found[:MOST]) if ringing.hears(roles[one.case.community_id], one.level)
    )


def ringing_in(community_ids: Iterable[int]) -> tuple[Ringing, ...]:
    """What rings in communities, for a screen of the room that no person's right stands behind."""
    return tuple(map(_row, _open(list(community_ids))[:MOST]))


def _open(community_ids: list[int]) -> QuerySet[Alarm]:
    found = Alarm.objects.filter(community_id__in=community_ids, answered_at__isnull=True)
    return found.select_related("case", "case__grid", "case__building").order_by("rung_at", "pk")


def _row(alarm: Alarm) -> Ringing:
    return Ringing(
        alarm.pk,
        alarm.case.number,
        alarm.case,
        ringing.kinds_of(alarm.kinds),
        alarm.cause,
        alarm.rung_at,
        alarm.level,
    )


def of_case(case: Case) -> list[Alarm]:
    """The alarms of a case, the newest first."""
    return list(Alarm.objects.filter(case=case).select_related("answered_by").order_by("-pk"))


@dataclass(frozen=True, slots=True)
class Answered:
    """How alarms of a period were answered. ``median_seconds`` is None where none was."""

    rung: int
    answered: int
    went_on: int
    median_seconds: int | None
    longest_seconds: int | None


def answered(community_id: int, *, start: datetime, end: datetime) -> Answered:
    """How soon a person answered the alarms that began to ring in [start, end)."""
    rows = Alarm.objects.filter(community_id=community_id, rung_at__gte=start, rung_at__lt=end)
    seen = list(rows.values_list("rung_at", "answered_at", "level"))
    waits = sorted(int((done - rung).total_seconds()) for rung, done, _ in seen if done is not None)
    return Answered(
        rung=len(seen),
        answered=len(waits),
        went_on=sum(1 for _, _, level in seen if level),
        median_seconds=waits[len(waits) // 2] if waits else None,
        longest_seconds=waits[-1] if waits else None,
    )
