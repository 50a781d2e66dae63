"""A screen's link: how long it lives and what it looks like. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

LIVES_DAYS = (1, 7, 30, 90)
LONGEST_NAME = 40
MOST = 20  # links of a community that hold at the same time
SEEN_EVERY = timedelta(minutes=5)


def digest(secret: str) -> bytes:
    """What is kept of a secret of 192 random bits; those need no slow hash."""
    return hashlib.sha256(b"linli screen " + secret.encode()).digest()


def written(community_id: int, secret: str) -> str:
    """The token of a link: whose wall, and the secret."""
    return f"{community_id}-{secret}"


def read(token: str) -> tuple[int, str] | None:
    """Community and secret of a token; None for what is none."""
    community, _, secret = token.partition("-")
    if not (community.isascii() and community.isdigit() and len(community) < 18 and 20 <= len(secret) <= 60):
        return None
    return int(community), secret


def holds(*, expires_at: datetime, revoked_at: datetime | None, at: datetime) -> bool:
    """Whether a link still opens the wall."""
    return revoked_at is None and at < expires_at
