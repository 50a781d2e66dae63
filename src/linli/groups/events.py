"""Facts of the directory of groups. Nobody's name and nothing that is said in a group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class GroupOpened:
    """A chat group is in the directory."""

    community_id: int
    group_id: int
    place_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class GroupClosed:
    """A chat group is no more."""

    community_id: int
    group_id: int
    place_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class HeadsCounted:
    """Somebody counted how many people and households a chat group reaches."""

    community_id: int
    group_id: int
    place_id: int
    at: datetime
    day: str
    people: int
    households: int


@dataclass(frozen=True, slots=True)
class GroupCodeExpiring:
    """The code by which people get into a chat group works one more day; said once."""

    community_id: int
    group_id: int
    place_id: int
    at: datetime
    until: str
