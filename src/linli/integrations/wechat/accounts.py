"""The accounts: found by their callback's key or by their community."""

from __future__ import annotations

from linli.grids import queries as places
from linli.integrations.wechat.models import Follower, OfficialAccount
from linli.kernel import scope, sealed
from linli.kernel.access import NotFound

OPENID = "wechat.openid"


def by_key(key: str) -> OfficialAccount:
    """The account of a callback, whichever community it is of; its community is not entered yet.

    :raises NotFound: no such account, or it is switched off.
    """
    with scope.within(places.community_ids()):
        account = OfficialAccount.objects.filter(key=key, on=True).first()
    if account is None:
        raise NotFound
    return account


def of(community_id: int) -> OfficialAccount | None:
    """A community's account, also one that is switched off; the community must be entered."""
    return OfficialAccount.objects.filter(community_id=community_id).first()


def index(openid: str) -> bytes:
    """The keyed digest by which an openid is found."""
    return sealed.blind_index(OPENID, openid)


def follower(account: OfficialAccount, openid: str) -> Follower | None:
    """Who this openid is to us, also under older index keys."""
    return Follower.objects.filter(
        account=account, openid_index__in=sealed.blind_indexes(OPENID, openid)
    ).first()
