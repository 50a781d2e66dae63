"""What happens by itself: late messages, files, waiting answers, a forgotten draft, and forgetting."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any

import orjson
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from linli.cases.actions import attaching, moves, upload
from linli.cases.rules.intake import Refused
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import Verb
from linli.grids import queries as places
from linli.integrations.wechat import platform
from linli.integrations.wechat.actions import doing, hearing, speaking
from linli.integrations.wechat.models import Follower, InboxMessage, OfficialAccount, Outgoing
from linli.integrations.wechat.rules import errors, talk
from linli.kernel import scope
from linli.kernel.access import Forbidden, NotFound

log = logging.getLogger("linli.wechat")
BATCH = 50
KEEPS = timedelta(days=30)
BACK_OFF = (
    timedelta(seconds=3),
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
)
State = InboxMessage.State


@dataclass(frozen=True, slots=True)
class Fetched:
    """A fetched file as uploads take it."""

    content: bytes

    @property
    def size(self) -> int:
        """Its bytes."""
        return len(self.content)

    @property
    def file(self) -> IO[Any]:
        """It, open."""
        return io.BytesIO(self.content)


def sweep(at: datetime) -> int:
    """Work off what is due, account by account; returns how much that was."""
    waiting = places.communities_with(_come(at), _to_fetch(at), _to_say(at))
    return sum(_each(account, at) for account in _accounts(waiting))


def _accounts(community_ids: Iterable[int]) -> list[OfficialAccount]:
    ids = list(community_ids)
    if not ids:
        return []
    with scope.within(ids):
        return list(OfficialAccount.objects.filter(on=True).order_by("pk"))


def _come(at: datetime) -> QuerySet[InboxMessage]:
    return InboxMessage.objects.filter(state__in=(State.WAITING, State.WORKING), due_at__lte=at)


def _to_fetch(at: datetime) -> QuerySet[InboxMessage]:
    return InboxMessage.objects.filter(state=State.FETCHING, due_at__lte=at)


def _to_say(at: datetime) -> QuerySet[Outgoing]:
    return Outgoing.objects.filter(state=Outgoing.State.WAITING, due_at__lte=at)


def _forgotten(at: datetime) -> QuerySet[Follower]:
    """Whose draft has waited in the chat for a while, and whom we may still write to."""
    return Follower.objects.filter(
        talk_at__lte=at - talk.REMIND_AFTER, reminded=False, follows=True, window_ends_at__gt=at
    )


def _each(account: OfficialAccount, at: datetime) -> int:
    with scope.within([account.community_id]):
        return _late(account, at) + _files(account, at) + _out(account, at)


def _late(account: OfficialAccount, at: datetime) -> int:
    """Messages nobody has finished: the platform does not wait for them any more."""
    rows = _come(at).filter(account=account).order_by("sent_at", "pk")[:BATCH]
    done = 0
    for row in rows:
        if row.tries >= hearing.MOST_TRIES:
            InboxMessage.objects.filter(pk=row.pk).update(state=State.FAILED, due_at=None, trouble="given_up")
            log.error("a message was given up")
            continue
        InboxMessage.objects.filter(pk=row.pk).update(late=True)
        try:
            done += hearing.work_off(account, row, at=at)
        except Exception:  # one message must not stop the others
            log.exception("a message could not be worked off")
            InboxMessage.objects.filter(pk=row.pk).update(state=State.WAITING, due_at=at + _pause(row.tries))
    return done


def _pause(tries: int) -> timedelta:
    return BACK_OFF[min(tries, len(BACK_OFF) - 1)]


def _files(account: OfficialAccount, at: datetime) -> int:
    rows = _to_fetch(at).filter(account=account)
    return sum(_file(account, row, at) for row in rows.select_related("follower").order_by("pk")[:BATCH])


def _file(account: OfficialAccount, row: InboxMessage, at: datetime) -> int:
    """Fetch one picture or voice, keep it, and give it to its case if it has one already."""
    claimed = InboxMessage.objects.filter(pk=row.pk, state=State.FETCHING, due_at=row.due_at).update(
        due_at=at + hearing.HOLD
    )
    if not claimed:
        return 0
    try:
        if row.ticket is None:
            _fetch(account, row, at)
        tied = _tie(row, at)
    except platform.Refused as refused:
        return _refetch(row, refused, at)
    except (Refused, Forbidden, NotFound, moves.Conflict) as no:
        _fail(row, no.wrongs[0].code if isinstance(no, Refused) else "not_added", at)
        return 1
    # Between our look and this statement the case may have come: then it is done once more.
    done = InboxMessage.objects.filter(pk=row.pk, case_number=row.case_number if tied else "")
    if not done.update(state=State.DONE, due_at=None, ticket=row.ticket):
        InboxMessage.objects.filter(pk=row.pk).update(ticket=row.ticket, due_at=at)
    return 1


def _fetch(account: OfficialAccount, row: InboxMessage, at: datetime) -> None:
    media_id = orjson.loads(row.body or "{}").get("MediaId", "")
    found = platform.fetch(account, media_id, at=at)
    kept = upload.accept(
        actor=doing.actor_of(row.follower, at),
        community_id=row.community_id,
        file=Fetched(found.content),
        at=at,
        network=f"wechat:{row.follower_id}",
    )
    row.ticket = kept.ticket
    InboxMessage.objects.filter(pk=row.pk).update(ticket=kept.ticket)


def _tie(row: InboxMessage, at: datetime) -> bool:
    """Give the file to its case; False when it has none yet."""
    row.refresh_from_db(fields=["case_number", "joined"])
    if not row.case_number:
        return False
    tickets = (str(row.ticket),)
    if row.joined:
        attaching.attach(row.community_id, row.case_number, tickets, purpose="joined", seq=None)
        return True
    actor = doing.actor_of(row.follower, at)
    moves.take(actor=actor, number=row.case_number, given=Given(verb=Verb.ADD, uploads=tickets), at=at)
    return True


def _refetch(row: InboxMessage, refused: platform.Refused, at: datetime) -> int:
    again = refused.reaction in {
        errors.Reaction.AGAIN,
        errors.Reaction.TOMORROW,
        errors.Reaction.REFRESH,
        errors.Reaction.SETTING,
    }
    tries = row.tries + 1
    if not again or tries > hearing.MOST_TRIES + errors.MOST_TRIES:
        _fail(row, refused.code, at)
        return 1
    InboxMessage.objects.filter(pk=row.pk).update(
        tries=tries, trouble=refused.code[:40], due_at=at + _pause(tries)
    )
    return 0


def _fail(row: InboxMessage, code: str, at: datetime) -> None:
    """The file will not come: said once, so that the follower can send it again."""
    InboxMessage.objects.filter(pk=row.pk).update(state=State.FAILED, due_at=None, trouble=code[:40])
    with translation.override(row.follower.language or "zh-hans"):
        what = (
            _("The voice message could not be used.")
            if row.kind == "voice"
            else _("The picture could not be used.")
        )
        words = what + " " + _("Please send another one; the report itself is not affected.")
    hearing.queue(row.follower, words, key=f"file:{row.pk}", at=at)


def _out(account: OfficialAccount, at: datetime) -> int:
    rows = _to_say(at).filter(follower__account=account).select_related("follower")
    return sum(speaking.send_waiting(account, row, at=at) for row in rows.order_by("pk")[:BATCH])


def remind(at: datetime) -> int:
    """Say once, after a while, that a draft still waits in the chat."""
    return sum(_remind(account, at) for account in _accounts(places.communities_with(_forgotten(at))))


def _remind(account: OfficialAccount, at: datetime) -> int:
    with scope.within([account.community_id]):
        rows = _forgotten(at).filter(account=account)[:BATCH]
        return sum(_remind_one(row, at) for row in rows)


def _remind_one(row: Follower, at: datetime) -> int:
    claimed = Follower.objects.filter(pk=row.pk, reminded=False, talk_at=row.talk_at).update(reminded=True)
    said = hearing.load(row)
    if not claimed or not said.drafting or row.talk_at is None:
        return 0
    with translation.override(row.language or "zh-hans"):
        words = SAYS[said.step is talk.Step.PLACE]()
    hearing.queue(row, words, key=f"remind:{row.pk}:{int(row.talk_at.timestamp())}", at=at)
    return 1


SAYS: dict[bool, Callable[[], str]] = {
    False: lambda: _("What you wrote has not been sent yet. Reply 1 to send it, 0 to drop it."),
    True: lambda: _(
        "What you wrote has not been sent yet: where is it? Send the position, or reply 0 if you are not sure."
    ),
}


def forget(at: datetime) -> int:
    """Wipe the texts of what is older than 30 days, and drafts nobody came back to."""
    total = 0
    with scope.within(places.community_ids()), transaction.atomic():
        old = InboxMessage.objects.filter(received_at__lt=at - KEEPS, body__isnull=False)
        total += old.update(body=None, reply=None)
        total += Outgoing.objects.filter(made_at__lt=at - KEEPS, words__isnull=False).update(words=None)
        stale = Follower.objects.filter(talk_at__lt=at - talk.LIVES)
        total += stale.update(talk=None, talk_at=None)
    return total
