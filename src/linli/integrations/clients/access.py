"""Who may see and change connected systems: those who keep the community. Hidden and absent look the same."""

from __future__ import annotations

from linli.cases.actions.settings import keeping
from linli.integrations.clients.models import ApiClient
from linli.kernel.access import Actor, NotFound

KEEPERS = keeping.KEEPERS
require = keeping.require


def client(actor: Actor, client_id: int, *, locked: bool = False) -> ApiClient:
    """A program of a community that the actor keeps; ended ones too.

    :raises NotFound: none of this id.
    """
    rows = ApiClient.objects.filter(community_id__in=keeping.kept_communities(actor), pk=client_id)
    found = (rows.select_for_update() if locked else rows).first()
    if found is None:
        raise NotFound
    return found
