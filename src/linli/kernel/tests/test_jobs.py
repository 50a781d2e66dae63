"""Jobs outlive their workers: what procrastinate leaves lying is picked up, spaced, named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.jobs import Job

from linli.kernel import jobs

pytestmark = pytest.mark.django_db


def worker(*, beat_seconds_ago: float) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (clock_timestamp() - make_interval(secs => %s)) RETURNING id",
            [beat_seconds_ago],
        )
        return int(cursor.fetchone()[0])


def job(
    status: str = "doing", *, worker_id: int | None = None, attempts: int = 0, in_seconds: float | None = None
) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id, attempts, scheduled_at)"
            " VALUES ('reactions', 'linli.kernel.tasks.react', %s, %s, %s, %s,"
            " clock_timestamp() + make_interval(secs => %s)) RETURNING id",
            ['{"reaction": "room.react", "fact": "room.Fact"}', status, worker_id, attempts, in_seconds],
        )
        return int(cursor.fetchone()[0])


def look(job_id: int, column: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM procrastinate_jobs WHERE id = %s", [job_id])
        return cursor.fetchone()[0]


def test_it_frees_a_job_whose_workers_row_is_gone() -> None:
    left = job(worker_id=None)
    assert jobs.rescue_stuck() == 1
    assert (look(left, "status"), look(left, "attempts")) == ("todo", 1)


def test_it_frees_a_job_whose_worker_has_stopped_beating_and_no_other() -> None:
    dead, alive = worker(beat_seconds_ago=26), worker(beat_seconds_ago=20)
    left, running = job(worker_id=dead), job(worker_id=alive)
    assert jobs.rescue_stuck() == 1
    assert (look(left, "status"), look(running, "status")) == ("todo", "doing")


def test_a_heartbeat_from_before_the_clock_jumped_back_keeps_no_job_stuck() -> None:
    left = job(worker_id=worker(beat_seconds_ago=-7200))
    assert jobs.rescue_stuck() == 1
    assert look(left, "status") == "todo"


def test_a_job_that_was_asked_to_abort_is_freed_too_and_keeps_no_other_back() -> None:
    asked, other = job(), job()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET abort_requested = true WHERE id = %s", [asked])
    assert jobs.rescue_stuck() == 2
    assert {look(asked, "status"), look(other, "status")} == {"todo"}


def test_a_second_try_that_a_wrong_clock_put_off_is_brought_forward() -> None:
    put_off = job("todo", attempts=1, in_seconds=7200)
    soon = job("todo", attempts=5, in_seconds=jobs.LONGEST_WAIT.total_seconds())
    planned = job("todo", in_seconds=7200)
    assert jobs.rescue_stuck() == 1
    assert look(put_off, "scheduled_at <= clock_timestamp()")
    assert not look(soon, "scheduled_at <= clock_timestamp()")
    assert not look(planned, "scheduled_at <= clock_timestamp()")


def test_tries_are_spaced_ever_wider_and_end() -> None:
    waits = []
    for attempts in range(jobs.MOST_TRIES):
        tried = Job(
            id=1, queue="q", lock=None, queueing_lock=None, task_name="t", attempts=attempts, status="doing"
        )
        waits.append(jobs.Patience().get_retry_decision(exception=ValueError(), job=tried))
    assert waits.pop() is None
    seconds = [3, 9, 27, 81, 243, 600, 600]
    moments = [wait.retry_at for wait in waits if wait and wait.retry_at]
    spaces = [late - early for early, late in zip(moments, moments[1:], strict=False)]
    wanted = [timedelta(seconds=late - early) for early, late in zip(seconds, seconds[1:], strict=False)]
    assert len(moments) == len(seconds)
    assert all(abs(space - want) < timedelta(seconds=5) for space, want in zip(spaces, wanted, strict=True))


def test_what_failed_is_named_and_can_be_tried_afresh() -> None:
    lost, other = job("failed", attempts=8), job("failed", attempts=8)
    named = jobs.failed()
    assert [(one.id, one.reaction, one.fact, one.attempts) for one in named] == [
        (lost, "room.react", "room.Fact", 8),
        (other, "room.react", "room.Fact", 8),
    ]
    assert jobs.retry([lost]) == 1
    assert (look(lost, "status"), look(lost, "attempts")) == ("todo", 0)
    assert jobs.retry(None) == 1
    assert jobs.failed() == []
