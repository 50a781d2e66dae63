"""What announcements ask of those above: how the telling went. ``site/wiring.py`` plugs it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class About(StrEnum):
    """What people were told."""

    FIRST = "first"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Mailed:
    """One message to many: to how many it went so far, since when, whether it is over, whether it was stopped."""

    about: About
    people: int
    read: int
    asked_at: datetime
    ended_at: datetime | None
    stopped: bool


class Telling(Protocol):
    """Knows how people were told of an announcement."""

    def mailed(self, community_id: int, announcement_id: int) -> tuple[Mailed, ...]:
        """The messages about it, the first one first."""


_plugged: list[Telling] = []


def plug(telling: Telling) -> None:
    """Let this one tell how it went."""
    _plugged[:] = [telling]


def mailed(community_id: int, announcement_id: int) -> tuple[Mailed, ...]:
    """The messages about an announcement, the first one first."""
    return _plugged[0].mailed(community_id, announcement_id) if _plugged else ()
