"""Who a follower is to us: bound to an account, moved to another of the same person, let go, taken away, erased."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.cases.actions import own_data
from linli.grids import queries as places
from linli.grids.actions import members
from linli.integrations.wechat import accounts
from linli.integrations.wechat.actions import doing
from linli.integrations.wechat.models import Follower, InboxMessage, OfficialAccount, Outgoing, Subscription
from linli.kernel import audit, scope
from linli.kernel.access import Actor, Forbidden, NotFound
from linli.people import queries as people
from linli.people.actions import accounts as people_accounts
from linli.people.actions import erasure
from linli.people.rules import Purpose


def known(account: OfficialAccount, openid: str, *, at: datetime) -> Follower:
    """Give the follower of an openid, written down now if nobody knew it: signed in, not following."""
    with scope.within([account.community_id]):
        found = accounts.follower(account, openid)
        if found is not None:
            return found
        made, _ = Follower.objects.get_or_create(
            community_id=account.community_id,
            account=account,
            openid_index=accounts.index(openid),
            defaults={"openid": openid, "follows": False, "first_at": at},
        )
        return made


def open_for(follower: Follower, *, language: str, notices: bool, at: datetime) -> int:
    """Open an account without a phone for a follower who agreed to it on a page; gives its id.

    :raises Forbidden: bound_already.
    """
    purposes = frozenset({Purpose.ACCOUNT} | ({Purpose.NOTICES} if notices else set()))
    with scope.within([follower.community_id]), transaction.atomic():
        row = Follower.objects.select_for_update().get(pk=follower.pk)
        if row.person_id is not None:
            raise Forbidden("bound_already")
        person = people_accounts.open_by_wechat(language=language, purposes=purposes, at=at)
        row.person_id, row.bound_at = person.pk, at
        row.save(update_fields=["person", "bound_at"])
        actor = doing.actor_of(row, at)
        members.follow(actor=actor, place_id=row.place_id or row.community_id, at=at)
        _record(actor, row, "wechat.bind", at)
    return int(person.pk)


def bind(*, actor: Actor, follower: Follower, at: datetime) -> None:
    """Tie a follower to the account that is signed in; what was reported without a phone comes along.

    :raises Forbidden: bound_to_another, when the WeChat identity belongs to an account with a phone of its own.
    """
    person_id = actor.person_id
    with scope.within([follower.community_id]), transaction.atomic():
        row = Follower.objects.select_for_update().get(pk=follower.pk)
        before = row.person_id
        if before == person_id:
            return
        if before is not None and not _is_shell(before):
            raise Forbidden("bound_to_another")
        others = Follower.objects.filter(account_id=row.account_id, person_id=person_id)
        others.update(person=None, bound_at=None)
        row.person_id, row.bound_at = person_id, at
        row.save(update_fields=["person", "bound_at"])
        _record(actor, row, "wechat.bind", at)
        if before is not None:
            own_data.hand_over(from_id=before, to_id=person_id, at=at)
            _move_bindings(before, person_id)
            erasure.erase_account(account_id=before, at=at)


def _is_shell(account_id: int) -> bool:
    """Whether this account has nothing but the WeChat identity: no phone, so nobody else can prove that it is theirs."""
    person = people.account(account_id)
    return person is None or person.phone_index is None


def _move_bindings(from_id: int, to_id: int) -> None:
    """The same person's other communities."""
    with scope.within(places.community_ids()):
        for row in Follower.objects.filter(person_id=from_id):
            taken = Follower.objects.filter(account_id=row.account_id, person_id=to_id).exists()
            row.person_id = None if taken else to_id
            row.save(update_fields=["person"])


def unbind(*, actor: Actor, follower_id: int, at: datetime) -> None:
    """Let a follower go; what was reported stays with the account.

    :raises NotFound: no such binding of this person.
    :raises Forbidden: only_way_in, while the account has no phone.
    """
    with scope.within(places.community_ids()), transaction.atomic():
        row = Follower.objects.select_for_update().filter(pk=follower_id, person_id=actor.person_id).first()
        if row is None:
            raise NotFound
        if _is_shell(actor.person_id):
            raise Forbidden("only_way_in")
        row.person, row.bound_at = None, None
        row.save(update_fields=["person", "bound_at"])
        _record(actor, row, "wechat.unbind", at)


def bindings(actor: Actor) -> list[Follower]:
    """The person's bindings, in every community."""
    with scope.within(places.community_ids()):
        found = Follower.objects.filter(person_id=actor.person_id).select_related("account")
        return list(found.order_by("community_id"))


def _record(actor: Actor, row: Follower, verb: str, at: datetime) -> None:
    audit.record(community_id=row.community_id, actor=actor, verb=verb, object=f"follower:{row.pk}", at=at)


def held(account_id: int) -> dict[str, object]:
    """What we hold about a person, as plain JSON."""
    with scope.within(places.community_ids()):
        rows = list(Follower.objects.filter(person_id=account_id).select_related("account").order_by("pk"))
        return {"wechat": [_told(row) for row in rows]}


def _told(row: Follower) -> dict[str, object]:
    messages = InboxMessage.objects.filter(follower=row).order_by("pk")
    answers = Outgoing.objects.filter(follower=row).order_by("pk")
    return {
        "account": row.account.name,
        "openid": row.openid,
        "bound_at": row.bound_at and row.bound_at.isoformat(),
        "follows": row.follows,
        "waiting_draft": row.talk,
        "messages": [
            {"at": one.received_at.isoformat(), "kind": one.kind, "words": one.body, "answer": one.reply}
            for one in messages
        ],
        "sent_to_you": [
            {"at": one.made_at.isoformat(), "words": one.words, "state": one.state} for one in answers
        ],
        "consents": [
            {"template": one.template_id, "left": one.left}
            for one in Subscription.objects.filter(follower=row)
        ],
    }


def erase(account_id: int, at: datetime) -> None:
    """Take a person out: messages, answers, the identity itself; inside the erasing transaction."""
    with scope.within(places.community_ids()):
        Follower.objects.filter(person_id=account_id).delete()
