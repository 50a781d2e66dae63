"""The nest: processes that share what one has loaded, and are otherwise as if they were started by themselves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from linli.runtime import application
from linli.runtime.children import Child
from linli.runtime.nest import Nest

HATCHLING = "linli.runtime.tests.hatchling"


@pytest.fixture(scope="module")
def nest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nest]:
    """A nest that loads the whole application, as in a house; it needs no database for that."""
    log = tmp_path_factory.mktemp("nest") / "nest.log"
    made = Nest({"DATABASE_URL": "postgresql://nobody@/nothing?host=/nowhere"}, log)
    yield made
    made.close()


def told(log: Path) -> dict[str, Any]:
    """What the hatchling said of itself, once it has."""
    until(lambda: log.exists() and log.read_text(encoding="utf-8").endswith("}\n"))
    found: dict[str, Any] = json.loads(log.read_text(encoding="utf-8"))
    return found


def until(true: Callable[[], bool]) -> None:
    """Wait for it, up to half a minute."""
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def nest_pid(nest: Nest) -> int:
    """The process that everybody is forked from."""
    assert nest._process is not None
    return nest._process.pid


def test_who_leaves_has_words_environment_log_session_and_exit_code_of_its_own(
    nest: Nest, tmp_path: Path
) -> None:
    log = tmp_path / "said.log"
    one = nest.hatch((HATCHLING, "3"), {"LINLI_TEST_OWN": "mine"}, log)
    assert one.wait(30) == 3
    assert told(log) == {
        "argv": [told(log)["argv"][0], "3"],
        "own": "mine",
        "parent": nest_pid(nest),
        "session": True,
        "django": True,
        "too_early": [],
    }


def test_it_is_called_by_its_own_words_in_the_list_of_processes(nest: Nest, tmp_path: Path) -> None:
    one = nest.hatch((HATCHLING, "wait"), {}, tmp_path / "said.log")
    told(tmp_path / "said.log")
    one.poll()
    line = Path(f"/proc/{one.pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
    assert line == [sys.executable.encode(), b"-m", HATCHLING.encode(), b"wait"]
    one.kill()
    assert one.wait(10) == -signal.SIGKILL


def test_waiting_longer_than_asked_is_told(nest: Nest, tmp_path: Path) -> None:
    one = nest.hatch((HATCHLING, "wait"), {}, tmp_path / "said.log")
    told(tmp_path / "said.log")
    with pytest.raises(subprocess.TimeoutExpired):
        one.wait(0.05)
    one.terminate()
    assert one.wait(10) == -signal.SIGTERM


def test_the_nest_has_one_thread_and_no_connection_so_that_a_fork_of_it_is_a_clean_beginning(
    nest: Nest, tmp_path: Path
) -> None:
    nest.hatch((HATCHLING, "0"), {}, tmp_path / "said.log").wait(30)
    own = Path(f"/proc/{nest_pid(nest)}")
    assert len(list((own / "task").iterdir())) == 1
    held = [os.readlink(entry) for entry in (own / "fd").iterdir()]
    assert sum(one.startswith("socket:") for one in held) == 1, held


def test_when_the_nest_dies_those_who_left_it_end_and_are_started_anew_from_another(tmp_path: Path) -> None:
    nest = Nest({"DATABASE_URL": "postgresql://nobody@/nothing?host=/nowhere"}, tmp_path / "nest.log")
    child = Child("hatchling", (HATCHLING, "wait"), {}, tmp_path / "said.log", nest)
    child.start()
    first = told(tmp_path / "said.log")["parent"]
    pid = child.pid
    assert pid
    os.kill(first, signal.SIGKILL)
    until(lambda: not Path(f"/proc/{pid}").exists())
    (tmp_path / "said.log").unlink()
    said: list[str] = []

    def is_back() -> bool:
        child.look_after(said.append)
        return (tmp_path / "said.log").exists()

    until(is_back)
    assert told(tmp_path / "said.log")["parent"] not in {first, os.getpid()}
    assert said
    assert "signal 9" in said[0]
    child.make_sure_it_stopped(0)
    nest.close()


def test_a_nest_that_cannot_load_lets_nobody_out_and_says_why(tmp_path: Path) -> None:
    nest = Nest({"DATABASE_URL": "mysql://elsewhere"}, tmp_path / "nest.log")
    one = nest.hatch((HATCHLING, "0"), {}, tmp_path / "said.log")
    assert one.wait(30) == 1
    assert "DATABASE_URL must begin with postgresql://" in (tmp_path / "nest.log").read_text(encoding="utf-8")
    nest.close()


def test_a_process_that_leaves_takes_its_part_with_the_patience_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LINLI_PART", "")
    monkeypatch.setenv("DATABASE_URL", "postgresql://linli_app@localhost/linli")
    monkeypatch.setattr(settings, "LINLI_PART", "")
    monkeypatch.setitem(connections.settings["default"], "OPTIONS", {})
    application.take("worker")
    assert "statement_timeout=60s" in connections.settings["default"]["OPTIONS"]["options"]
    application.take("web")
    assert "statement_timeout=5s" in connections.settings["default"]["OPTIONS"]["options"]
    assert settings.LINLI_PART == "web"


def test_the_supervisor_itself_loads_neither_django_s_tables_nor_a_driver() -> None:
    look = (
        "import sys, linli.runtime.cli, linli.runtime.commands.run\n"
        "print({'django.db', 'psycopg', 'asyncio'} & set(sys.modules))"
    )
    seen = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "set()"
