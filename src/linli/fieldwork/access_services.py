"""Who may see and answer a service: its maker, the resident it was for, those who read or call at the desk."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from linli.fieldwork.models import Service
from linli.fieldwork.rules import services as rules
from linli.grids import access as places
from linli.grids import queries as grids
from linli.kernel.access import Actor, Forbidden, NotFound


def homes_of(actor: Actor) -> list[int]:
    """The dwellings where the actor proved to live, in the communities entered."""
    if actor.account_id is None:
        return []
    return [
        row.dwelling.id
        for row in grids.residences_of(actor.account_id)
        if row.ended_at is None and row.bound_at is not None
    ]


def for_resident(actor: Actor) -> QuerySet[Service]:
    """The services that were for this person, or for the household where they proved to live; not taken back."""
    if actor.account_id is None:
        return Service.objects.none()
    mine = Q(account_id=actor.account_id) | Q(dwelling_id__in=homes_of(actor))
    return Service.objects.filter(
        mine, community_id__in=actor.communities, withdrawn_at__isnull=True
    ).exclude(worker_id=actor.account_id)


def find_for_resident(actor: Actor, service_id: int, *, lock: bool = False) -> Service:
    """A service that was for this person.

    :raises NotFound: absent, taken back, one's own work, or for somebody else.
    """
    rows = for_resident(actor).filter(pk=service_id)
    return _one(rows.select_for_update() if lock else rows)


def of_worker(actor: Actor) -> QuerySet[Service]:
    """What this person wrote down, in the communities where they serve."""
    return Service.objects.filter(worker_id=actor.account_id, community_id__in=actor.staff_communities)


def find_of_worker(actor: Actor, service_id: int, *, lock: bool = False) -> Service:
    """A service that this person wrote down.

    :raises NotFound: absent, or somebody else's.
    """
    rows = of_worker(actor).filter(pk=service_id)
    return _one(rows.select_for_update() if lock else rows)


def communities_read(actor: Actor) -> frozenset[int]:
    """The communities whose services the actor reads at the desk."""
    return places.communities_of(actor, rules.READERS)


def find_to_call(actor: Actor, service_id: int, *, lock: bool = False) -> Service:
    """A service whose resident this person may call: never one's own.

    :raises NotFound: absent, or of a community where the actor calls nobody.
    :raises Forbidden: your_own.
    """
    able = places.communities_of(actor, rules.CALLERS)
    rows = Service.objects.filter(pk=service_id, community_id__in=able)
    found = _one(rows.select_for_update() if lock else rows)
    if found.worker_id == actor.account_id:
        raise Forbidden("your_own")
    return found


def _one(rows: QuerySet[Service]) -> Service:
    found = rows.first()
    if found is None:
        raise NotFound
    return found
