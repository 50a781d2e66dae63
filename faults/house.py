"""A Linli of our own to break: started as anybody would start it, on a data folder and ports of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from faults.asking import Answer, ask
from linli.runtime.osuser import die_with_parent
from linli.runtime.postgres import Postgres

READY_SECONDS = 180.0
COMMUNITY = "520113008006"
MARKS = {"web": b"web", "worker": b"worker", "live": b"live"}


class House:
    """The supervisor and its children, found by their place in the process tree; without ``past`` its desk is empty."""

    def __init__(self, home: Path, *, past: bool = True) -> None:
        self.home, self.port, self.past = home, free_port(), past
        self.log = home.parent / f"{home.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> House:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and wait until it answers.

        :raises RuntimeError: it did not get ready.
        """
        words = [sys.executable, "-m", "linli", "demo", "--home", str(self.home), "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                words,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=clean_environment() | ({} if self.past else {"LINLI_DEMO_PAST": "0"}),
                preexec_fn=die_with_parent(signal.SIGTERM),  # whoever is killed leaves no house behind
            )
        deadline = time.monotonic() + READY_SECONDS
        while not ((self.home / "demo.json").exists() and ready(self.port)):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Linli did not get ready: {self.log.read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop in good order."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
            if self.process.poll() is None:
                self.process.kill()

    def said(self, words: str) -> bool:
        """Whether the supervisor has said this."""
        return words in self.log.read_text(encoding="utf-8", errors="replace")

    def people(self, role: str) -> list[dict[str, Any]]:
        """The demo's people of a role in the community that is tried."""
        card = json.loads((self.home / "demo.json").read_text(encoding="utf-8"))
        return [one for one in card["people"] if one["role"] == role and one["community"] == COMMUNITY]

    def tokens(self, most: int = 4) -> list[str]:
        """API tokens of people whose limits allow many reports."""
        staff = [person for role in ("dispatcher", "verifier", "grid_worker") for person in self.people(role)]
        return [person["token"] for person in staff[:most]]

    def ask(self, method: str, path: str, body: object = None, **how: Any) -> Answer:
        """Ask the web process; see :func:`faults.asking.ask`."""
        return ask(self.port, method, path, body, **how)

    def environment(self) -> dict[str, str]:
        """The environment of its processes, to run another one that belongs to it."""
        return environment_of(self.pids("web")[0])

    @contextlib.contextmanager
    def database(self, *, patience: float = 60.0) -> Iterator[psycopg.Connection[Any]]:
        """Its database as the role that may do everything, waited for while it is down."""
        deadline = time.monotonic() + patience
        while True:
            try:
                connection = psycopg.connect(Postgres(self.home).superuser_url("linli"), autocommit=True)
                break
            except Exception:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
        with connection:
            yield connection

    def kill(self, part: str, how: signal.Signals = signal.SIGKILL) -> int:
        """Signal a part of the house: for the database the postmaster and every child; returns how many processes."""
        pids = self.pids(part)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
        return len(pids)

    @contextlib.contextmanager
    def stopped(self, part: str) -> Iterator[None]:
        """That part stands still (SIGSTOP) inside the block."""
        self.kill(part, signal.SIGSTOP)
        try:
            yield
        finally:
            self.kill(part, signal.SIGCONT)

    @contextlib.contextmanager
    def another(self, *words: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
        """One more process of this house (``"web", "--port", "8001"``), ended with the block."""
        command = [sys.executable, "-m", "linli", "--home", str(self.home), *words]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command,
                env=self.environment() | environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        try:
            yield process
        finally:
            for pid in [*descendants(process.pid), process.pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait(10)

    def pids(self, part: str) -> list[int]:
        """The processes of a part."""
        found = []
        for pid in descendants(self.process.pid if self.process else 0):
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                is_database = b"postgres" in words[0]
                if (part == "database" and is_database) or (
                    not is_database and MARKS.get(part, b"?") in words
                ):
                    found.append(pid)
        return found


def linli(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the ``linli`` command on a data folder."""
    command = [sys.executable, "-m", "linli", "--home", str(home), *words]
    return subprocess.run(command, env=clean_environment(), capture_output=True, text=True, check=False)


def clean_environment() -> dict[str, str]:
    """The environment without what a test harness may have put into it."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LINLI_", "PYTEST_"))
        and name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    }


def ready(port: int) -> bool:
    """Whether a web process answers there that it can serve."""
    try:
        return ask(port, "GET", "/readyz", patience=2).status == 200
    except OSError:
        return False


def until(true: Any, *, seconds: float) -> float:
    """Wait until it is true; gives how long that took.

    :raises TimeoutError: it did not become true.
    """
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"waited {seconds:.0f} s in vain")
        time.sleep(0.1)
    return time.monotonic() - began


def descendants(pid: int) -> Iterator[int]:
    """Ids of the processes below one."""
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
            yield int(child)
            yield from descendants(int(child))


def environment_of(pid: int) -> dict[str, str]:
    """A process's environment."""
    pairs = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def free_port() -> int:
    """A port nobody listens on just now, nor on the one after it, which the live process takes."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            with contextlib.suppress(OSError, OverflowError):
                second.bind(("127.0.0.1", port + 1))
                return port
