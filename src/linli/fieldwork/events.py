"""Facts of the work in the grids. Ids, codes and times: no word that was said, no place where somebody was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class VisitMade:
    """A visit to a household is written down."""

    community_id: int
    visit_id: int
    grid_id: int
    worker_id: int
    at: datetime
    purpose: str
    outcome: str


@dataclass(frozen=True, slots=True)
class VisitStruck:
    """A visit was taken back by its maker: it does not count."""

    community_id: int
    visit_id: int
    grid_id: int
    worker_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CarePlanMade:
    """A household is looked in on from now on."""

    community_id: int
    plan_id: int
    grid_id: int
    worker_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CarePlanEnded:
    """A plan of care is over."""

    community_id: int
    plan_id: int
    grid_id: int
    worker_id: int
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class PatrolStarted:
    """A worker began a patrol."""

    community_id: int
    patrol_id: int
    grid_id: int
    worker_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PatrolEnded:
    """A patrol is over: by its worker, or because it was forgotten."""

    community_id: int
    patrol_id: int
    grid_id: int
    worker_id: int
    at: datetime
    how: str
    findings: int


@dataclass(frozen=True, slots=True)
class HandOverOffered:
    """Somebody is asked to take over what is open in a grid."""

    community_id: int
    handover_id: int
    grid_id: int
    giver_id: int
    receiver_id: int
    at: datetime
    items: int


@dataclass(frozen=True, slots=True)
class HandOverAccepted:
    """A hand-over was accepted: whole, or a part of it."""

    community_id: int
    handover_id: int
    grid_id: int
    giver_id: int
    receiver_id: int
    at: datetime
    taken: int
    left: int


@dataclass(frozen=True, slots=True)
class HandOverDeclined:
    """A hand-over did not come about: declined by its receiver, or taken back."""

    community_id: int
    handover_id: int
    grid_id: int
    giver_id: int
    receiver_id: int
    at: datetime
    by_id: int


@dataclass(frozen=True, slots=True)
class ServiceGiven:
    """Somebody wrote down that they helped a resident; nobody has confirmed it yet."""

    community_id: int
    service_id: int
    grid_id: int
    worker_id: int
    at: datetime
    service: str


@dataclass(frozen=True, slots=True)
class ServiceAnswered:
    """A resident says that help was given, or that it was not."""

    community_id: int
    service_id: int
    grid_id: int
    worker_id: int
    at: datetime
    said: str
    way: str


@dataclass(frozen=True, slots=True)
class ServiceWithdrawn:
    """Whoever wrote down that they helped takes it back."""

    community_id: int
    service_id: int
    grid_id: int
    worker_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RechecksDrawn:
    """The records of a week that are looked at again are drawn."""

    community_id: int
    draw_id: int
    at: datetime
    week: str
    by_lot: int
    aimed: int


@dataclass(frozen=True, slots=True)
class RecheckAsked:
    """Somebody is asked to go and look at a record again."""

    community_id: int
    recheck_id: int
    visitor_id: int
    at: datetime
    second: bool


@dataclass(frozen=True, slots=True)
class RecheckFound:
    """Something is not right with a record, as a re-visit found it; its worker may answer first."""

    community_id: int
    recheck_id: int
    worker_id: int
    at: datetime
    found: str
    until: str


@dataclass(frozen=True, slots=True)
class RecheckAnswered:
    """The worker has said something to what a re-visit found."""

    community_id: int
    recheck_id: int
    worker_id: int
    at: datetime
    admitted: bool


@dataclass(frozen=True, slots=True)
class RecheckDecided:
    """A re-visit is over: nothing was wrong, or a person decided what was."""

    community_id: int
    recheck_id: int
    record: str
    record_id: int
    worker_id: int
    at: datetime
    outcome: str
    drawn: str
