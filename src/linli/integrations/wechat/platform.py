"""Calling the platform: one place that adds the token, understands the answers, and renews what has run out.

Addresses come from the operator (``LINLI_WECHAT_API``), never from rows. Tokens and openids are never logged.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import orjson
from django.conf import settings
from django.db import transaction

from linli.integrations.wechat.models import OfficialAccount, PlatformToken
from linli.integrations.wechat.rules.errors import Reaction, reaction
from linli.kernel import outside
from linli.kernel.clock import LOCAL

log = logging.getLogger("linli.wechat")
EARLY = timedelta(minutes=10)  # tokens are renewed so long before they run out
SECONDS = 5.0
MOST_ANSWER = 1024 * 1024
MOST_FILE = 12 * 1024 * 1024
Asks = Callable[..., outside.Answer]


class Refused(Exception):
    """The platform did not do it. ``code`` is its own number, or ours in words for what never reached it."""

    def __init__(self, code: str, reaction: Reaction, said: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.reaction = reaction
        self.said = said[:200]


@dataclass(frozen=True, slots=True)
class File:
    """A file of the platform."""

    content: bytes
    kind: str


_asks: list[Asks] = []


def plug(asks: Asks | None) -> None:
    """Let another way out be used: tests speak with the other side in the same process."""
    _asks[:] = [asks] if asks else []


def base(name: str = "api") -> str:
    """An address of the platform: ``api``, ``open`` (sign-in) or ``mp`` (consent); of a demo, the side played in it."""
    told = {
        "api": settings.LINLI_WECHAT_API,
        "open": settings.LINLI_WECHAT_OPEN,
        "mp": settings.LINLI_WECHAT_MP,
    }[name]
    if told:
        return str(told).rstrip("/")
    if settings.LINLI_DEMO:
        return f"{own_base()}/demo/wechat/platform"
    return {
        "api": "https://api.weixin.qq.com",
        "open": "https://open.weixin.qq.com",
        "mp": "https://mp.weixin.qq.com",
    }[name]


def own_base() -> str:
    """Our own address, as the platform and residents know it."""
    return str(settings.LINLI_BASE_URL or "http://127.0.0.1:8000").rstrip("/")


def call(
    account: OfficialAccount,
    path: str,
    *,
    at: datetime,
    body: Mapping[str, Any] | None = None,
    query: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """One call with the account's token; a token that is said to be no good is renewed once.

    :param path: ``/cgi-bin/message/custom/send``.
    :raises Refused: the platform said no, or did not answer.
    """
    token = access_token(account, at=at)
    try:
        return _json(_send(path, {**(query or {}), "access_token": token}, body))
    except Refused as refused:
        if refused.reaction is not Reaction.REFRESH:
            raise _noted(account, refused, at) from None
    token = access_token(account, at=at, not_=token)
    try:
        return _json(_send(path, {**(query or {}), "access_token": token}, body))
    except Refused as refused:
        raise _noted(account, refused, at) from None


def fetch(account: OfficialAccount, media_id: str, *, at: datetime) -> File:
    """A picture or voice a follower sent.

    :raises Refused: gone, too large, or the platform said no.
    """
    token = access_token(account, at=at)
    for last in (False, True):
        answer = _send(
            "/cgi-bin/media/get", {"access_token": token, "media_id": media_id}, None, most=MOST_FILE
        )
        kind = answer.headers.get("content-type", "")
        if "json" not in kind and not kind.startswith("text/plain"):
            return File(answer.body, kind)
        try:
            _json(answer)
        except Refused as refused:
            if refused.reaction is not Reaction.REFRESH or last:
                raise _noted(account, refused, at) from None
            token = access_token(account, at=at, not_=token)
            continue
        raise Refused("no_file", Reaction.REFUSED)
    raise Refused("no_file", Reaction.REFUSED)


def exchange(account: OfficialAccount, code: str, *, at: datetime) -> str:
    """The openid behind a sign-in code, which is good once.

    :raises Refused: the code is not good (LOG_IN), or the platform did not answer.
    """
    query = {
        "appid": account.app_id,
        "secret": account.secret or "",
        "code": code,
        "grant_type": "authorization_code",
    }
    try:
        openid = _json(_send("/sns/oauth2/access_token", query, None)).get("openid")
    except Refused as refused:
        raise _noted(account, refused, at) from None
    if not isinstance(openid, str) or not 0 < len(openid) <= 64:
        raise Refused("garbled", Reaction.AGAIN)
    return openid


def access_token(account: OfficialAccount, *, at: datetime, not_: str = "") -> str:
    """The account's token, from our cache or newly fetched.

    :param not_: a token that was just refused; another one is wanted.
    :raises Refused: the platform gives none.
    """
    return _held(account, PlatformToken.Kind.ACCESS, _new_access, at=at, not_=not_)


def page_ticket(account: OfficialAccount, *, at: datetime) -> str:
    """The ticket with which pages are signed.

    :raises Refused: the platform gives none.
    """
    return _held(account, PlatformToken.Kind.PAGES, _new_ticket, at=at)


Renews = Callable[[OfficialAccount, datetime, bool], tuple[str, int]]


def _held(account: OfficialAccount, kind: str, renew: Renews, *, at: datetime, not_: str = "") -> str:
    """What is good still; near its end one caller renews it while the others go on with what there is."""
    row, _ = PlatformToken.objects.get_or_create(
        community_id=account.community_id, account=account, kind=kind
    )
    if _good(row, at, EARLY, not_):
        return str(row.value)
    if kind == PlatformToken.Kind.PAGES:
        access_token(account, at=at)  # renewed before the ticket's row is locked
    usable = _good(row, at, timedelta(0), not_)
    try:
        with transaction.atomic():
            held = PlatformToken.objects.select_for_update(skip_locked=usable).filter(pk=row.pk).first()
            if held is None:
                return str(row.value)
            if not _good(held, at, EARLY, not_):
                _keep(held, *renew(account, at, bool(not_)), at)
            return str(held.value)
    except Refused as refused:
        if usable and refused.reaction in {Reaction.AGAIN, Reaction.TOMORROW}:
            return str(row.value)  # it is good for a few minutes more
        raise _noted(account, refused, at) from None


def _good(row: PlatformToken, at: datetime, early: timedelta, not_: str) -> bool:
    if not row.value or row.expires_at is None or row.value == not_:
        return False
    return at + early < row.expires_at


def _keep(row: PlatformToken, value: str, lives: int, at: datetime) -> None:
    today = at.astimezone(LOCAL).date()
    row.fetches = row.fetches + 1 if row.fetches_date == today else 1
    row.fetches_date = today
    row.value, row.fetched_at, row.expires_at = value, at, at + timedelta(seconds=lives)
    row.save()


def _new_access(account: OfficialAccount, at: datetime, force: bool) -> tuple[str, int]:
    body = {
        "grant_type": "client_credential",
        "appid": account.app_id,
        "secret": account.secret or "",
        "force_refresh": force,
    }
    return _given(_json(_send("/cgi-bin/stable_token", {}, body)), "access_token")


def _new_ticket(account: OfficialAccount, at: datetime, force: bool) -> tuple[str, int]:
    return _given(call(account, "/cgi-bin/ticket/getticket", at=at, query={"type": "jsapi"}), "ticket")


def _given(told: dict[str, Any], name: str) -> tuple[str, int]:
    value, lives = told.get(name), told.get("expires_in", 0)
    if not isinstance(value, str) or not 0 < len(value) <= 2000 or not isinstance(lives, int):
        raise Refused("garbled", Reaction.AGAIN)
    return value, max(60, min(lives, 24 * 3600))


def _send(
    path: str, query: Mapping[str, str], body: Mapping[str, Any] | None, *, most: int = MOST_ANSWER
) -> outside.Answer:
    asks = _asks[0] if _asks else outside.ask
    url = f"{base()}{path}" + (f"?{urlencode(query)}" if query else "")
    started = time.monotonic()
    try:
        answer = asks(
            "POST" if body is not None else "GET",
            url,
            headers={"Content-Type": "application/json; charset=utf-8", "Accept": "*/*"},
            body=orjson.dumps(body) if body is not None else None,
            seconds=SECONDS,
            most_bytes=most,
        )
    except outside.Unreached as error:
        raise Refused(error.code, Reaction.AGAIN if error.again else Reaction.SETTING) from None
    if time.monotonic() - started > SECONDS / 2:
        log.warning("the platform answers slowly")
    if not answer.good:
        raise Refused(f"http_{answer.status}", Reaction.AGAIN)
    return answer


def _json(answer: outside.Answer) -> dict[str, Any]:
    """The answer, unless it says that something is wrong."""
    try:
        told = answer.json()
    except outside.Unreached as error:
        raise Refused("garbled", Reaction.AGAIN) from error
    if not isinstance(told, dict):
        raise Refused("garbled", Reaction.AGAIN)
    code = told.get("errcode", 0)
    if not isinstance(code, int):
        raise Refused("garbled", Reaction.AGAIN)
    if code:
        raise Refused(str(code), reaction(code), str(told.get("errmsg", "")))
    return told


def _noted(account: OfficialAccount, refused: Refused, at: datetime) -> Refused:
    """Keep what a person must see to; the settings page says it in plain words."""
    if refused.reaction in {Reaction.SETTING, Reaction.REFRESH, Reaction.TOMORROW}:
        again = at - timedelta(minutes=1)
        rows = OfficialAccount.objects.filter(pk=account.pk).exclude(
            trouble=refused.code, trouble_at__gt=again
        )
        rows.update(trouble=refused.code, trouble_at=at)
    return refused


def count_fetches(account: OfficialAccount, at: datetime) -> int:
    """How many tokens were fetched on this local day."""
    today = at.astimezone(LOCAL).date()
    return sum(
        PlatformToken.objects.filter(account=account, fetches_date=today).values_list("fetches", flat=True)
    )
