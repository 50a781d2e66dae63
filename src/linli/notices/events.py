"""Facts of telling people: what went out to many, and roads that do not get through. No recipient stands in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MailingEnded:
    """A message to many has been handed to everybody it was for, or nobody is left."""

    community_id: int
    key: str
    at: datetime
    kind: str
    people: int


@dataclass(frozen=True, slots=True)
class RoadFailing:
    """A road does not get through; said once a day."""

    community_id: int
    road: str
    at: datetime
    cause: str
