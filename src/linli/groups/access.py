"""Who keeps the directory; the only way to a group for an actor. Hidden and absent look the same."""

from __future__ import annotations

from linli.grids import access as places
from linli.grids.rows import PlaceRow
from linli.groups.models import ChatGroup
from linli.groups.rules import KEEPERS
from linli.kernel.access import Actor


def keeps(actor: Actor, place: PlaceRow) -> bool:
    """Whether the actor keeps the groups of this place."""
    return places.serves(actor, place, KEEPERS)


def find(actor: Actor, group_id: int, *, lock: bool = False) -> tuple[ChatGroup, PlaceRow]:
    """An open group that the actor keeps, and its place.

    :raises NotFound: absent, closed, of another community, or of a place that is not the actor's.
    """
    rows = ChatGroup.objects.filter(pk=group_id, closed_at__isnull=True)
    return places.find_of_served(actor, rows, KEEPERS, lock=lock)
