"""The application's clock jumps two hours ahead and two back (F07), while the database keeps the true time.

Another web process and another worker of the house live under ``faketime``; only the world's clock is false to them, the
steady one is not: so it is when a machine's clock is set.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg

from faults.asking import Answer, ask
from faults.compare import UNDONE, UNSEALED, count, wait_until_done
from faults.house import COMMUNITY, House, free_port, linli, ready, until
from faults.locks import Report
from faults.outcome import Outcome

JUMPS = ("+2h", "-2h", "+0")
FOLLOWS_SECONDS = 20.0
ANONYMOUS_AN_HOUR = 10
EARLY = "SELECT count(*) FROM cases_clockrow WHERE broken_at IS NOT NULL AND due_at > clock_timestamp()"
QUARANTINED = "SELECT count(*) FROM cases_case WHERE words LIKE '第无名%%' AND quarantined"
WRONG_BUCKETS = "SELECT count(*) FROM kernel_bucket WHERE updated > clock_timestamp() + interval '1 minute'"


def library() -> Path | None:
    """The preloaded library of Debian's package ``faketime``, installed if it is missing and can be; else None."""
    if not _found() and os.geteuid() == 0 and shutil.which("apt-get"):
        for words in (
            ["install", "-y", "-qq", "faketime"],
            ["update", "-qq"],
            ["install", "-y", "-qq", "faketime"],
        ):
            quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            with contextlib.suppress(subprocess.TimeoutExpired):
                subprocess.run(["apt-get", *words], env=quiet, capture_output=True, check=False, timeout=60)
            if _found():
                break
    return _found()


def _found() -> Path | None:
    return next(iter(sorted(Path("/usr/lib").glob("**/faketime/libfaketimeMT.so.1"))), None)


def clock(house: House, preloaded: Path) -> Outcome:
    """Ahead, back, and right again; after each jump people report, staff move cases, sweeps and reactions go on."""
    outcome = Outcome("clock", {"jumps": list(JUMPS)})
    told = house.home.parent / "faketime"
    told.write_text("+0")
    false = {
        "LD_PRELOAD": str(preloaded),
        "FAKETIME_TIMESTAMP_FILE": str(told),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    port = free_port()
    with house.database() as connection:
        wait_until_done(connection)
        with (
            house.stopped("worker"),
            house.another("worker", **false),
            house.another("web", "--port", str(port), "--threads", "2", **false),
        ):
            until(lambda: ready(port), seconds=60)
            _jump(house, connection, outcome, port=port, told=told)
    verified = linli(house.home, "audit", "verify")
    outcome.must(verified.returncode == 0, f"the audit chains are whole: {verified.stdout[:300]}")
    return outcome


def _jump(
    house: House, connection: psycopg.Connection[Any], outcome: Outcome, *, port: int, told: Path
) -> None:
    before = Report(house)
    first = _until_taken(port, before)
    made: list[Answer] = [first]
    anonymous = 0
    for jump in JUMPS:
        told.write_text(jump)
        outcome.must(abs(_seen(house, port) - _shift(jump)) < 60, f"the fault really was made: {jump}")
        again = _until_taken(port, before)
        outcome.must(again.data == first.data, f"{jump}: the same key gives the same receipt")
        made.append(_until_taken(port, Report(house)))
        with outcome.within(FOLLOWS_SECONDS, f"seconds_until_all_was_done_after_{jump}"):
            _all_done(connection)
        for answer in made:
            _moved(house, outcome, port, str(answer.data["number"]), jump)
        anonymous += _anonymous(port, 5)
        early = count(connection, EARLY)
        outcome.must(not early, f"{jump}: no promise is called broken before it is due, but {early} were")
    outcome.must(not count(connection, WRONG_BUCKETS), "limits count by the database's clock")
    over = count(connection, QUARANTINED)
    outcome.must(
        over == anonymous - ANONYMOUS_AN_HOUR, f"limits neither open nor shut: {over} of {anonymous} over"
    )


def _all_done(connection: psycopg.Connection[Any]) -> None:
    """Reactions done, and entries sealed, which is a timed duty of every second."""
    until(lambda: not count(connection, UNDONE) and not count(connection, UNSEALED), seconds=FOLLOWS_SECONDS)


def _until_taken(port: int, report: Report) -> Answer:
    answer = Answer(0)

    def taken() -> bool:
        nonlocal answer
        answer = ask(port, "POST", "/api/v1/cases", report.body, token=report.token, key=report.key)
        return answer.status == 201

    until(taken, seconds=15)
    return answer


def _moved(house: House, outcome: Outcome, port: int, number: str, jump: str) -> None:
    """Staff write a note on the case and read its story and clocks, whenever it was made."""
    token = house.people("dispatcher")[0]["token"]
    note = {"verb": "note", "note": f"时钟{jump}"}
    moved = ask(port, "POST", f"/api/v1/cases/{number}/moves", note, token=token)
    outcome.must(moved.status == 200, f"{jump}: a case can be moved: {moved.status} {moved.text[:200]}")
    story = ask(port, "GET", f"/api/v1/cases/{number}", token=token)
    outcome.must(story.status == 200, f"{jump}: a case can be read: {story.status}")
    listed = ask(port, "GET", "/api/v1/cases", token=token)
    outcome.must(listed.status == 200, f"{jump}: the list can be read: {listed.status}")


def _anonymous(port: int, number: int) -> int:
    for turn in range(number):
        body = {"community": COMMUNITY, "words": f"第无名{turn}次:楼道堆物。", "kind": "help"}
        ask(port, "POST", "/api/v1/cases", body)
    return number


def _seen(house: House, port: int) -> float:
    """By how many seconds the web process's clock is ahead of ours, as it dates what it is told."""
    answer = _until_taken(port, Report(house))
    with house.database() as connection:
        row = connection.execute(
            "SELECT extract(epoch FROM reported_at) FROM cases_case WHERE number = %s",
            [answer.data["number"]],
        ).fetchone()
    return float(row[0]) - time.time() if row else 0.0


def _shift(jump: str) -> float:
    return float(jump.removesuffix("h")) * 3600
