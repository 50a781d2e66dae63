"""When an account may speak to a follower unasked: for a while after the follower did something, and so often. Pure.

The figures are the platform's as commonly known; all of them are defaults of an account, to be checked with the platform.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

OPEN_FOR = timedelta(hours=48)
AFTER_MESSAGE = 5
AFTER_TAP = 3
#: Events that open the window, with the lower count; others (leaving, views, receipts) open nothing.
TAPS = frozenset({"subscribe", "scan", "click", "scancode_waitmsg", "pic_photo_or_album", "location_select"})


@dataclass(frozen=True, slots=True)
class Window:
    """Until when the account may speak, and how many messages are left."""

    until: datetime | None = None
    left: int = 0

    def is_open(self, at: datetime) -> bool:
        """Whether a message may go now."""
        return self.until is not None and at < self.until and self.left > 0


def after(window: Window, *, kind: str, is_event: bool, at: datetime) -> Window:
    """The window after a follower did something; one act never takes away what an earlier one gave."""
    if is_event and kind not in TAPS:
        return window
    gives = AFTER_TAP if is_event else AFTER_MESSAGE
    left = max(gives, window.left) if window.is_open(at) else gives
    return Window(at + OPEN_FOR, left)


def spent(window: Window) -> Window:
    """The window after one message went."""
    return Window(window.until, max(0, window.left - 1))
