"""The router that the room's operations hang on, and what they share."""

from __future__ import annotations

from ninja import Router

from linli.grids import queries
from linli.grids.rows import PlaceRow
from linli.grids.rules.duties import KEEPERS as KEEPING
from linli.grids.rules.words import Level
from linli.kernel.access import Actor, NotFound, roles

places = Router(tags=["places"])
settings = Router(tags=["settings"])
routers = (places, settings)
KEEPERS = roles(*KEEPING)


def community_of(code: str) -> PlaceRow:
    """The community in force with this code.

    :raises NotFound: there is none.
    """
    found = queries.place_by_code(code)
    if found is None or found.level != Level.COMMUNITY or found.valid_to is not None:
        raise NotFound
    return found


def served(actor: Actor, code: str) -> PlaceRow:
    """A community in which the actor serves.

    :raises NotFound: there is none of this code, or the actor does not serve there.
    """
    found = community_of(code)
    if found.id not in actor.staff_communities:
        raise NotFound
    return found
