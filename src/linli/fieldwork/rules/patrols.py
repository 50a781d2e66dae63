"""What may be kept of a patrol, and when one is over by itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

POINTS_MOST = 2000
#: Clocks of phones run ahead a little.
AHEAD = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a worker was, as the worker's phone sent it: degrees in WGS-84."""

    lon: float
    lat: float
    at: datetime

    def written(self) -> str:
        """As it is sealed: some ten metres, no nearer."""
        return f"{self.lon:.4f},{self.lat:.4f}"


def is_forgotten(started_at: datetime, last_at: datetime | None, at: datetime, hours: int) -> bool:
    """Whether nothing came of an open patrol for so many hours.

    :param last_at: its last point or finding.
    """
    return at - (last_at or started_at) >= timedelta(hours=hours)


def may_be_kept(position: Position, *, started_at: datetime, ended_at: datetime | None, at: datetime) -> bool:
    """Whether a position was taken within the patrol and is one on this earth."""
    end = ended_at or at
    return (
        -180 <= position.lon <= 180
        and -90 <= position.lat <= 90
        and (started_at <= position.at <= end + AHEAD)
    )
