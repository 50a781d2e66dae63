"""The router that the room's operations hang on."""

from __future__ import annotations

from ninja import Router

from linli.cases.queries import reference
from linli.controlroom import access
from linli.kernel.access import Actor, roles

figures = Router(tags=["figures"])
routers = (figures,)
READERS, KEEPERS = roles(*access.READERS), roles(*access.KEEPERS)
LOOKERS = roles(*dict.fromkeys((*access.READERS, *access.KEEPERS)))


def read_community(actor: Actor, code: str, wanted: tuple[str, ...] = access.READERS) -> int:
    """The id of a community whose figures the actor may read.

    :raises NotFound: there is none of this code, or the actor has no duty there.
    :raises Forbidden: a duty, but none that reads figures.
    """
    community_id = reference.community_id(code)
    access.require(actor, community_id, wanted)
    return community_id
