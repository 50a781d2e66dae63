"""Who may look at and change where facts go: those who keep the community. Hidden and absent look the same."""

from __future__ import annotations

from linli.cases.actions.settings import keeping
from linli.integrations.webhooks.models import Delivery, Endpoint
from linli.kernel.access import Actor, NotFound

KEEPERS = keeping.KEEPERS
require = keeping.require


def endpoint(actor: Actor, endpoint_id: int, *, locked: bool = False) -> Endpoint:
    """An endpoint of a community that the actor keeps; ended ones too.

    :raises NotFound: none of this id.
    """
    rows = Endpoint.objects.filter(community_id__in=keeping.kept_communities(actor), pk=endpoint_id)
    found = (rows.select_for_update() if locked else rows).first()
    if found is None:
        raise NotFound
    return found


def delivery(actor: Actor, delivery_id: int, *, locked: bool = False) -> Delivery:
    """A delivery of such an endpoint, with its endpoint.

    :raises NotFound: none of this id.
    """
    kept = keeping.kept_communities(actor)
    rows = Delivery.objects.filter(community_id__in=kept, pk=delivery_id).select_related("endpoint")
    found = (rows.select_for_update(of=("self",)) if locked else rows).first()
    if found is None:
        raise NotFound
    return found
