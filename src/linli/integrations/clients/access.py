"""Who may see and change connected systems: those who keep the community. Hidden and absent look the same."""

from __future__ import annotations

from linli.cases.actions.settings import keeping
from linli.integrations.clients.models import ApiClient
from linli.kernel.access import Actor

KEEPERS = keeping.KEEPERS
require = keeping.require


def client(actor: Actor, client_id: int, *, locked: bool = False) -> ApiClient:
    """A program of a community that the actor keeps; ended ones too.

    :raises NotFound: none of this id.
    """
    return keeping.find(actor, ApiClient.objects.all(), client_id, locked=locked)
