"""Facts about the machine help that others may hear: ids, codes and times, never personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TopicsAsked:
    """Topics and repeat problems of a community are to be worked out."""

    community_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class TopicFound:
    """Several people write about one matter of which no topic was known."""

    community_id: int
    topic_id: int
    at: datetime
    cases: int


@dataclass(frozen=True, slots=True)
class LearningAsked:
    """Categories are to be learned from a community's decisions."""

    community_id: int
    at: datetime
    account_id: int | None  # who asked; none by night


@dataclass(frozen=True, slots=True)
class ModelChanged:
    """Proposals of categories come from another version now."""

    community_id: int
    version: str
    at: datetime
