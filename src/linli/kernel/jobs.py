"""Looks after the job table: frees jobs whose worker died, spaces the tries, names what failed, forgets what is done.

Procrastinate leaves a job in ``doing`` when its worker is killed (its #1518), in two shapes: the worker's row is gone, or
is there with an old heartbeat. All times here are the database's: a worker whose clock is wrong must neither take running
jobs away nor put a second try off by hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection, transaction
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from linli.kernel import backoff

HEARTBEAT_SECONDS = 5.0
STUCK_AFTER = timedelta(seconds=25)
KEEP_DONE = timedelta(days=7)
MOST_TRIES = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=3), timedelta(minutes=10)
WAIT_FACTOR = 3  # seconds before the next try: 3, 9, 27, 81, 243, 600, 600

# A heartbeat from the future was written before the database's clock jumped back; a living worker soon writes another.
RESCUE_SQL = """
WITH dead AS (
    SELECT job.id FROM procrastinate_jobs job
    LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
    WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat NOT BETWEEN
        clock_timestamp() - %(stuck)s::interval AND clock_timestamp() + %(stuck)s::interval)
    FOR UPDATE OF job SKIP LOCKED LIMIT 500
)
UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL, attempts = attempts + 1, abort_requested = false
FROM dead WHERE procrastinate_jobs.id = dead.id
"""
# Only tries after the first: what a room puts off on purpose has not been tried yet.
BRING_FORWARD_SQL = """
UPDATE procrastinate_jobs SET scheduled_at = clock_timestamp()
WHERE status = 'todo' AND attempts > 0 AND scheduled_at > clock_timestamp() + %s::interval
"""
FAILED_SQL = """
SELECT job.id, coalesce(job.args ->> 'reaction', job.task_name), coalesce(job.args ->> 'fact', ''), job.attempts,
    (SELECT max(event.at) FROM procrastinate_events event
     WHERE event.job_id = job.id AND event.type IN ('failed', 'aborted'))
FROM procrastinate_jobs job WHERE job.status IN ('failed', 'aborted') ORDER BY job.id LIMIT %s
"""
RETRY_SQL = """
UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = NULL, worker_id = NULL, abort_requested = false
WHERE status IN ('failed', 'aborted') AND (%(all)s OR id = ANY(%(ids)s))
"""


class Patience(BaseRetryStrategy):
    """Eight tries, each after a longer wait; then the job stays ``failed`` until somebody looks (``linli jobs``)."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again, or None."""
        if job.attempts + 1 >= MOST_TRIES:
            return None
        wait = backoff.wait(job.attempts + 1, first=FIRST_WAIT, longest=LONGEST_WAIT, factor=WAIT_FACTOR)
        return RetryDecision(retry_in={"seconds": int(wait.total_seconds())})


@dataclass(frozen=True, slots=True)
class Failed:
    """A job that nobody will try again by itself."""

    id: int
    reaction: str
    fact: str
    attempts: int
    at: datetime | None


def rescue_stuck() -> int:
    """Hand jobs of workers without a heartbeat back to the queue, and tries that a wrong clock put off; how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RESCUE_SQL, {"stuck": str(STUCK_AFTER)})
        rescued = int(cursor.rowcount)
        cursor.execute(BRING_FORWARD_SQL, [str(LONGEST_WAIT + STUCK_AFTER)])
        return rescued + int(cursor.rowcount)


def failed(limit: int = 100) -> list[Failed]:
    """The jobs that failed for good, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(FAILED_SQL, [limit])
        return [Failed(*row) for row in cursor.fetchall()]


def retry(ids: Iterable[int] | None) -> int:
    """Let failed jobs be tried afresh, these or (None) all; returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RETRY_SQL, {"all": ids is None, "ids": list(ids or ())})
        return int(cursor.rowcount)


def forget_done(at: datetime) -> int:
    """Remove jobs that succeeded more than a week ago; failed ones stay to be read."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE id IN (SELECT job.id FROM procrastinate_jobs job WHERE job.status ="
            " 'succeeded' AND NOT EXISTS (SELECT 1 FROM procrastinate_events e WHERE e.job_id = job.id AND e.at > %s)"
            " LIMIT 5000)",
            (at - KEEP_DONE,),
        )
        return int(cursor.rowcount)


def waiting() -> dict[str, int]:
    """How many jobs wait or run, by queue; nothing while the database does not answer: who watches still gets the rest."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT queue_name, count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') GROUP BY queue_name"
            )
            return {str(queue): int(count) for queue, count in cursor.fetchall()}
    except DatabaseError:
        return {}
