"""Signatures of the platform: of its callbacks, and of pages that use its script. Pure."""

from __future__ import annotations

import hashlib
import hmac

FRESH_SECONDS = 600


def signature(*parts: str) -> str:
    """The SHA-1 of the parts, sorted and put together; 40 hex digits."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def is_signed(given: str, *parts: str) -> bool:
    """Whether the given signature is that of the parts; takes the same time wherever they differ."""
    return hmac.compare_digest(signature(*parts).encode(), given.lower().encode())


def is_fresh(timestamp: str, now_seconds: float, *, within: int = FRESH_SECONDS) -> bool:
    """Whether a request was signed lately, by either clock.

    :param timestamp: Unix seconds as the platform wrote them.
    :param within: seconds by which the two clocks may differ.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(now_seconds - int(timestamp)) <= within


def page_signature(*, ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """The signature with which a page may use the platform's script; the part behind # does not count."""
    text = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url.split('#', 1)[0]}"
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
