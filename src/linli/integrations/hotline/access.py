"""Who may see and use a community's hotlines."""

from __future__ import annotations

from django.db.models import QuerySet

from linli.cases.actions.settings import keeping
from linli.integrations.hotline.models import Line, Message, Order
from linli.kernel.access import Actor, NotFound

DESK = frozenset({"dispatcher", "community_leader"})
READERS = DESK | {"auditor", "admin"}
KEEPERS = frozenset(keeping.KEEPERS)


def lines(actor: Actor, community_id: int) -> QuerySet[Line]:
    """The community's lines, for those who may read them."""
    if not actor.roles(community_id) & READERS:
        return Line.objects.none()
    return Line.objects.filter(community_id=community_id).order_by("name_zh")


def line(actor: Actor, line_id: int, *, community_id: int = 0) -> Line:
    """One line.

    :raises NotFound: none, or not for this actor.
    """
    for community in sorted({community_id} if community_id else actor.staff_communities):
        found = lines(actor, community).filter(pk=line_id).first()
        if found is not None:
            return found
    raise NotFound


def order_rows(actor: Actor, community_id: int) -> QuerySet[Order]:
    """The community's orders, the last changed first."""
    if not actor.roles(community_id) & READERS:
        return Order.objects.none()
    return (
        Order.objects.filter(community_id=community_id).select_related("line").order_by("-changed_at", "-pk")
    )


def message(actor: Actor, message_id: int) -> Message:
    """One message of the outbox.

    :raises NotFound: none, or not for this actor.
    """
    mine = [community for community in actor.staff_communities if actor.roles(community) & READERS]
    found = Message.objects.filter(pk=message_id, community_id__in=mine).select_related("order__line").first()
    if found is None:
        raise NotFound
    return found
