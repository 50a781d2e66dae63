"""Jobs whose worker dies or stands still (F03, F04; procrastinate #1518, #1495): done once in the database, and in time."""

from __future__ import annotations

import contextlib
import signal
import time
from typing import Any

import psycopg

from faults.compare import count, wait_until_done
from faults.house import House, until
from faults.locks import Report
from faults.outcome import Outcome
from linli.kernel.jobs import STUCK_AFTER

SWEEP_SECONDS = 5.0
# Freed, then at most two tries that meet the old one's lock and wait.
DONE_SECONDS = STUCK_AFTER.total_seconds() + SWEEP_SECONDS + 20
DOING = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"
BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE \"cases_case\"%%'"
JOB_OF = (
    "SELECT id FROM procrastinate_jobs WHERE args -> 'data' ->> 'number' = %s AND args ->> 'reaction' = ''"
)
SUGGESTED = "SELECT count(*) FROM cases_case WHERE number = %s AND suggestion IS NOT NULL"
SUCCEEDED = "SELECT count(*) FROM procrastinate_events WHERE job_id = ({job}) AND type = 'succeeded'"


def jobs(house: House, *, patient: bool) -> Outcome:
    """A worker is killed in the middle of two jobs; then one stands still in the middle of another and wakes again.

    :param patient: wait as long as it takes in earnest; otherwise heartbeats are aged and the sleeper's session is ended by
        hand, as time would do.
    """
    outcome = Outcome("jobs", {"patient": patient})
    with house.database() as connection:
        _killed(house, connection, outcome, patient=patient)
        _sleeping(house, connection, outcome, patient=patient)
        _duties(house, connection, outcome)
    return outcome


class Held:
    """Reports whose reactions are under way and cannot finish, because their cases are locked."""

    def __init__(self, house: House, watch: psycopg.Connection[Any], number: int) -> None:
        self.numbers: list[str] = []
        self._lock = contextlib.ExitStack()
        with house.stopped("worker"):
            for _ in range(number):
                report = Report(house)
                until(report.taken, seconds=30)
                self.numbers.append(report.receipt.data["number"])
            holder = self._lock.enter_context(house.database())
            self._lock.enter_context(holder.transaction())
            holder.execute("SELECT 1 FROM cases_case WHERE number = ANY(%s) FOR UPDATE", [self.numbers])
        until(lambda: count(watch, BLOCKED) >= number, seconds=30)

    def release(self) -> None:
        """Let them go on."""
        self._lock.close()


def _killed(house: House, connection: psycopg.Connection[Any], outcome: Outcome, *, patient: bool) -> None:
    wait_until_done(connection)
    held = Held(house, connection, 2)
    house.kill("worker")
    outcome.must(count(connection, DOING) == 2, "the fault really was made: two jobs are left in doing")
    first, second = ((count(connection, JOB_OF, number)) for number in held.numbers)
    # Way one: the worker's row is gone. Way two: it is there, and beats no more.
    connection.execute("UPDATE procrastinate_jobs SET worker_id = NULL WHERE id = %s", [first])
    if not patient:
        connection.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour'"
            " WHERE id = (SELECT worker_id FROM procrastinate_jobs WHERE id = %s)",
            [second],
        )
    held.release()
    with outcome.within(DONE_SECONDS, "seconds_until_jobs_of_the_killed_are_done"):
        until(lambda: not count(connection, DOING) and _done(connection, held.numbers), seconds=120)
    _once(connection, held.numbers, outcome, "of a killed worker")


def _sleeping(house: House, connection: psycopg.Connection[Any], outcome: Outcome, *, patient: bool) -> None:
    """SIGSTOP in the middle of a transaction that then holds a lock; another worker takes over; SIGCONT afterwards."""
    held = Held(house, connection, 1)
    sleeper = house.pids("worker")
    house.kill("worker", signal.SIGSTOP)
    held.release()  # the server gives the lock to the sleeper's session, which cannot use it
    try:
        with (
            house.another("worker"),
            outcome.within(DONE_SECONDS, "seconds_until_job_of_the_sleeper_is_done"),
        ):
            if not patient:
                _age(connection, held.numbers[0])
            until(lambda: _done(connection, held.numbers), seconds=120)
    finally:
        house.kill("worker", signal.SIGCONT)
    time.sleep(2)
    _once(connection, held.numbers, outcome, "of a worker that woke again")
    until(lambda: bool(house.pids("worker")), seconds=30)
    later = Report(house)
    until(later.taken, seconds=30)
    with outcome.within(DONE_SECONDS, "seconds_until_the_woken_worker_works"):
        until(lambda: _done(connection, [later.receipt.data["number"]]), seconds=60)
    outcome.facts["sleeper_replaced"] = not set(sleeper) & set(house.pids("worker"))


def _age(connection: psycopg.Connection[Any], number: str) -> None:
    """What half a minute does: the heartbeat is old, and the session that idles in its transaction is ended."""
    connection.execute(
        "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour'"
        " WHERE id = (SELECT worker_id FROM procrastinate_jobs WHERE args -> 'data' ->> 'number' = %s)",
        [number],
    )
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'linli_app'"
        " AND state = 'idle in transaction' AND query LIKE 'UPDATE \"cases_case\"%'"
    )


def _done(connection: psycopg.Connection[Any], numbers: list[str]) -> bool:
    return all(count(connection, SUGGESTED, number) == 1 for number in numbers)


def _once(connection: psycopg.Connection[Any], numbers: list[str], outcome: Outcome, whose: str) -> None:
    for number in numbers:
        job = JOB_OF.replace("%s", f"'{number}'")
        done = count(connection, SUCCEEDED.replace("{job}", job))
        outcome.must(done == 1, f"a job {whose} is done once, not {done} times")
    outcome.must(
        not count(connection, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"),
        "none failed",
    )


def _duties(house: House, connection: psycopg.Connection[Any], outcome: Outcome) -> None:
    """A duty missed while no worker ran (#1495) runs after the restart; one that ran lately waits its turn."""
    with house.stopped("worker"):
        set_back = "UPDATE kernel_heartbeat SET at = at - interval '30 hours' WHERE name = 'cases.archive'"
        connection.execute(set_back.encode())
        lately = connection.execute("SELECT at FROM kernel_heartbeat WHERE name = 'media.orphans'").fetchone()
        house.kill("worker")
    late = "SELECT count(*) FROM kernel_heartbeat WHERE name = 'cases.archive' AND at > now() - interval '1 hour'"
    with outcome.within(20, "seconds_until_a_missed_duty_ran"):
        until(lambda: count(connection, late) == 1, seconds=60)
    after = connection.execute("SELECT at FROM kernel_heartbeat WHERE name = 'media.orphans'").fetchone()
    outcome.must(after == lately, "a duty that ran lately is not run again by a restart")
