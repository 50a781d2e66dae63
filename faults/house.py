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

READY_SECONDS = 180.0
PARTS = ("web", "worker", "live", "database")


class House:
    """The supervisor and its children, found by their place in the process tree."""

    def __init__(self, home: Path, *, clock_shift: str = "") -> None:
        self.home, self.port = home, _free_port()
        self.clock_shift = clock_shift
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
        if self.clock_shift:
            words = ["faketime", "-f", self.clock_shift, *words]
        log = (self.home.parent / f"{self.home.name}.log").open("ab")
        self.process = subprocess.Popen(words, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + READY_SECONDS
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Linli did not get ready; see {log.name}")
            time.sleep(0.2)

    def ready(self) -> bool:
        """Whether the demo is loaded and the web answers."""
        if not (self.home / "demo.json").exists():
            return False
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), timeout=2) as talk,
        ):
            talk.sendall(b"GET /readyz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            return b" 200 " in talk.recv(64)
        return False

    def stop(self) -> None:
        """Stop in good order."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
            if self.process.poll() is None:
                self.process.kill()

    def people(self, role: str) -> list[dict[str, Any]]:
        """The demo's people of a role in the community that is tried."""
        card = json.loads((self.home / "demo.json").read_text(encoding="utf-8"))
        return [one for one in card["people"] if one["role"] == role and one["community"] == "520113008006"]

    def environment(self) -> dict[str, str]:
        """The environment of one of its processes, to look into its database as it does."""
        return _environment_of(self._pids("web")[0])

    def kill(self, part: str) -> int:
        """SIGKILL a part of the house: for the database the postmaster and every child; returns how many processes."""
        pids = self._pids(part)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return len(pids)

    def _pids(self, part: str) -> list[int]:
        marks = {"web": b"\0web\0", "worker": b"\0worker\0", "live": b"\0live\0"}
        found = []
        for pid in _descendants(self.process.pid if self.process else 0):
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes() + b"\0"
                is_database = b"postgres" in words.split(b"\0")[0]
                if (part == "database" and is_database) or (
                    not is_database and marks.get(part, b"?") in words
                ):
                    found.append(pid)
        return found


def _descendants(pid: int) -> Iterator[int]:
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
            yield int(child)
            yield from _descendants(int(child))


def _environment_of(pid: int) -> dict[str, str]:
    pairs = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
