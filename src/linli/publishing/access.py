"""Who writes announcements; the only way to one of them for an actor. Hidden and absent look the same."""

from __future__ import annotations

from django.db.models import QuerySet

from linli.grids import access as places
from linli.grids.rows import PlaceRow
from linli.kernel.access import SYSTEM, Actor, Forbidden, NotFound
from linli.publishing.models import Announcement
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
    if actor is not SYSTEM:
        rows = rows.filter(community_id__in=actor.staff_communities)
    if lock:
        rows = rows.select_for_update()
    found = rows.first()
    if found is None:
        raise NotFound
    try:
        places.find_served(actor, found.place_id, AUTHORS)
    except Forbidden:
        raise NotFound from None
    return found
