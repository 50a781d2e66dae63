"""Who may look after a community's official account."""

from __future__ import annotations

from linli.integrations.wechat.models import OfficialAccount
from linli.kernel.access import Actor, Forbidden, NotFound

KEEPERS = frozenset({"community_leader", "admin"})


def require(actor: Actor, community_id: int) -> None:
    """Nothing, when the actor leads or administers the community.

    :raises NotFound: the actor has nothing to do with it.
    :raises Forbidden: keepers_only.
    """
    if actor.roles(community_id) & KEEPERS:
        return
    if community_id not in actor.staff_communities:
        raise NotFound
    raise Forbidden("keepers_only")


def account(actor: Actor, community_id: int) -> OfficialAccount | None:
    """The community's account, for its keepers; None where it has none yet.

    :raises NotFound: as `require`.
    :raises Forbidden: as `require`.
    """
    require(actor, community_id)
    return OfficialAccount.objects.filter(community_id=community_id).first()
