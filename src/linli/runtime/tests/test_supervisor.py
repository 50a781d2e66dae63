"""All processes under one supervisor: what is killed comes back, and stopping leaves nothing behind."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from linli.runtime.children import Child
from linli.runtime.postgres import Postgres
from linli.runtime.supervisor import StartFailed, free_port
from linli.runtime.tests.conftest import Running, migrated, serve

pytestmark = pytest.mark.rounds

PATIENCE_SECONDS = 30.0


def until(true: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < PATIENCE_SECONDS, "waited in vain"
        time.sleep(0.1)


def answers(running: Running, path: str) -> bool:
    asking = http.client.HTTPConnection("127.0.0.1", running.port, timeout=5)
    try:
        asking.request("GET", path)
        return asking.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def processes_of(running: Running, word: str) -> list[int]:
    """Ids of the supervisor's descendants whose command line holds ``word``."""
    parents = {}
    lines = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                line = (entry / "cmdline").read_text()
            except OSError:  # it ended while we looked
                continue
            parents[int(entry.name)], lines[int(entry.name)] = parent, line
    family = {running.process.pid}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return sorted(pid for pid in family - {running.process.pid} if word in lines[pid])


def test_killed_processes_come_back_and_no_worker_of_the_web_outlives_its_main_process(
    serving: Running,
) -> None:
    parts = ("web", "worker", "live")
    before = {name: processes_of(serving, f"linli\0{name}") for name in parts}
    main, *workers = before["web"]
    assert workers
    assert before["worker"]
    assert before["live"]
    for pid in (main, *before["worker"], *before["live"]):
        os.kill(pid, signal.SIGKILL)
    until(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() for pid in workers))

    def all_are_back() -> bool:
        return all(set(processes_of(serving, f"linli\0{name}")) - set(before[name]) for name in parts)

    until(all_are_back)
    until(lambda: answers(serving, "/readyz"))


def test_a_killed_database_comes_back_and_the_web_finds_it_again(serving: Running) -> None:
    assert answers(serving, "/readyz")
    killed = processes_of(serving, "postgres")
    assert killed
    for pid in killed:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    until(lambda: bool(set(processes_of(serving, "postgres")) - set(killed)))
    until(lambda: answers(serving, "/readyz"))


def test_the_worker_beats_time_for_the_sweeps(serving: Running) -> None:
    def beats() -> int:
        with psycopg.connect(Postgres(serving.home).superuser_url("linli")) as connection:
            row = connection.execute("SELECT count(*) FROM kernel_heartbeat").fetchone()
        return row[0] if row else 0

    until(lambda: beats() > 0)
    assert beats() > 0


def test_stopping_leaves_nothing_behind(serving: Running) -> None:
    family = processes_of(serving, "")
    assert family
    serving.process.send_signal(signal.SIGTERM)
    assert serving.process.wait(30) == 0
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family))


def test_a_killed_supervisor_takes_everything_with_it(serving: Running) -> None:
    serving.process.terminate()
    serving.process.wait(30)
    with serve(serving.home) as again:
        family = processes_of(again, "")
        assert family
        again.process.kill()
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family))


def test_it_becomes_ready_where_only_the_public_name_is_allowed() -> None:
    with migrated() as home, serve(home, LINLI_ALLOWED_HOSTS="linli.example.org") as running:
        assert not answers(running, "/readyz")
        assert any(line.startswith("ready ") for line in running.lines)


def test_a_child_that_keeps_dying_is_started_ever_more_slowly() -> None:
    said: list[str] = []
    child = Child("broken", ("linli.runtime.tests.no_such_module",), {})
    child.start()
    began = time.monotonic()
    while time.monotonic() - began < 2.5:
        child.look_after(said.append)
        time.sleep(0.02)
    child.make_sure_it_stopped(1)
    assert 3 <= len(said) <= 5
    assert "exit code 1" in said[0]
    assert "0.2 s" in said[0]
    assert "0.4 s" in said[1]


def test_a_taken_port_is_refused_with_a_way_out() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        with pytest.raises(StartFailed, match="--port"):
            free_port("127.0.0.1", held.getsockname()[1])
