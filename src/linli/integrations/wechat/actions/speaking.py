"""Speaking to a follower: a customer-service message while the window is open, else a notice they agreed to."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from linli.integrations.wechat import platform
from linli.integrations.wechat.actions import consent
from linli.integrations.wechat.models import Follower, NoticeTemplate, OfficialAccount, Outgoing
from linli.integrations.wechat.rules import errors, messages, windows
from linli.integrations.wechat.rules.errors import Reaction

log = logging.getLogger("linli.wechat")
PAUSES = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30))
MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Sent:
    """How one message fared. ``after``: when another try makes sense; None for none."""

    good: bool
    code: str = ""
    reference: str = ""
    reaction: Reaction | None = None
    after: timedelta | None = None


def is_open(follower: Follower, at: datetime) -> bool:
    """Whether a customer-service message may go to this follower now."""
    return follower.follows and windows.Window(follower.window_ends_at, follower.window_left).is_open(at)


def say(account: OfficialAccount, follower: Follower, words: str, *, at: datetime) -> Sent:
    """Send words in the open window; one message of it is used up whatever comes of it."""
    taken = Follower.objects.filter(
        pk=follower.pk, window_left__gt=0, window_ends_at__gt=at, follows=True
    ).update(window_left=F("window_left") - 1)
    if not taken:
        return Sent(False, "window_shut", reaction=Reaction.CLOSED)
    body = {"touser": follower.openid, "msgtype": "text", "text": {"content": messages.fit(words)}}
    try:
        platform.call(account, "/cgi-bin/message/custom/send", at=at, body=body)
    except platform.Refused as refused:
        return _not(follower, refused, at)
    return Sent(True)


def notify(
    account: OfficialAccount,
    follower: Follower,
    template: NoticeTemplate,
    values: dict[str, str],
    url: str,
    *,
    at: datetime,
) -> Sent:
    """Send a subscription notice, taking one consent; it is given back when the notice did not go."""
    with transaction.atomic():
        if not consent.spend(follower, template.template_id, at=at):
            return Sent(False, "no_subscription", reaction=Reaction.CLOSED)
    body: dict[str, Any] = {
        "touser": follower.openid,
        "template_id": template.template_id,
        "data": {name: {"value": value} for name, value in values.items()},
    }
    if url:
        body["page"] = url
    try:
        told = platform.call(account, "/cgi-bin/message/subscribe/bizsend", at=at, body=body)
    except platform.Refused as refused:
        if refused.reaction is Reaction.DECLINED:
            consent.clear(follower, template.template_id, at=at)
        elif refused.reaction is not Reaction.GONE:
            consent.give_back(follower, template.template_id, at=at)
        return _not(follower, refused, at)
    return Sent(True, reference=str(told.get("msgid", ""))[:80])


def _not(follower: Follower, refused: platform.Refused, at: datetime) -> Sent:
    """What a refusal teaches about the follower, and when to try again."""
    if refused.reaction is Reaction.GONE:
        Follower.objects.filter(pk=follower.pk).update(follows=False, window_left=0, window_ends_at=None)
    elif refused.reaction is Reaction.CLOSED:
        Follower.objects.filter(pk=follower.pk).update(window_left=0)
    elif refused.reaction in {Reaction.AGAIN, Reaction.REFRESH, Reaction.SETTING, Reaction.TOMORROW}:
        # It did not go, so it did not count.
        Follower.objects.filter(pk=follower.pk, window_ends_at__gt=at).update(
            window_left=Greatest(F("window_left") + 1, 1)
        )
    after = {
        Reaction.AGAIN: PAUSES[0],
        Reaction.REFRESH: PAUSES[1],
        Reaction.TOMORROW: timedelta(hours=6),
    }.get(refused.reaction)
    return Sent(False, refused.code, reaction=refused.reaction, after=after)


def send_waiting(account: OfficialAccount, row: Outgoing, *, at: datetime) -> int:
    """Send one waiting message of the chat; it is given up when the window shuts."""
    if not Outgoing.objects.filter(pk=row.pk, state=Outgoing.State.WAITING, due_at=row.due_at).update(
        due_at=at + timedelta(seconds=30), tries=F("tries") + 1
    ):
        return 0
    sent = say(account, row.follower, row.words or "", at=at)
    tries = row.tries + 1
    changes: dict[str, Any] = {"code": sent.code[:40]}
    if sent.good:
        changes |= {"state": Outgoing.State.SENT, "sent_at": at, "due_at": None}
    elif sent.after is None or tries >= MOST_TRIES + errors.MOST_TRIES:
        changes |= {"state": Outgoing.State.FAILED, "due_at": None}
        log.warning("an answer did not reach its follower", extra={"code": sent.code})
    else:
        changes["due_at"] = at + max(sent.after, PAUSES[min(tries - 1, len(PAUSES) - 1)])
    Outgoing.objects.filter(pk=row.pk).update(**changes)
    return int(sent.good)
