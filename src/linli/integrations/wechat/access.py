"""Who may look after a community's official account."""

from __future__ import annotations

from linli.cases.actions.settings import keeping
from linli.integrations.wechat.models import OfficialAccount
from linli.kernel.access import Actor

require = keeping.require


def account(actor: Actor, community_id: int) -> OfficialAccount | None:
    """The community's account, for its keepers; None where it has none yet.

    :raises NotFound: as `require`.
    :raises Forbidden: as `require`.
    """
    require(actor, community_id)
    return OfficialAccount.objects.filter(community_id=community_id).first()
