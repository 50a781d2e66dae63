"""Compares the journal with the database: nothing lost, nothing doubled, everything done."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from faults.journal import Line

SETTLE_SECONDS = 120.0
UNDONE = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
FAILED = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('failed', 'aborted')"
UNSEALED = (
    "SELECT count(*) FROM kernel_auditentry e"
    " WHERE NOT EXISTS (SELECT 1 FROM kernel_auditseal s WHERE s.entry_id = e.id)"
)
# Each report with its parts, each of which must be there once; suggestion: the reaction to it was done.
PARTS = """
SELECT c.number, c.words,
    (SELECT count(*) FROM cases_move m WHERE m.case_id = c.id AND m.verb = 'report'),
    (SELECT count(*) FROM cases_clockrow k WHERE k.case_id = c.id AND k.stage = 'accept'),
    (SELECT count(*) FROM kernel_auditentry a WHERE a.object = 'case:' || c.number AND a.verb = 'case.report'
     AND a.community_id = c.community_id),
    c.suggestion IS NOT NULL
FROM cases_case c WHERE c.channel = 'api' AND c.words LIKE '第%试报%'
"""
PICTURES = """
SELECT c.number, a.path, a.thumb_path, a.sha256 FROM cases_attachment a JOIN cases_case c ON c.id = a.case_id
WHERE c.words LIKE '第%试报%'
"""


@dataclass(slots=True)
class Verdict:
    """What the comparison found."""

    accepted: int = 0
    pictures: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    lost_pictures: list[str] = field(default_factory=list)
    undone_jobs: int = 0
    unsealed: int = 0
    failed_jobs: int = 0
    retried: int = 0
    settled_in_seconds: float = 0.0

    @property
    def good(self) -> bool:
        """Whether every promise was kept."""
        gone = self.lost or self.doubled or self.incomplete or self.lost_pictures
        return not (gone or self.undone_jobs or self.unsealed or self.failed_jobs)


def wait_until_done(connection: psycopg.Connection[Any], *, seconds: float = SETTLE_SECONDS) -> float:
    """Wait until no job and no unsealed entry is left; returns how long it took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if not count(connection, UNDONE) and not count(connection, UNSEALED):
            break
        time.sleep(0.5)
    return time.monotonic() - began


def count(connection: psycopg.Connection[Any], query: str, *given: object) -> int:
    """The number a constant statement gives."""
    row = connection.execute(query.encode(), given or None).fetchone()
    return int(row[0]) if row else 0


def compare(
    connection: psycopg.Connection[Any], lines: list[Line], media: Path, *, settle: float = SETTLE_SECONDS
) -> Verdict:
    """The journal against the database, as a role that sees every community, and against the media on disk."""
    verdict = Verdict(accepted=len(lines), retried=sum(line.tries > 1 for line in lines))
    verdict.settled_in_seconds = round(wait_until_done(connection, seconds=settle), 1)
    verdict.undone_jobs, verdict.unsealed = count(connection, UNDONE), count(connection, UNSEALED)
    verdict.failed_jobs = count(connection, FAILED)
    rows = connection.execute(PARTS).fetchall()
    here = {row[0] for row in rows}
    verdict.lost = [line.number for line in lines if line.number not in here]
    verdict.doubled = _twice(line.number for line in lines) + _twice(row[1] for row in rows)
    verdict.incomplete = [_told(*row) for row in rows if row[2:] != (1, 1, 1, True)]
    verdict.pictures = sum(line.pictures for line in lines)
    verdict.lost_pictures = _lost_pictures(connection, lines, media)
    return verdict


def _told(number: str, _words: str, moves: int, clocks: int, entries: int, suggested: bool) -> str:
    return f"{number} moves={moves} clocks={clocks} entries={entries} suggested={suggested}"


def _twice(values: Any) -> list[str]:
    return sorted(value for value, times in Counter(values).items() if times > 1)


def _lost_pictures(connection: psycopg.Connection[Any], lines: list[Line], media: Path) -> list[str]:
    """Reports without as many whole pictures as were accepted with them."""
    whole: Counter[str] = Counter()
    for number, path, thumb_path, sha256 in connection.execute(PICTURES).fetchall():
        file = media / path
        there = file.exists() and (media / thumb_path).exists()
        whole[number] += there and hashlib.sha256(file.read_bytes()).hexdigest() == sha256
    return [line.number for line in lines if whole[line.number] != line.pictures]
