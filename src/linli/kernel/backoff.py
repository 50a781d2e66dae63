"""How long what failed waits before it is tried again: longer each time, up to a bound. Pure."""

from __future__ import annotations

from datetime import timedelta

MOST_STEPS = 16  # beyond this a wait grows no more, whatever its bound


def wait(tries: int, *, first: timedelta, longest: timedelta, factor: int = 2) -> timedelta:
    """The wait after so many tries that failed (1 and more): ``first``, then each time ``factor`` times as long."""
    steps = min(max(tries, 1) - 1, MOST_STEPS)
    longer: timedelta = first * int(factor**steps)
    return min(longer, longest)
