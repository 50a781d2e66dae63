"""Who may look at and change where facts go: those who keep the community. Hidden and absent look the same."""

from __future__ import annotations

from linli.cases.actions.settings import keeping
from linli.integrations.webhooks.models import Delivery, Endpoint
from linli.kernel.access import Actor

KEEPERS = keeping.KEEPERS
require = keeping.require


def endpoint(actor: Actor, endpoint_id: int, *, locked: bool = False) -> Endpoint:
    """An endpoint of a community that the actor keeps; ended ones too.

    :raises NotFound: none of this id.
    """
    return keeping.find(actor, Endpoint.objects.all(), endpoint_id, locked=locked)


def delivery(actor: Actor, delivery_id: int, *, locked: bool = False) -> Delivery:
    """A delivery of such an endpoint, with its endpoint.

    :raises NotFound: none of this id.
    """
    return keeping.find(actor, Delivery.objects.select_related("endpoint"), delivery_id, locked=locked)
