"""Who may know of a re-visit: who goes, whose record it is, who decides. Each sees their own part and no more."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from linli.fieldwork.models import Recheck
from linli.fieldwork.rules import rechecks as rules
from linli.grids import access as places
from linli.kernel.access import Actor, NotFound


def to_visit(actor: Actor) -> QuerySet[Recheck]:
    """The re-visits that this person was asked to make."""
    mine = Q(visitor_id=actor.account_id) | Q(again_visitor_id=actor.account_id)
    return Recheck.objects.filter(mine, community_id__in=actor.staff_communities)


def of_worker(actor: Actor) -> QuerySet[Recheck]:
    """The re-visits of this person's own records in which something was found: until then nobody is told of the draw."""
    return Recheck.objects.filter(
        worker_id=actor.account_id, community_id__in=actor.staff_communities
    ).exclude(found="")


def to_decide(actor: Actor) -> QuerySet[Recheck]:
    """The re-visits of communities that the actor leads, but those of the actor's own records."""
    able = places.communities_of(actor, rules.DECIDERS)
    return Recheck.objects.filter(community_id__in=able).exclude(worker_id=actor.account_id)


def find_to_visit(actor: Actor, recheck_id: int, *, lock: bool = False) -> Recheck:
    """One that this person was asked to make.

    :raises NotFound: absent, or somebody else was asked.
    """
    return _one(to_visit(actor), recheck_id, lock=lock)


def find_of_worker(actor: Actor, recheck_id: int, *, lock: bool = False) -> Recheck:
    """One of the actor's own records in which something was found.

    :raises NotFound: absent, nothing found yet, or another worker's.
    """
    return _one(of_worker(actor), recheck_id, lock=lock)


def find_to_decide(actor: Actor, recheck_id: int, *, lock: bool = False) -> Recheck:
    """One that this person may decide.

    :raises NotFound: absent, of another community, or of one's own record.
    """
    return _one(to_decide(actor), recheck_id, lock=lock)


def communities_read(actor: Actor) -> frozenset[int]:
    """The communities whose results the actor reads."""
    return places.communities_of(actor, rules.READERS)


def _one(rows: QuerySet[Recheck], recheck_id: int, *, lock: bool) -> Recheck:
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=recheck_id).first()
    if found is None:
        raise NotFound
    return found
