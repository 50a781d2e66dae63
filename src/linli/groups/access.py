"""Who keeps the directory; the only way to a group for an actor. Hidden and absent look the same."""

from __future__ import annotations

from linli.grids import access as places
from linli.grids.rows import PlaceRow
from linli.grids.rules.words import Level
from linli.groups.models import ChatGroup
from linli.groups.rules import KEEPERS
from linli.kernel.access import SYSTEM, Actor, Forbidden, NotFound

#: Places that have groups: those with a page of their own.
LEVELS = (Level.COMMUNITY, Level.COMMITTEE, Level.GRID, Level.COURTYARD, Level.BUILDING)


def keeps(actor: Actor, place: PlaceRow) -> bool:
    """Whether the actor keeps the groups of this place."""
    return actor is SYSTEM or actor.has(*KEEPERS, community_id=place.community_id, place_path=place.path)


def find_place(actor: Actor, place_id: int) -> PlaceRow:
    """A place whose groups the actor keeps.

    :raises NotFound: absent, closed, of another level, or of a community where the actor has no duty.
    :raises Forbidden: not_your_place.
    """
    place = places.find_public(str(place_id))
    if place.level not in LEVELS:
        raise NotFound
    if actor is not SYSTEM and place.community_id not in actor.staff_communities:
        raise NotFound
    if not keeps(actor, place):
        raise Forbidden("not_your_place")
    return place


def find(actor: Actor, group_id: int, *, lock: bool = False) -> tuple[ChatGroup, PlaceRow]:
    """An open group that the actor keeps, and its place.

    :raises NotFound: absent, closed, of another community, or of a place that is not the actor's.
    """
    rows = ChatGroup.objects.filter(pk=group_id, closed_at__isnull=True)
    if actor is not SYSTEM:
        rows = rows.filter(community_id__in=actor.staff_communities)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound
    try:
        return found, find_place(actor, found.place_id)
    except Forbidden:
        raise NotFound from None
