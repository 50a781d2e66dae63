"""Compares the journal with the database: nothing lost, nothing doubled, everything done."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import psycopg

from faults.journal import Line

SETTLE_SECONDS = 120.0
UNDONE = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
UNSEALED = (
    "SELECT count(*) FROM kernel_auditentry e"
    " WHERE NOT EXISTS (SELECT 1 FROM kernel_auditseal s WHERE s.entry_id = e.id)"
)
PARTS = """
SELECT c.number, c.words,
    (SELECT count(*) FROM cases_move m WHERE m.case_id = c.id AND m.verb = 'report'),
    (SELECT count(*) FROM cases_clockrow k WHERE k.case_id = c.id AND k.stage = 'accept'),
    (SELECT count(*) FROM kernel_auditentry a WHERE a.object = 'case:' || c.number AND a.verb = 'case.report'),
    c.suggestion IS NOT NULL
FROM cases_case c WHERE c.channel = 'api' AND c.words LIKE '第%试报%'
"""


@dataclass(slots=True)
class Verdict:
    """What the comparison found."""

    accepted: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    undone_jobs: int = 0
    unsealed: int = 0
    failed_jobs: int = 0
    retried: int = 0
    settled_in_seconds: float = 0.0

    @property
    def good(self) -> bool:
        """Whether every promise was kept."""
        broken = (
            self.lost
            or self.doubled
            or self.incomplete
            or self.undone_jobs
            or self.unsealed
            or self.failed_jobs
        )
        return not broken


def wait_until_done(connection: psycopg.Connection[Any], *, seconds: float = SETTLE_SECONDS) -> float:
    """Wait until no job and no unsealed entry is left; returns how long it took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if not _count(connection, UNDONE) and not _count(connection, UNSEALED):
            break
        time.sleep(0.5)
    return time.monotonic() - began


def _count(connection: psycopg.Connection[Any], query: str) -> int:
    row = connection.execute(query).fetchone()  # type: ignore[arg-type]  # constant statements of this module
    return int(row[0]) if row else 0


def compare(connection: psycopg.Connection[Any], lines: list[Line]) -> Verdict:
    """The journal against the database, as the role that owns the tables (it sees every community)."""
    verdict = Verdict(accepted=len(lines), retried=sum(line.tries > 1 for line in lines))
    verdict.settled_in_seconds = round(wait_until_done(connection), 1)
    verdict.undone_jobs, verdict.unsealed = _count(connection, UNDONE), _count(connection, UNSEALED)
    verdict.failed_jobs = _count(
        connection, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"
    )
    rows = connection.execute(PARTS).fetchall()
    here = {row[0]: row for row in rows}
    verdict.lost = [line.number for line in lines if line.number not in here]
    words = [row[1] for row in rows]
    numbers = [line.number for line in lines]
    verdict.doubled = sorted(
        {one for one in numbers if numbers.count(one) > 1} if len(numbers) < 5000 else set()
    )
    verdict.doubled += (
        sorted({one for one in words if words.count(one) > 1}) if len(words) != len(set(words)) else []
    )
    verdict.incomplete = [row[0] for row in rows if (row[2], row[3], row[4], row[5]) != (1, 1, 1, True)]
    return verdict
