"""The routers that the room's operations hang on: one for cases, one for what a community decides about them."""

from __future__ import annotations

from ninja import Router

from linli.cases.queries import reference
from linli.kernel.access import Actor, NotFound, roles

cases = Router(tags=["cases"])
settings = Router(tags=["settings"])
routers = (cases, settings)
KEEPERS = roles("community_leader", "admin")


def served(actor: Actor, community: str) -> int:
    """The id of a community in which the actor serves.

    :raises NotFound: there is none of this code, or the actor does not serve there.
    """
    found = reference.community_id(community)
    if found not in actor.staff_communities:
        raise NotFound
    return found
