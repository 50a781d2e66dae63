"""One-time codes: sent to a phone, good once, for five minutes and five tries (T26)."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import connection, transaction

from linli.kernel import limits, sealed
from linli.people import models, ports, queries, rules


class TooManyCodes(Exception):
    """A limit on codes was reached; ``wait_seconds`` says when the next one may be asked for."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(str(wait_seconds))
        self.wait_seconds = wait_seconds


def send_code(
    *, phone: str, purpose: models.SignInCode.Purpose, network: str, language: str, at: datetime
) -> None:
    """Send a fresh code to the phone; the one sent before stops working.

    It does the same, in about the same time, whether or not the phone has an account.

    :param phone: in E.164.
    :param network: where the wish came from, see ``rules.network_of``.
    :raises TooManyCodes: over the limit of the phone, the network or the whole house.
    :raises ports.NotSent: when the carrier did not take it.
    """
    index = queries.phone_index(phone)
    _take_all(index.hex(), network)
    code = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}}"
    fresh = {
        "code_hash": _digest(index, purpose, code),
        "sent_at": at,
        "expires_at": at + rules.CODE_LIVES,
        "tries": 0,
        "used_at": None,
    }
    with transaction.atomic():
        models.SignInCode.objects.update_or_create(phone_index=index, purpose=purpose, defaults=fresh)
    ports.code_sender().send(phone, code, language)


def _take_all(phone_key: str, network: str) -> None:
    for who, subject in (("phone", phone_key), ("ip", network), ("everybody", "")):
        if limits.allow("sms_code", who, subject):
            continue
        waits = [
            limits.wait_seconds(
                limits.bucket_key("sms_code", who, subject, rate),
                capacity=rate.capacity,
                per_seconds=rate.per_seconds,
            )
            for rate in limits.ALLOWANCES["sms_code"][who]
        ]
        raise TooManyCodes(max(waits, default=60) or 60)


def check_code(*, phone: str, purpose: models.SignInCode.Purpose, code: str, at: datetime) -> bool:
    """Use up one try, and the code itself if it is right: one statement, so no race is won.

    :returns: whether the code was right, unused, in time and within its five tries.
    """
    index = queries.phone_index(phone)
    digest = _digest(index, purpose, rules.normal_code(code))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_signincode SET tries = tries + 1,"
            " used_at = CASE WHEN code_hash = %(digest)s THEN %(at)s::timestamptz END"
            " WHERE phone_index = %(index)s AND purpose = %(purpose)s AND used_at IS NULL"
            " AND expires_at > %(at)s AND tries < %(most)s RETURNING used_at IS NOT NULL",
            {"digest": digest, "index": index, "purpose": str(purpose), "at": at, "most": rules.CODE_TRIES},
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def _digest(index: bytes, purpose: str, code: str) -> bytes:
    return sealed.blind_index("people.code", f"{index.hex()}:{purpose}:{code}")
