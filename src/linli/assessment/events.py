"""Facts of assessment: ids and codes. Nobody's name, nobody's points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SchemePublished:
    """A version of a scheme holds from a day on."""

    community_id: int
    scheme_id: int
    version: int
    from_date: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RankingSwitched:
    """A community begins to rank, or stops."""

    community_id: int
    on: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class RunComputed:
    """A run was computed; it waits for a person to review it."""

    community_id: int
    run_id: int
    cause: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RunReviewed:
    """A person has looked at a run."""

    community_id: int
    run_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RunAnnounced:
    """Those who are assessed may see their scores, and appeal until a moment."""

    community_id: int
    run_id: int
    at: datetime
    appeals_until: str


@dataclass(frozen=True, slots=True)
class RunFinal:
    """The time for appeals is over; nothing changes any more."""

    community_id: int
    run_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RunSuperseded:
    """A newer version of the same period holds."""

    community_id: int
    run_id: int
    by_run_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class LateFactsFound:
    """Rows behind a final run changed; the run is not touched, its leader is told."""

    community_id: int
    run_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AppealMade:
    """Somebody appeals against a part of a score."""

    community_id: int
    appeal_id: int
    run_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AppealDecided:
    """An appeal was won or lost."""

    community_id: int
    appeal_id: int
    run_id: int
    at: datetime
    won: bool


@dataclass(frozen=True, slots=True)
class AdjustmentAsked:
    """Somebody asks that points be given or taken; a second person decides."""

    community_id: int
    adjustment_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AdjustmentDecided:
    """A second person decided about it."""

    community_id: int
    adjustment_id: int
    at: datetime
    granted: bool


@dataclass(frozen=True, slots=True)
class EvaluationOpened:
    """A quarter's 七清七掌握 round is open; evaluators were drawn."""

    community_id: int
    round_id: int
    at: datetime
    since: str
    sheets: int


@dataclass(frozen=True, slots=True)
class EvaluationClosed:
    """A round is over; its results may be read."""

    community_id: int
    round_id: int
    at: datetime
    written: int


@dataclass(frozen=True, slots=True)
class ScoresPublished:
    """A run was made known as the community's rule says."""

    community_id: int
    publication_id: int
    run_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class StarsChanged:
    """Somebody won or lost a star."""

    community_id: int
    account_id: int
    run_id: int
    at: datetime
    stars: int
    before: int
