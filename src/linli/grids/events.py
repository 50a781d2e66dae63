"""Facts that others may hear: ids, codes and times, never personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PlacesImported:
    """An import changed places of a community (0: divisions). ``version`` counts all changes of places."""

    community_id: int
    added: int
    changed: int
    closed: int
    outlines: int
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PlaceRenamed:
    """A place goes by other names, or holds another number of households."""

    community_id: int
    place_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class QrReplaced:
    """The code that hung at a place is void; another one hangs there."""

    community_id: int
    place_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DutyGranted:
    """Somebody serves somewhere as something from a day on."""

    community_id: int
    duty_id: int
    account_id: int
    place_id: int
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DutyEnded:
    """A duty holds no longer, from a day on (ISO date)."""

    community_id: int
    duty_id: int
    account_id: int
    role: str
    until: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PlaceFollowed:
    """An account tied itself to a community, and perhaps to a place there."""

    community_id: int
    account_id: int
    place_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ResidenceAsked:
    """An account says that it lives in a dwelling."""

    community_id: int
    residence_id: int
    account_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ResidenceBound:
    """An account is bound to a dwelling, on proof, until a day (ISO date)."""

    community_id: int
    residence_id: int
    account_id: int
    until: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ResidenceExpiring:
    """The proof of a home ends on a day (ISO date), soon; ``days`` before it this is said, and said once."""

    community_id: int
    residence_id: int
    account_id: int
    until: str
    days: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ResidenceEnded:
    """A residence was refused, given up or taken back, ran out, or gave way to a newer proof."""

    community_id: int
    residence_id: int
    account_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class SettingChanged:
    """A community wants something otherwise from now on."""

    community_id: int
    key: str
    at: datetime
