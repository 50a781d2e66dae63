"""Facts of the control room that others may hear: ids, codes and times, never personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BriefMade:
    """A daily or weekly brief can be read; ``day`` is its last day (ISO 8601)."""

    community_id: int
    kind: str
    day: str
    at: datetime
