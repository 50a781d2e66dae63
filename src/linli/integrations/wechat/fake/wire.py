"""How the other side writes and reads: XML, signatures, envelopes, and what it finds wrong."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit
from xml.sax.saxutils import escape

from linli.integrations.wechat.rules import envelope, messages, signing

if TYPE_CHECKING:
    from linli.integrations.wechat.fake.platform import Account

LIMITS = {
    "thing": 20,
    "short_thing": 5,
    "character_string": 32,
    "name": 10,
    "phrase": 5,
    "time": 40,
    "date": 40,
    "number": 32,
    "const": 20,
}


def xml(fields: dict[str, Any]) -> str:
    """A message as the platform writes it."""
    return f"<xml>{_inner(fields)}</xml>"


def _inner(fields: dict[str, Any]) -> str:
    parts = []
    for name, value in fields.items():
        if isinstance(value, dict):
            parts.append(f"<{name}>{_inner(value)}</{name}>")
        elif "]]>" in str(value):
            parts.append(f"<{name}>{escape(str(value))}</{name}>")
        else:
            parts.append(f"<{name}><![CDATA[{value}]]></{name}>")
    return "".join(parts)


def signed(account: Account, body: str, *, at: float, wrong: bool = False) -> tuple[str, str]:
    """The address and the body of a call, sealed in AES mode."""
    timestamp, nonce = str(int(at)), secrets.token_hex(5)
    token = "wrong" if wrong else account.token
    query = {
        "signature": signing.signature(token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": "o",
    }
    if account.mode == "aes":
        sealed = envelope.seal(body, key=envelope.key_of(account.aes_key), app_id=account.app_id)
        query |= {"encrypt_type": "aes", "msg_signature": signing.signature(token, timestamp, nonce, sealed)}
        to = f"<ToUserName><![CDATA[{account.original_id}]]></ToUserName>"
        body = f"<xml>{to}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    return f"{account.callback}?{urlencode(query)}", body


def echo_url(account: Account, echo: str, *, at: float) -> str:
    """The address of the call that proves an account's server."""
    timestamp, nonce = str(int(at)), secrets.token_hex(5)
    query = {
        "signature": signing.signature(account.token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "echostr": echo,
    }
    return f"{account.callback}?{urlencode(query)}"


def reply(account: Account, text: str, openid: str) -> str:
    """The words of a passive reply; empty for none.

    :raises ValueError: not a reply the platform takes.
    """
    if text.strip() in {"", "success"}:
        return ""
    fields = messages.fields_of(text.encode())
    if account.mode == "aes":
        parts = (account.token, fields["TimeStamp"], fields["Nonce"], fields["Encrypt"])
        if not signing.is_signed(fields["MsgSignature"], *parts):
            raise ValueError("signature")
        whole = envelope.unseal(
            fields["Encrypt"], key=envelope.key_of(account.aes_key), app_id=account.app_id
        )
        fields = messages.fields_of(whole.encode())
    known = fields["ToUserName"] == openid and fields["FromUserName"] == account.original_id
    if not known or fields["MsgType"] != "text" or not fields["CreateTime"].isdigit():
        raise ValueError("not a reply")
    if len(fields["Content"].encode()) > 2048:
        raise ValueError("too long")
    return fields["Content"]


def host(url: str) -> str:
    """The host of an address, by which pages of an account are known."""
    return urlsplit(url).netloc


def fits(name: str, value: str) -> bool:
    """Whether a notice's field takes this value: by its kind, at most so long, never empty."""
    kind = re.sub(r"\d+$", "", name)
    return bool(value) and kind in LIMITS and len(value) <= LIMITS[kind]


def menu_fault(body: dict[str, Any]) -> int:
    """Why a menu is not taken, as the platform's number; 0 when it is."""
    buttons = body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        return 40016
    for button in buttons:
        code = _button_fault(button)
        if code:
            return code
    return 0


def _button_fault(button: dict[str, Any]) -> int:
    below = button.get("sub_button") or []
    if len(below) > 5:
        return 40023
    if not 1 <= len(str(button.get("name", "")).encode()) <= 16:
        return 40018
    return next((code for code in map(_entry_fault, below or [button]) if code), 0)


def _entry_fault(one: dict[str, Any]) -> int:
    if not 1 <= len(str(one.get("name", "")).encode()) <= 60:
        return 40025
    if one.get("type") == "view":
        return 0 if str(one.get("url", "")).startswith("http") else 40054
    return 0 if 1 <= len(str(one.get("key", "")).encode()) <= 128 else 40019
