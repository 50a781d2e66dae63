"""Notices by WeChat: in the chat while its window is open, else as a subscription notice while a consent is left."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import orjson
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from linli.integrations.wechat import accounts, platform
from linli.integrations.wechat.actions import speaking
from linli.integrations.wechat.actions.speaking import Sent
from linli.integrations.wechat.models import Follower, InboxMessage, NoticeTemplate, OfficialAccount, Outgoing
from linli.integrations.wechat.rules import talk as talks
from linli.integrations.wechat.rules.errors import Reaction
from linli.integrations.wechat.rules.filling import fill
from linli.kernel import numbering, scope
from linli.notices.ports import Carried, Letter, Result

RECEIPT = "case_received"  # the chat gives one itself
ASKS_FOR_MARK = "case_settled"  # the notice after which a number in the chat is the case's mark
RESULTS = {
    Reaction.AGAIN: Result.LATER,
    Reaction.REFRESH: Result.LATER,
    Reaction.TOMORROW: Result.LATER,
    Reaction.CLOSED: Result.CLOSED,
    Reaction.GONE: Result.CLOSED,
    Reaction.DECLINED: Result.CLOSED,
}


class WechatCarrier:
    """Fills ``notices.ports.Carrier`` for the road ``wechat``. Addresses are our own numbers of followers."""

    road = "wechat"

    def address(
        self, *, community_id: int, account_id: int | None, organisation_id: int | None, at: datetime
    ) -> str | None:
        """The follower this person is, if a message could go now."""
        if account_id is None:
            return None
        return self.addresses(community_id=community_id, account_ids=[account_id], at=at).get(account_id)

    def addresses(self, *, community_id: int, account_ids: Sequence[int], at: datetime) -> Mapping[int, str]:
        """The followers these persons are: those who follow and are open to us by window or by consent."""
        with scope.within([community_id]):
            may = (
                Q(window_ends_at__gt=at, window_left__gt=0)
                | Q(consents__left__gt=0)
                | Q(consents__for_good=True)
            )
            found = Follower.objects.filter(may, person_id__in=account_ids, follows=True, account__on=True)
            return {row.person_id: str(row.pk) for row in found.distinct() if row.person_id is not None}

    def carry(self, letters: Sequence[tuple[str, Letter]], *, at: datetime) -> Sequence[Carried]:
        """One after the other; a key that went before is not sent again."""
        return [self._carry(address, letter, at) for address, letter in letters]

    def _carry(self, address: str, letter: Letter, at: datetime) -> Carried:
        with scope.within([letter.community_id]):
            account = accounts.of(letter.community_id)
            follower = Follower.objects.filter(pk=address if address.isdigit() else 0).first()
            if account is None or follower is None or not account.on:
                return Carried(Result.CLOSED, "no_follower")
            row, _new = Outgoing.objects.get_or_create(
                community_id=letter.community_id,
                key=f"notice:{letter.key}"[:120],
                defaults={"follower": follower, "made_at": at},
            )
            if row.state == Outgoing.State.SENT:
                return Carried(Result.SENT, reference=row.reference)
            road, sent = "", Sent(True, "told_in_chat")
            if not _told_already(follower, letter):
                road, sent = _send(account, follower, letter, at)
            _note(row, road, sent, at)
            if sent.good and letter.kind == ASKS_FOR_MARK:
                expect_mark(follower, letter.fields.get("number", ""))
            return _carried(sent)


def _told_already(follower: Follower, letter: Letter) -> bool:
    """Whether this is the receipt of a report that was made in this very chat, and so was given there."""
    number = numbering.parse_number(letter.fields.get("number", "")) if letter.kind == RECEIPT else None
    return bool(number) and InboxMessage.objects.filter(follower=follower, case_number=number or "").exists()


def _send(account: OfficialAccount, follower: Follower, letter: Letter, at: datetime) -> tuple[str, Sent]:
    """In the chat, and where that is shut or not allowed, as a notice."""
    sent = Sent(False, "window_shut", reaction=Reaction.CLOSED)
    if speaking.is_open(follower, at):
        sent = speaking.say(account, follower, _words(account, letter), at=at)
        if sent.good or sent.reaction not in {Reaction.CLOSED, Reaction.SETTING}:
            return Outgoing.Road.CHAT, sent
    template = NoticeTemplate.objects.filter(account=account, kind=letter.kind).first()
    if template is None:
        return "", sent
    told = {**letter.fields, "title": letter.title, "words": letter.words}
    values = fill(template.fields, told)
    return Outgoing.Road.NOTICE, speaking.notify(
        account, follower, template, values, _way(account, letter), at=at
    )


def _words(account: OfficialAccount, letter: Letter) -> str:
    parts = [letter.words, _way(account, letter)]
    if letter.kind == ASKS_FOR_MARK:
        with translation.override(letter.language):
            parts.append(_("Is it solved? Reply 1 to 5 (5 is best), or “not solved”."))
    return "\n".join(part for part in parts if part)


def _way(account: OfficialAccount, letter: Letter) -> str:
    """The letter's page, by way of signing in, so that nobody has to type a password inside WeChat."""
    if not letter.link:
        return ""
    parts = urlsplit(letter.link)
    if not letter.link.startswith(f"{platform.own_base()}/") or not re.fullmatch(r"/[\w/.-]*", parts.path):
        return letter.link
    return f"{platform.own_base()}{reverse('wechat:sign_in', args=[account.key])}?next={parts.path}"


def _note(row: Outgoing, road: str, sent: Sent, at: datetime) -> None:
    row.road, row.code, row.reference, row.tries = road, sent.code[:40], sent.reference, row.tries + 1
    row.state = Outgoing.State.SENT if sent.good else Outgoing.State.FAILED
    row.sent_at = at if sent.good else None
    row.save(update_fields=["road", "code", "reference", "tries", "state", "sent_at"])


def _carried(sent: Sent) -> Carried:
    if sent.good:
        return Carried(Result.SENT, reference=sent.reference)
    result = RESULTS.get(sent.reaction or Reaction.REFUSED, Result.REFUSED)
    after = (sent.after or timedelta(seconds=30)) if result is Result.LATER else None
    return Carried(result, sent.code, after=after)


def expect_mark(follower: Follower, number: str) -> None:
    """The follower was told that a case is settled: a number in the chat is now its mark."""
    parsed = numbering.parse_number(number)
    if not parsed:
        return
    with transaction.atomic():
        row = Follower.objects.select_for_update().get(pk=follower.pk)
        held = talks.from_data(orjson.loads(row.talk)) if row.talk else talks.Talk()
        row.talk = orjson.dumps(talks.as_data(replace(held, rate=parsed))).decode()
        row.save(update_fields=["talk"])
