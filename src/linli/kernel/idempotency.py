"""Makes retrying safe: the first answer under a key is kept and given again; another request under it is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from linli.kernel import sealed
from linli.kernel.models import Idempotency

KEEP = timedelta(days=7)


class KeyReused(Exception):
    """The key was used before for a different request."""


def key_digest(who: str, key: str) -> bytes:
    """The stored form of a key: HMAC over who sent it and the key itself, so keys of two people never meet."""
    return sealed.blind_index("idempotency", f"{who}\x00{key}")


def body_digest(*meaning: object) -> bytes:
    """SHA-256 over what was asked: plain values and frozen dataclasses, whose ``repr`` says everything they hold."""
    return hashlib.sha256(repr(meaning).encode()).digest()


def stored(digest: bytes, body: bytes) -> dict[str, Any] | None:
    """The first answer, or None if the key is new.

    :raises KeyReused: when the key belongs to another request.
    """
    row = Idempotency.objects.filter(pk=digest).first()
    if row is None:
        return None
    if bytes(row.body) != body:
        raise KeyReused
    receipt: dict[str, Any] = row.receipt
    return receipt


def once(digest: bytes, body: bytes, make: Callable[[], int | str]) -> tuple[int | str, bool]:
    """What ``make`` made under this key, and whether that was an earlier request. Runs in the caller's transaction.

    A twin under way waits here for the first to commit. What fails leaves no key behind.

    :param make: makes something and returns its id, which is all that is kept.
    :raises KeyReused: when the key belongs to another request.
    """
    Idempotency.objects.bulk_create(
        [Idempotency(digest=digest, body=body, receipt={})], ignore_conflicts=True
    )
    kept = stored(digest, body)
    if kept is None:
        raise RuntimeError("a key vanished while it was read")
    if kept:
        return kept["id"], True
    made = make()
    Idempotency.objects.filter(pk=digest).update(receipt={"id": made})
    return made, False


def keep(digest: bytes, body: bytes, made: int | str) -> dict[str, Any]:
    """Keep what was made under a key, unless a twin was faster; returns the first one's receipt.

    :raises KeyReused: when the key belongs to another request.
    """
    kept = Idempotency(digest=digest, body=body, receipt={"id": made})
    Idempotency.objects.bulk_create([kept], ignore_conflicts=True)
    return stored(digest, body) or {"id": made}


def forget(at: datetime) -> int:
    """Remove keys older than a week; returns how many."""
    removed, _ = Idempotency.objects.filter(at__lt=at - KEEP).delete()
    return removed
