"""The signature of a delivery: HMAC-SHA256 over time and body, checked in constant time.

``Linli-Signature: t=1763863200,v1=5257a869…``; while a secret is exchanged there are two ``v1``; one that fits is enough.
The time is in what is signed, so that a delivery kept by somebody cannot be played again later.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable

HEADER = "Linli-Signature"
MARK = "whsec_"
TOLERANCE_SECONDS = 300


def new_secret() -> str:
    """A secret for an endpoint: 256 bits after a mark that scanners of leaked secrets know by sight."""
    return MARK + secrets.token_urlsafe(32)


def signature(secret: str, *, moment: int, body: bytes) -> str:
    """The signature in hexadecimal.

    :param moment: seconds since 1970.
    """
    return hmac.digest(secret.encode(), f"{moment}.".encode() + body, "sha256").hex()


def header(secrets_held: Iterable[str], *, moment: int, body: bytes) -> str:
    """The header's value, with one signature a secret."""
    signed = [f"v1={signature(one, moment=moment, body=body)}" for one in secrets_held]
    return ",".join([f"t={moment}", *signed])


def fits(
    given: str, body: bytes, *, secret: str, now: int, tolerance_seconds: int = TOLERANCE_SECONDS
) -> bool:
    """Whether a header's value is right for this body and this moment: what a receiver does."""
    parts = [part.strip().partition("=") for part in given.split(",")]
    moments = [value for key, _, value in parts if key == "t"]
    if len(moments) != 1 or not (moments[0].isascii() and moments[0].isdigit()) or len(moments[0]) > 12:
        return False
    moment = int(moments[0])
    if abs(now - moment) > tolerance_seconds:
        return False
    wanted = signature(secret, moment=moment, body=body).encode()
    shown = [value.encode() for key, _, value in parts if key == "v1"]
    return any([hmac.compare_digest(wanted, one) for one in shown])
