"""The signed permit to listen to live topics; plain Python, because the live process does without Django."""

from __future__ import annotations

import hashlib
import hmac


def signature(body: str, secret: str) -> str:
    """The ticket's signature (hex HMAC-SHA256) under a key derived for this purpose alone."""
    key = hashlib.sha256(b"linli live ticket " + secret.encode()).digest()
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()


def issue(topics: list[str], secret: str, *, until: int) -> str:
    """A ticket for these topics until a Unix time: ``until.topics.signature``."""
    body = f"{until}.{','.join(topics)}"
    return f"{body}.{signature(body, secret)}"
