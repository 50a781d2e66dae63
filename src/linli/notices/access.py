"""Who sees which notice: everybody their own; those who look after the roads, deliveries of their community."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import QuerySet

from linli.cases.actions.settings import keeping
from linli.kernel import scope
from linli.kernel.access import Actor, Forbidden, NotFound
from linli.notices.models import Notice

#: Who looks at deliveries and has them tried again; who decides about kinds, words and robots.
WATCHERS = ("dispatcher", "community_leader", "admin", "auditor")
MENDERS = ("dispatcher", "community_leader", "admin")
KEEPERS = keeping.KEEPERS
require_keeper = keeping.require


@contextmanager
def entered(actor: Actor) -> Iterator[None]:
    """Inside all communities to which the actor belongs: what was told there is theirs to read."""
    with scope.within(actor.communities | actor.staff_communities):
        yield


def own(actor: Actor) -> QuerySet[Notice]:
    """What was told to this person, in the communities entered."""
    if actor.account_id is None:
        return Notice.objects.none()
    return Notice.objects.filter(account_id=actor.account_id)


def find_own(actor: Actor, notice_id: int, *, lock: bool = False) -> Notice:
    """One notice to this person.

    :raises NotFound: none, or somebody else's.
    """
    rows = own(actor).filter(pk=notice_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def deliveries(actor: Actor, community_id: int) -> QuerySet[Notice]:
    """Everything that was told in a community, for those who look after it.

    :raises Forbidden: not_your_door.
    """
    if not actor.roles(community_id) & set(WATCHERS):
        raise Forbidden("not_your_door")
    return Notice.objects.filter(community_id=community_id)


def find_delivery(actor: Actor, notice_id: int, *, lock: bool = False) -> Notice:
    """One delivery that the actor may have tried again.

    :raises NotFound: none, or in a community where the actor looks after nothing.
    """
    mine = sorted(community for community in actor.staff_communities if actor.roles(community) & set(MENDERS))
    rows = Notice.objects.filter(pk=notice_id, community_id__in=mine).select_related("robot")
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def find_watched(actor: Actor, notice_id: int) -> Notice:
    """One delivery that the actor may look at.

    :raises NotFound: none, or in a community where the actor looks after nothing.
    """
    mine = sorted(one for one in actor.staff_communities if actor.roles(one) & set(WATCHERS))
    found = Notice.objects.filter(pk=notice_id, community_id__in=mine).first()
    if found is None:
        raise NotFound
    return found
