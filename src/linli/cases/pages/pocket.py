"""What a session carries in its pocket: receipts it holds, files it has uploaded. Codes are sealed there too."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass

from django.http import HttpRequest

from linli.cases.pages.here import Asked
from linli.kernel import sealed

RECEIPTS, UPLOADS, SENT, OWNER = "linli.receipts", "linli.uploads", "linli.sent", "linli.owner"
MOST_RECEIPTS, MOST_UPLOADS, MOST_SENT = 30, 60, 20


@dataclass(frozen=True, slots=True)
class Held:
    """A receipt in the pocket. ``fresh``: made in this session, so that its code may be shown."""

    number: str
    community_id: int
    code: str
    fresh: bool


def hold(request: HttpRequest, number: str, community_id: int, code: str, *, fresh: bool) -> None:
    """Put a receipt into the pocket: this session is its holder from now on."""
    row = uuid.uuid4()
    blob = sealed.seal(code, table="django_session", column="receipt", row=row, community_id=community_id)
    kept = dict(request.session.get(RECEIPTS, {}))
    fresh = fresh or bool(number in kept and kept[number][3])
    kept.pop(number, None)
    kept[number] = [community_id, row.hex, blob.hex(), fresh]
    request.session[RECEIPTS] = dict(list(kept.items())[-MOST_RECEIPTS:])


def forget(request: HttpRequest, number: str) -> None:
    """Take a receipt out of the pocket."""
    kept = request.session.get(RECEIPTS, {})
    request.session[RECEIPTS] = {each: value for each, value in kept.items() if each != number}


def held(request: HttpRequest) -> list[str]:
    """The numbers of the receipts in the pocket, newest first."""
    return list(reversed(request.session.get(RECEIPTS, {})))


def receipt(request: HttpRequest, number: str) -> Held | None:
    """The receipt of this number, if this session holds it."""
    kept = request.session.get(RECEIPTS, {}).get(number)
    if kept is None:
        return None
    community_id, row, blob, fresh = kept
    try:
        code = sealed.open_(
            bytes.fromhex(blob),
            table="django_session",
            column="receipt",
            row=uuid.UUID(row),
            community_id=community_id,
        )
    except sealed.SealBroken:
        return None
    return Held(number, community_id, code, fresh)


def communities(request: HttpRequest) -> frozenset[int]:
    """The communities of the receipts and loose uploads in the pocket."""
    receipts = {kept[0] for kept in request.session.get(RECEIPTS, {}).values()}
    return frozenset(receipts | set(request.session.get(UPLOADS, {}).values()))


def uploaded(request: HttpRequest, ticket: str, community_id: int) -> None:
    """Note that this session uploaded a file: until it is sent, only this session may look at it."""
    kept = {**request.session.get(UPLOADS, {}), ticket: community_id}
    request.session[UPLOADS] = dict(list(kept.items())[-MOST_UPLOADS:])


def has_uploaded(request: HttpRequest, ticket: str) -> bool:
    """Whether this session uploaded the file."""
    return ticket in request.session.get(UPLOADS, {})


def sent(request: HttpRequest, key: str, number: str) -> None:
    """Note what became of a form, so that sending it again leads to the same receipt."""
    kept = {**request.session.get(SENT, {}), key: number}
    request.session[SENT] = dict(list(kept.items())[-MOST_SENT:])


def became_of(request: HttpRequest, key: str) -> str:
    """The number that came of a form with this key; empty when it was not sent."""
    number = request.session.get(SENT, {}).get(key, "")
    return str(number)


def owner(request: Asked) -> str:
    """Whose the drafts on this device are: a mark of the account, of this session without one, or nobody's yet."""
    if request.actor.signed_in:
        return "a" + sealed.blind_index("cases.device_owner", str(request.actor.account_id)).hex()[:24]
    return str(request.session.get(OWNER, ""))


def marked(request: Asked) -> str:
    """The same; a session without an account gets its mark now."""
    if not request.actor.signed_in and OWNER not in request.session:
        request.session[OWNER] = "s" + secrets.token_hex(12)
    return owner(request)
