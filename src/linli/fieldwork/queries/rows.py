"""The frozen rows that leave this room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Visited:
    """A visit that counts. ``followed_up``: what it promised for another day was kept, or it promised nothing."""

    id: int
    worker_id: int
    grid_id: int
    dwelling_id: int
    need: str
    purpose: str
    outcome: str
    at: datetime
    made_at: datetime
    follow_up_date: date | None
    followed_up: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A day on which a care plan asked for a visit, whose it was then, and when it was met."""

    plan_id: int
    worker_id: int
    grid_id: int
    need: str
    due_date: date
    met_at: datetime | None


@dataclass(frozen=True, slots=True)
class Patrolled:
    """A patrol; ``ended_how`` tells who ended it."""

    id: int
    worker_id: int
    grid_id: int
    started_at: datetime
    ended_at: datetime | None
    ended_how: str
    points: int
    findings: int


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A hand-over that was offered in the time; ``items`` how many things it lists, ``taken`` how many were taken."""

    id: int
    from_id: int
    to_id: int
    grid_id: int
    at: datetime
    accepted_at: datetime | None
    items: int
    taken: int


@dataclass(frozen=True, slots=True)
class Helped:
    """Somebody did what was another's: a visit of the other's plan or promise, or an item taken over.

    ``record`` says which row ``id`` is of: ``visit`` or ``item``.
    """

    id: int
    record: str
    helper_id: int
    grid_id: int
    at: datetime
    for_id: int
