"""Hearing: every message is kept first, then worked off once, at the call or by the sweep."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import orjson
from django.conf import settings
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import translation

from linli.integrations.wechat import accounts, saying
from linli.integrations.wechat.actions import doing as doings
from linli.integrations.wechat.actions.doing import Doing, Done
from linli.integrations.wechat.actions.ears import LocalEars
from linli.integrations.wechat.models import Follower, InboxMessage, OfficialAccount, Outgoing
from linli.integrations.wechat.rules import messages, talk, windows, wishes
from linli.integrations.wechat.rules.messages import Heard
from linli.integrations.wechat.rules.talk import Step, Talk
from linli.kernel import scope

GRACE = timedelta(seconds=8)  # after which the sweep takes over what nobody finished
HOLD = timedelta(seconds=30)  # how long one worker may have a message
TURN_SECONDS = 1.2  # how long a message waits at the call for the one before it
MOST_TRIES = 6
FILES = frozenset({"image", "voice"})
State = InboxMessage.State


@dataclass(frozen=True, slots=True)
class Kept:
    """A message in our hands: new, or the same as before."""

    message: InboxMessage
    new: bool


def keep(
    account: OfficialAccount, heard: Heard, fields: dict[str, str], *, at: datetime, late: bool = False
) -> Kept:
    """Write a message down before anything else happens; one that came before is found again.

    One commit, few statements: this is all that is done while many people write at once.

    :param late: it is worked off by the sweep, its answer goes by itself.
    """
    with scope.within([account.community_id]):
        try:
            with transaction.atomic():
                who = _follower(account, heard, at)
                message = InboxMessage.objects.create(
                    community_id=account.community_id,
                    account=account,
                    follower=who,
                    key=heard.key,
                    kind=heard.kind[:40],
                    body=orjson.dumps(fields).decode(),
                    sent_at=heard.sent_at,
                    received_at=at,
                    due_at=at if late else at + GRACE,
                    late=late,
                )
                if account.heard_at is None or account.heard_at < at - timedelta(minutes=1):
                    OfficialAccount.objects.filter(pk=account.pk).update(heard_at=at)
            return Kept(message, new=True)
        except IntegrityError:
            rows = InboxMessage.objects.filter(account=account, key=heard.key)
            rows.update(deliveries=F("deliveries") + 1)
            rows.filter(state__in=(State.WAITING, State.WORKING)).update(late=True)
            return Kept(rows.get(), new=False)


def _follower(account: OfficialAccount, heard: Heard, at: datetime) -> Follower:
    found = accounts.follower(account, heard.openid)
    if found is not None:
        return found
    fresh = Follower(
        community_id=account.community_id,
        account=account,
        openid=heard.openid,
        openid_index=accounts.index(heard.openid),
        language="",
        first_at=at,
    )
    Follower.objects.bulk_create(
        [fresh], ignore_conflicts=True
    )  # two first messages at once make one follower
    return Follower.objects.get(account=account, openid_index=fresh.openid_index)


def answer(
    account: OfficialAccount, heard: Heard, fields: dict[str, str], *, at: datetime, began: float
) -> str:
    """Keep a message, work it off if there is time, and give the words to answer at once; often none.

    :param began: the steady clock's reading when the call came in.
    """
    patience = _patience(began)
    kept = keep(account, heard, fields, at=at, late=patience <= 0)
    with scope.within([account.community_id]):
        if not kept.new:
            return _again(kept.message)
        if kept.message.late:
            return ""
        patience = _patience(began)
        done = patience > 0 and work_off(account, kept.message, at=at, patience=patience)
        if not done:
            InboxMessage.objects.filter(pk=kept.message.pk, done_at=None).update(late=True, due_at=at)
            return ""
        message = InboxMessage.objects.get(pk=kept.message.pk)
        return "" if message.late else message.reply or ""


def _patience(began: float) -> float:
    """Seconds that are left until the platform should have its answer."""
    return float(settings.LINLI_WECHAT_PATIENCE) - (time.monotonic() - began)


def _again(message: InboxMessage) -> str:
    """What a repeated delivery hears: the same answer, unless it goes by itself."""
    if message.done_at is None or message.late:
        return ""
    return message.reply or ""


def work_off(account: OfficialAccount, message: InboxMessage, *, at: datetime, patience: float = 0.0) -> bool:
    """Do what a kept message asks for, once; False while somebody else has it, or it takes too long.

    :param patience: seconds; 0 at the sweep, which has time.
    """
    claimed = InboxMessage.objects.filter(
        Q(state=State.WAITING) | Q(state=State.WORKING, due_at__lte=at), pk=message.pk
    ).update(state=State.WORKING, tries=F("tries") + 1, due_at=at + HOLD)
    if not claimed:
        return False
    if not _turn(message.follower_id, seconds=min(TURN_SECONDS, patience) if patience else TURN_SECONDS):
        InboxMessage.objects.filter(pk=message.pk).update(
            state=State.WAITING, due_at=at + timedelta(seconds=1)
        )
        return False
    try:
        with _bounded(patience):
            _work(account, message.pk, at)
        return True
    except OperationalError:
        connection.close_if_unusable_or_obsolete()
        InboxMessage.objects.filter(pk=message.pk, done_at=None).update(state=State.WAITING)
        return False
    finally:
        Follower.objects.filter(pk=message.follower_id).update(busy_ends_at=None)


def _turn(follower_id: int, *, seconds: float) -> bool:
    """Wait until no other message of this follower is being worked off."""
    until = time.monotonic() + seconds
    rows = Follower.objects.filter(Q(busy_ends_at=None) | Q(busy_ends_at__lt=Now()), pk=follower_id)
    while not rows.update(busy_ends_at=Now() + HOLD):
        if time.monotonic() >= until:
            return False
        time.sleep(0.03)
    return True


@contextmanager
def _bounded(seconds: float) -> Iterator[None]:
    """No statement takes longer than the platform waits."""
    if not seconds:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, false)", [str(max(200, int(seconds * 1000)))]
        )
    try:
        yield
    finally:
        try:
            with connection.cursor() as cursor:
                cursor.execute("RESET statement_timeout")
        except DatabaseError:
            connection.close()  # whoever comes next gets a connection without our limit


def _work(account: OfficialAccount, message_id: int, at: datetime) -> None:
    message = InboxMessage.objects.select_related("follower").get(pk=message_id)
    follower = message.follower
    fields = orjson.loads(message.body or "{}")
    heard = replace(messages.heard(fields), key=message.key)
    language = _language(follower, heard)
    actor = doings.actor_of(follower, at)
    held = load(follower)
    doing = Doing(account, follower, message, heard, at, actor, language)
    ears = LocalEars(account, follower, actor, at)
    with translation.override(language):
        first = follower.person_id is None
        turn = talk.turn(held, heard, ears, at=at.timestamp(), message=message.pk)
        done = doings.do(turn.act, turn.talk, doing) if turn.act else Done(turn.talk)
        scene = saying.Scene(account, follower, done.talk, at, first=first)
        reply = saying.words((*turn.says, *done.says), scene)
    follower.language = language
    _finish(doing, done, reply)


def _language(follower: Follower, heard: Heard) -> str:
    """The language to answer in: the one just written in, once enough of it is seen; else the one before."""
    said = wishes.language(heard.words) if heard.kind == "text" else ""
    if wishes.plain(heard.words) in {"中文", "说中文", "chinese"}:
        return "zh-hans"
    return said or follower.language or "zh-hans"


def load(follower: Follower) -> Talk:
    """What this follower has said so far."""
    return talk.from_data(orjson.loads(follower.talk)) if follower.talk else Talk()


def store(follower: Follower, said: Talk, *, at: datetime) -> None:
    """Put what was said so far into the follower's row, unsaved."""
    data = talk.as_data(said)
    follower.talk = orjson.dumps(data).decode() if data else None
    waits = said.step is Step.CONFIRM or (said.step is Step.PLACE and bool(said.words))
    follower.talk_at, follower.reminded = (at if waits else None), False


def _finish(doing: Doing, done: Done, reply: str) -> None:
    """The row, the follower and, if the platform has stopped waiting, the message that goes by itself."""
    at, follower = doing.at, doing.follower
    window = windows.Window(follower.window_ends_at, follower.window_left)
    if follower.follows or not doing.heard.is_event:
        window = windows.after(window, kind=doing.heard.kind, is_event=doing.heard.is_event, at=at)
    follower.window_ends_at, follower.window_left = window.until, window.left
    store(follower, done.talk, at=at)
    fetch = doing.heard.kind in FILES and bool(doing.heard.media_id)
    with transaction.atomic():
        row = InboxMessage.objects.select_for_update().get(pk=doing.message.pk)
        row.state, row.due_at = (State.FETCHING, at) if fetch else (State.DONE, None)
        row.reply, row.done_at = reply or None, at
        if done.number:
            row.case_number, row.joined = done.number, done.joined
        row.save()
        follower.save(update_fields=[
            "talk", "talk_at", "reminded", "language", "follows", "follows_at", "place_id", "place_at",
            "window_ends_at", "window_left",
        ])  # fmt: skip
        if row.late and reply:
            queue(follower, reply, key=f"inbox:{row.pk}", at=at)


def queue(follower: Follower, words: str, *, key: str, at: datetime) -> None:
    """Put a message in line for a follower; a key that was used before changes nothing."""
    Outgoing.objects.bulk_create(
        [
            Outgoing(
                community_id=follower.community_id,
                follower=follower,
                key=key,
                road=Outgoing.Road.CHAT,
                words=words,
                due_at=at,
                made_at=at,
            )
        ],
        ignore_conflicts=True,
    )
