"""Looks after the job table: frees jobs whose worker died (procrastinate #1518) and forgets those long done."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

STUCK_AFTER = timedelta(seconds=45)
KEEP_DONE = timedelta(days=7)

RESCUE_SQL = """
WITH dead AS (
    SELECT job.id FROM procrastinate_jobs job
    LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
    WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < %s)
    FOR UPDATE OF job SKIP LOCKED LIMIT 500
)
UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL, attempts = attempts + 1
FROM dead WHERE procrastinate_jobs.id = dead.id RETURNING procrastinate_jobs.id
"""


def rescue_stuck(at: datetime) -> int:
    """Hand jobs of workers without a heartbeat back to the queue; returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RESCUE_SQL, (at - STUCK_AFTER,))
        return len(cursor.fetchall())


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


def pending() -> int:
    """How many jobs wait or run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
        return int(cursor.fetchone()[0])
