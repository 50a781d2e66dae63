"""Data folders that the database's user can reach, and a Linli that runs in one of them."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from linli.runtime.testing import kept

MEMORY = Path("/dev/shm")
READY_SECONDS = 90


def clean_environment() -> dict[str, str]:
    """The environment without what the test harness has put into it."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LINLI_", "PYTEST_"))
        and name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    }


def linli(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the ``linli`` command on a data folder."""
    command = [sys.executable, "-m", "linli", "--home", str(home), *words]
    return subprocess.run(command, env=clean_environment(), capture_output=True, text=True, check=False)


class Commands:
    """``linli`` on one data folder, many commands in one process."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._process = subprocess.Popen(
            [sys.executable, "-m", "linli.runtime.tests.several"],
            env=clean_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one command."""
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        asked.write(json.dumps(["--home", str(self._home), *words]) + "\n")
        asked.flush()
        return subprocess.CompletedProcess(list(words), **json.loads(answered.readline()))

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=30)


@contextmanager
def commands(home: Path) -> Iterator[Commands]:
    """Commands on this data folder, for the length of the block."""
    made = Commands(home)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def migrated() -> Iterator[Path]:
    """A data folder whose database is migrated."""
    with folder() as home:
        kept.bring_migrated(home)
        yield home


@dataclass
class Running:
    """A ``linli serve`` under test."""

    home: Path
    port: int
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    ready: threading.Event = field(default_factory=threading.Event)

    def listen(self) -> None:
        """Collect what it says; runs in a thread until it ends."""
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip())
            if line.startswith("ready "):
                self.ready.set()


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def folder() -> Iterator[Path]:
    """An empty data folder, on memory where there is some: these tests start many servers."""
    parent = MEMORY if MEMORY.is_dir() else Path(tempfile.gettempdir())
    made = Path(tempfile.mkdtemp(prefix="linli-home-", dir=parent))
    made.chmod(0o711)  # the database's user passes through, whatever the test puts in first
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty data folder."""
    with folder() as made:
        yield made


@contextmanager
def serve(home: Path, **variables: str) -> Iterator[Running]:
    """``linli serve`` on free ports, from ready to stopped, with these variables in its environment."""
    port, live_port = free_port(), free_port()
    command = [sys.executable, "-m", "linli", "serve", "--home", str(home), "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--live-port", str(live_port)],
        env=clean_environment() | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    running = Running(home, port, process)
    listener = threading.Thread(target=running.listen)
    listener.start()
    try:
        assert running.ready.wait(READY_SECONDS), "\n".join(running.lines)
        yield running
    finally:
        process.terminate()
        process.wait(30)
        listener.join(5)


@pytest.fixture(scope="module")
def serving() -> Iterator[Running]:
    """Everything that ``linli serve`` starts, ready to answer."""
    with migrated() as home, serve(home) as running:
        yield running
