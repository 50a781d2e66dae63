"""How often a program may ask: a window in this process's memory, so that counting costs no statement.

Everything a token asks is counted but reports and what belongs to them: over their own allowance they are quarantined,
never refused. Of those without a token reads are counted; their writes have allowances of their own (``kernel.limits``). A
program with keys of its own has a quota of its own. Each web process counts for itself, so the whole house allows as
many times more as it has processes.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from django.conf import settings

from linli.kernel import limits
from linli.kernel.access import Actor

MOST_KEPT = 20_000
_lock = threading.Lock()
_open: dict[str, tuple[float, int]] = {}  # who: the monotonic second its window began, and how many it took


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of an allowance; ``left`` is negative when nothing was."""

    quota: int
    window_seconds: int
    left: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        """As the IETF's draft of RateLimit header fields has it."""
        return {
            "RateLimit-Policy": f'"api";q={self.quota};w={self.window_seconds}',
            "RateLimit": f'"api";r={max(0, self.left)};t={self.reset_seconds}',
        }


class TooOften(Exception):
    """The allowance of this window is used up."""

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.room = room


def take(actor: Actor, network: str) -> Room | None:
    """Take one request from the allowance of a token, or of a network where nobody is signed in.

    None where the operator counts elsewhere (``LINLI_API_LIMITS=0``).

    :raises TooOften: nothing is left until the window ends.
    """
    if not settings.LINLI_API_LIMITS:
        return None
    kind = "key" if actor.signed_in else "anonymous"
    who = f"token:{actor.token_id}" if actor.signed_in else f"net:{network}"
    rate = limits.ALLOWANCES["api"][kind][0]
    quota = actor.quota or rate.capacity
    now = time.monotonic()
    with _lock:
        began, taken = _open.get(who, (now, 0))
        if now - began >= rate.per_seconds:
            began, taken = now, 0
        taken += 1
        if len(_open) >= MOST_KEPT:
            _forget_ended(now, rate.per_seconds)
        _open[who] = (began, taken)
    room = Room(quota, rate.per_seconds, quota - taken, round(began + rate.per_seconds - now) or 1)
    if room.left < 0:
        raise TooOften(room)
    return room


def forget() -> None:
    """Begin every window afresh."""
    with _lock:
        _open.clear()


def _forget_ended(now: float, window_seconds: int) -> None:
    for who in [who for who, (began, _) in _open.items() if now - began >= window_seconds]:
        del _open[who]
    if len(_open) >= MOST_KEPT:  # somebody asks from thousands of networks: memory comes first
        _open.clear()
