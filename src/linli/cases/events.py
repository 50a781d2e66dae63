"""Facts about cases that others may hear: ids, codes and times, never personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CaseReported:
    """A case was taken in."""

    community_id: int
    number: str
    at: datetime
    channel: str
    quarantined: bool = False


@dataclass(frozen=True, slots=True)
class CaseMoved:
    """Something was done to a case."""

    community_id: int
    number: str
    at: datetime
    verb: str
    from_state: str
    to_state: str
    seq: int
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class CaseJoined:
    """One more person says the same of an open case."""

    community_id: int
    number: str
    at: datetime
    supporters: int


@dataclass(frozen=True, slots=True)
class CaseLeft:
    """Somebody who had joined a case left it again."""

    community_id: int
    number: str
    at: datetime
    supporters: int


@dataclass(frozen=True, slots=True)
class PromiseBroken:
    """A running promise passed its time."""

    community_id: int
    number: str
    at: datetime
    stage: str
    due_at: datetime
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class PromiseAtRisk:
    """Little is left of a running promise: the reminder before it breaks, once."""

    community_id: int
    number: str
    at: datetime
    stage: str
    due_at: datetime
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class LadderClimbed:
    """A rung of the ladder was climbed: who is to hear of it follows from its act (`queries.chasing.told_by`)."""

    community_id: int
    number: str
    at: datetime
    stage: str
    level: int
    act: str
    organisation_id: int | None = None
    letter_id: int | None = None


@dataclass(frozen=True, slots=True)
class LetterOverdue:
    """A letter of supervision was not answered by its day."""

    community_id: int
    number: str
    at: datetime
    letter_id: int
    kind: str
    due_at: datetime
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class WhistleBlown:
    """Bodies were called to a place at a time; which ones stands with the whistle."""

    community_id: int
    number: str
    at: datetime
    whistle_id: int
    meet_at: datetime


@dataclass(frozen=True, slots=True)
class WhistleAnswered:
    """A called body said whether it comes (`coming`, `declined`), or was excused (`excused`)."""

    community_id: int
    number: str
    at: datetime
    whistle_id: int
    organisation_id: int
    how: str


@dataclass(frozen=True, slots=True)
class BodyArrived:
    """A called body is where it was called to; `late` beyond the grace."""

    community_id: int
    number: str
    at: datetime
    whistle_id: int
    organisation_id: int
    arrived_at: datetime
    late: bool = False


@dataclass(frozen=True, slots=True)
class WhistleConcluded:
    """A whistle has ended: `concluded`, `called_off`, or `lapsed` because the case ended."""

    community_id: int
    number: str
    at: datetime
    whistle_id: int
    how: str


@dataclass(frozen=True, slots=True)
class ReferenceChanged:
    """A community changed what it decided: a category, a promise, a routing rule, a day or hours of work."""

    community_id: int
    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class UrgentRaised:
    """Somebody may be in danger: the room rings. ``kinds`` has blanks between them."""

    community_id: int
    number: str
    at: datetime
    kinds: str
    cause: str


@dataclass(frozen=True, slots=True)
class UrgentAnswered:
    """A person answered an alarm, so many seconds after it began to ring."""

    community_id: int
    number: str
    at: datetime
    account_id: int | None
    seconds: int


@dataclass(frozen=True, slots=True)
class UrgentUnanswered:
    """Nobody has answered an alarm: it goes on to more people; ``level`` is how often it did."""

    community_id: int
    number: str
    at: datetime
    rung_at: datetime
    level: int
