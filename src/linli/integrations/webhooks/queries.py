"""Questions about where facts go, named by their answer. Within the communities entered."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from linli.integrations.webhooks.models import Attempt, Delivery, Endpoint

PAGE = 50


@dataclass(frozen=True, slots=True)
class Counted:
    """An endpoint with what it has waiting and what it gave up."""

    endpoint: Endpoint
    waiting: int
    dead: int


def endpoints(community_id: int, *, ended: bool = False) -> list[Counted]:
    """The endpoints of a community by name, ended ones last and only on request."""
    rows = Endpoint.objects.filter(community_id=community_id)
    rows = rows if ended else rows.exclude(state=Endpoint.State.ENDED)
    counted = {
        row["endpoint_id"]: row
        for row in Delivery.objects.filter(community_id=community_id)
        .exclude(state=Delivery.State.DELIVERED)
        .values("endpoint_id")
        .annotate(waiting=Count("pk", filter=Q(state="waiting")), dead=Count("pk", filter=Q(state="dead")))
    }
    empty = {"waiting": 0, "dead": 0}
    found = [
        Counted(row, counted.get(row.pk, empty)["waiting"], counted.get(row.pk, empty)["dead"])
        for row in rows.order_by("name", "pk")
    ]
    return sorted(found, key=lambda one: one.endpoint.state == Endpoint.State.ENDED)


def how_many(community_id: int) -> int:
    """How many endpoints have not ended."""
    return Endpoint.objects.filter(community_id=community_id).exclude(state=Endpoint.State.ENDED).count()


def deliveries(
    endpoint: Endpoint, *, state: str = "", before: int = 0, size: int = PAGE
) -> tuple[list[Delivery], int]:
    """A page of an endpoint's deliveries, the newest first, and the id before which the next page begins (0: none)."""
    rows = Delivery.objects.filter(endpoint=endpoint).defer("body").order_by("-pk")
    if state:
        rows = rows.filter(state=state)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else 0


def tries(delivery: Delivery) -> list[Attempt]:
    """The tries of a delivery, the newest first."""
    return list(delivery.attempts.order_by("-pk"))
