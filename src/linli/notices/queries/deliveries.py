"""How what was told went: by road and result over some days, the list, mailings on their way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from linli.kernel.access import Actor
from linli.notices import access
from linli.notices.models import Attempt, Mailing, Notice
from linli.notices.rules.delivery import State
from linli.notices.rules.kinds import ROADS

SHOWN = 40
DAYS = 7
#: What the list can be narrowed to.
VIEWS: dict[str, Q] = {
    "all": Q(),
    "failed": Q(state=State.GIVEN_UP.value)
    | Q(state=State.RESTING.value, made__gt=0)
    | Q(state=State.WAITING.value, made__gt=0),
    "waiting": Q(state__in=[State.WAITING.value, State.UNDER_WAY.value, State.HELD.value]),
    "sent": Q(sent_at__isnull=False),
    "page": Q(state__in=[State.RESTING.value, State.READ.value], sent_at__isnull=True),
}


@dataclass(frozen=True, slots=True)
class Road:
    """How a road went over some days."""

    road: str
    tried: int
    sent: int
    arrived: int
    refused: int
    closed: int
    later: int


def by_road(community_id: int, at: datetime, *, days: int = DAYS) -> list[Road]:
    """Every road that was tried in the last days."""
    rows = (
        Attempt.objects.filter(community_id=community_id, at__gt=at - timedelta(days=days))
        .values("road")
        .annotate(
            tried=Count("pk"),
            sent=Count("pk", filter=Q(result="sent")),
            arrived=Count("pk", filter=Q(receipt=Attempt.Receipt.ARRIVED)),
            refused=Count("pk", filter=Q(result="refused") | Q(receipt=Attempt.Receipt.FAILED)),
            closed=Count("pk", filter=Q(result="closed")),
            later=Count("pk", filter=Q(result__in=["later", ""])),
        )
        .order_by()
    )
    held = {row["road"]: Road(**row) for row in rows}
    return [held[road] for road in ROADS if road in held]


def listed(
    actor: Actor, community_id: int, *, view: str, road: str, kind: str, before: int
) -> QuerySet[Notice]:
    """The deliveries of a community, the newest first, older than the cursor.

    :raises Forbidden: not_your_door.
    """
    found = access.deliveries(actor, community_id).filter(VIEWS.get(view, Q()))
    found = found.filter(road=road) if road in ROADS else found
    found = found.filter(kind=kind) if kind else found
    found = found.filter(pk__lt=before) if before else found
    return found.select_related("account", "robot").order_by("-pk")[: SHOWN + 1]


def results_since(community_id: int, road: str, since: datetime) -> dict[str, int]:
    """How many letters by a road ended how, since a moment."""
    rows = Attempt.objects.filter(community_id=community_id, road=road, at__gt=since).exclude(result="")
    return dict(rows.values_list("result").annotate(n=Count("pk")).order_by())


def last_code(community_id: int, road: str) -> str:
    """What the carrier last said when it took nothing."""
    rows = Attempt.objects.filter(community_id=community_id, road=road, result__in=["refused", "later"])
    return rows.order_by("-pk").values_list("code", flat=True).first() or ""


def mailings(community_id: int, *, most: int = 10) -> QuerySet[Mailing]:
    """The last announcements to many."""
    return Mailing.objects.filter(community_id=community_id).order_by("-pk")[:most]


def read_of(mailing_ids: Iterable[int]) -> dict[int, int]:
    """How many have read what mailings told them, by mailing."""
    rows = Notice.objects.filter(mailing_id__in=list(mailing_ids), read_at__isnull=False)
    counted = rows.order_by().values("mailing_id").annotate(n=Count("pk"))
    return {row["mailing_id"]: row["n"] for row in counted}
