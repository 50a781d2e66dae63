"""Who writes announcements and services; the only way to one of them for an actor. Hidden and absent look the same."""

from __future__ import annotations

from django.db.models import QuerySet

from linli.grids import access as places
from linli.grids.rows import PlaceRow
from linli.kernel.access import Actor, NotFound
from linli.publishing.models import Announcement, Service
from linli.publishing.rules import AUTHORS


def writes(actor: Actor, place: PlaceRow) -> bool:
    """Whether the actor may tell something to everybody at this place."""
    return places.serves(actor, place, AUTHORS)


def visible(actor: Actor, community_id: int) -> QuerySet[Announcement]:
    """Every announcement of a community, for those who serve there.

    :raises NotFound: a community in which the actor has no duty.
    """
    if community_id not in actor.staff_communities:
        raise NotFound
    return Announcement.objects.filter(community_id=community_id)


def find(actor: Actor, announcement_id: int, *, lock: bool = False) -> Announcement:
    """An announcement of a place for which the actor may write.

    :raises NotFound: absent, of another community, or of a place that is not the actor's.
    """
    rows = Announcement.objects.filter(pk=announcement_id)
    return places.find_of_served(actor, rows, AUTHORS, lock=lock)[0]


def find_service(actor: Actor, service_id: int, *, lock: bool = False) -> Service:
    """A service of a place for which the actor may write.

    :raises NotFound: absent, of another community, or of a place that is not the actor's.
    """
    return places.find_of_served(actor, Service.objects.filter(pk=service_id), AUTHORS, lock=lock)[0]
