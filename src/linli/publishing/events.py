"""Facts of announcements. Ids, days and times only: what is said stands on the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AnnouncementPublished:
    """An announcement was written; it may stand from a later day on."""

    community_id: int
    announcement_id: int
    place_id: int
    at: datetime
    from_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class AnnouncementBegan:
    """The first day of an announcement has come: it stands, and people are told where its author wants it."""

    community_id: int
    announcement_id: int
    place_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AnnouncementChanged:
    """An announcement says something else, or stands on other days."""

    community_id: int
    announcement_id: int
    place_id: int
    at: datetime
    version: int
    tell: str


@dataclass(frozen=True, slots=True)
class AnnouncementWithdrawn:
    """An announcement was taken down."""

    community_id: int
    announcement_id: int
    place_id: int
    at: datetime
    tell: str
