"""What was worked out a moment ago, for all who look at the same thing: thousands of screens ask, one statement runs.

A value is used again while it is fresh, unless the asker has heard of something newer (``not_before``). Who comes while it
is being worked out waits for it and does not work it out again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

T = TypeVar("T")
MOST = 300  # values of one process; the oldest goes first
LEAST_APART = timedelta(milliseconds=400)  # however often something changes


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """A value and the moment it was true."""

    value: T
    at: datetime


_values: dict[Hashable, Kept[Any]] = {}
_locks: dict[Hashable, threading.Lock] = {}
_guard = threading.Lock()


def kept(
    key: Hashable,
    make: Callable[[], T],
    *,
    at: datetime,
    fresh_for: timedelta,
    not_before: datetime | None = None,
) -> Kept[T]:
    """The value under this key, made now if there is none that is fresh enough.

    :param at: now.
    :param not_before: the moment of the last change the asker has heard of.
    """
    with _guard:
        lock = _locks.setdefault(key, threading.Lock())
    with lock:
        held = _values.get(key)
        if held is not None and _good(held.at, at, fresh_for, not_before):
            return held
        made = Kept(make(), at)
        with _guard:
            _values[key] = made
            while len(_values) > MOST:
                oldest = min(_values, key=lambda one: _values[one].at)
                del _values[oldest]
                _locks.pop(oldest, None)
        return made


def _good(made_at: datetime, at: datetime, fresh_for: timedelta, not_before: datetime | None) -> bool:
    age = at - made_at
    if age < timedelta(0) or age >= fresh_for:
        return False
    return not_before is None or made_at > not_before or age < LEAST_APART


def forget() -> None:
    """Work everything out afresh next time."""
    with _guard:
        _values.clear()
        _locks.clear()
