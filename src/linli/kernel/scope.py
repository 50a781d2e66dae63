"""Which communities the present work may see: the wall that PostgreSQL keeps (row-level security).

A request enters the communities of its actor, a sweep enters one community after another. Nothing entered means nothing
seen: tables marked ``walled`` then show no rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("linli_scope", default="")


def current() -> str:
    """The scope as PostgreSQL reads it: community ids in ascending order, ``"3,7"``; empty for none."""
    return _current.get()


def communities() -> frozenset[int]:
    """The communities entered now."""
    return frozenset(int(part) for part in _current.get().split(",") if part)


def enter(community_ids: Iterable[int]) -> None:
    """Enter exactly these communities for the rest of this request or task."""
    _current.set(as_text(community_ids))


def as_text(community_ids: Iterable[int]) -> str:
    """The text form of a set of communities."""
    return ",".join(str(number) for number in sorted({int(community) for community in community_ids}))


def leave() -> None:
    """See nothing."""
    _current.set("")


@contextmanager
def within(community_ids: Iterable[int]) -> Iterator[None]:
    """Work inside these communities, then return to where we were."""
    token = _current.set(as_text(community_ids))
    try:
        yield
    finally:
        _current.reset(token)
