"""Where the platform calls: the proof of the address, and every message and event of a follower."""

from __future__ import annotations

import logging
import math
import secrets
import time
from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from linli.integrations.wechat import accounts
from linli.integrations.wechat.actions import hearing
from linli.integrations.wechat.models import OfficialAccount
from linli.integrations.wechat.rules import envelope, messages, signing
from linli.integrations.wechat.rules.waiting import BUSY_SECONDS, Line
from linli.kernel import access, scope
from linli.people.pages.ways import Asked

log = logging.getLogger("linli.wechat")
_LINE = Line()
NOTHING = "success"  # what the platform takes for "heard, no answer now"


class NotTheirs(Exception):
    """The call is not the platform's, or not for this account. ``status``: 403 unproved, 400 unreadable."""

    def __init__(self, code: str, status: int = 403) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


@dataclass(frozen=True, slots=True)
class Opened:
    """A call that was proved: its fields, and whether the answer is to be sealed."""

    fields: dict[str, str]
    sealed: bool


@csrf_exempt
@access.policy("wechat.callback", who=access.PUBLIC)
@require_http_methods(["GET", "POST"])
def callback(request: Asked, key: str) -> HttpResponse:
    """One call of the platform, answered before it stops waiting."""
    began = time.monotonic()
    account = accounts.by_key(key)
    try:
        _prove(request, account)
        began -= _waited(request)
        if request.method == "GET":
            return _echo(request, account)
        opened = _open(request, account)
        heard = messages.heard(opened.fields)
    except NotTheirs as no:
        log.warning("a call of the platform was refused", extra={"code": no.code})
        return _plain("", status=no.status)
    except messages.BadMessage:
        log.warning("a call of the platform was refused", extra={"code": "bad_message"})
        return _plain("", status=400)
    said = hearing.answer(account, heard, opened.fields, at=request.now, began=began)
    if not said:
        return _plain(NOTHING)
    reply = messages.text_reply(
        to=heard.openid, from_=opened.fields.get("ToUserName", ""), words=said, at=request.now
    )
    return _xml(_sealed(account, reply, request) if opened.sealed else reply)


def _prove(request: Asked, account: OfficialAccount) -> None:
    given = request.GET
    if not signing.is_signed(
        given.get("signature", ""), account.token, given.get("timestamp", ""), given.get("nonce", "")
    ):
        raise NotTheirs("bad_signature")
    if not signing.is_fresh(
        given.get("timestamp", ""), request.now.timestamp(), within=account.fresh_seconds
    ):
        raise NotTheirs("not_fresh")


def _waited(request: Asked) -> float:
    """Seconds this call stood in line before we took it up; without end where the line is long: it is only kept then."""
    waited = _LINE.waited(float(request.GET["timestamp"]), request.now.timestamp(), steady=time.monotonic())
    return math.inf if waited >= BUSY_SECONDS else waited


def _echo(request: Asked, account: OfficialAccount) -> HttpResponse:
    with scope.within([account.community_id]):
        OfficialAccount.objects.filter(pk=account.pk).update(proved_at=request.now)
    return _plain(request.GET.get("echostr", "")[:200])


def _open(request: Asked, account: OfficialAccount) -> Opened:
    if int(request.META.get("CONTENT_LENGTH") or 0) > messages.MOST_BYTES:
        raise NotTheirs("too_large", 400)
    fields = messages.fields_of(request.body)
    sealed = account.mode == OfficialAccount.Mode.AES
    if sealed != ("Encrypt" in fields):
        raise NotTheirs("wrong_mode", 400)
    if sealed:
        fields = _unsealed(request, account, fields["Encrypt"])
    if account.original_id and fields.get("ToUserName", "") != account.original_id:
        raise NotTheirs("not_ours", 400)
    return Opened(fields, sealed)


def _unsealed(request: Asked, account: OfficialAccount, sealed: str) -> dict[str, str]:
    given = request.GET
    parts = (account.token, given.get("timestamp", ""), given.get("nonce", ""), sealed)
    if not signing.is_signed(given.get("msg_signature", ""), *parts):
        raise NotTheirs("bad_signature")
    try:
        text = envelope.unseal(sealed, key=envelope.key_of(account.aes_key or ""), app_id=account.app_id)
    except envelope.BadEnvelope as error:
        raise NotTheirs("bad_envelope", 400) from error
    return messages.fields_of(text.encode())


def _sealed(account: OfficialAccount, reply: str, request: Asked) -> str:
    sealed = envelope.seal(reply, key=envelope.key_of(account.aes_key or ""), app_id=account.app_id)
    timestamp, nonce = str(int(request.now.timestamp())), secrets.token_hex(8)
    signed = signing.signature(account.token, timestamp, nonce, sealed)
    return messages.sealed_reply(envelope=sealed, signed=signed, timestamp=timestamp, nonce=nonce)


def _plain(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _xml(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/xml; charset=utf-8")
