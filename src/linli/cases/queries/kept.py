"""How promises were kept: by stage, and how long people waited for an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

# Days from the report to the first public answer: reply, handled, closed or declined. One row a case.
ANSWERED = """
WITH answered AS (
    SELECT extract(epoch FROM min(move.at) - one.reported_at) / 86400.0 AS days
    FROM cases_case one JOIN cases_move move ON move.case_id = one.id
    WHERE one.community_id = %(community)s AND (%(batch)s = '' OR one.batch = %(batch)s)
      AND (%(since)s::timestamptz IS NULL OR one.reported_at >= %(since)s)
      AND (%(until)s::timestamptz IS NULL OR one.reported_at < %(until)s)
      AND move.verb IN ('reply', 'handled', 'settle', 'close', 'decline') AND move.answer <> ''
    GROUP BY one.id, one.reported_at
)
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY days), count(*) FILTER (WHERE days <= %(within)s)
FROM answered
"""
STAGES = """
SELECT clock.stage, count(*) FILTER (WHERE clock.met), count(*) FILTER (WHERE NOT clock.met),
    count(*) FILTER (WHERE clock.stopped_at IS NULL AND (clock.due_at IS NULL OR clock.due_at >= %(at)s)),
    count(*) FILTER (WHERE clock.stopped_at IS NULL AND clock.due_at < %(at)s)
FROM cases_clockrow clock JOIN cases_case one ON one.id = clock.case_id
WHERE clock.community_id = %(community)s AND (%(batch)s = '' OR one.batch = %(batch)s)
  AND (%(since)s::timestamptz IS NULL OR clock.started_at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR clock.started_at < %(until)s)
GROUP BY clock.stage ORDER BY clock.stage
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """How long residents waited for the first answer they could read; days are 24 hours each."""

    cases: int
    median_days: float | None
    within: int  # cases answered within the asked number of days
    within_days: float

    @property
    def share(self) -> float | None:
        """The part answered in that time, 0 to 1."""
        return self.within / self.cases if self.cases else None


@dataclass(frozen=True, slots=True)
class StageKept:
    """The promises of one stage."""

    stage: str
    met: int
    late: int
    running: int
    broken: int  # still running, past their time


def _params(community_id: int, batch: str, since: datetime | None, until: datetime | None) -> dict[str, Any]:
    return {"community": community_id, "batch": batch, "since": since, "until": until}


def answered(
    community_id: int,
    *,
    within_days: float,
    batch: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> Answered:
    """How fast cases reported in a period (or brought in by one import) were answered."""
    with connection.cursor() as cursor:
        cursor.execute(ANSWERED, _params(community_id, batch, since, until) | {"within": within_days})
        cases, median, within = cursor.fetchone()
    return Answered(cases, float(median) if median is not None else None, within, within_days)


def stages(
    community_id: int,
    *,
    at: datetime,
    batch: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[StageKept]:
    """Promises met, late, running and broken, by stage."""
    with connection.cursor() as cursor:
        cursor.execute(STAGES, _params(community_id, batch, since, until) | {"at": at})
        return [StageKept(*row) for row in cursor.fetchall()]
