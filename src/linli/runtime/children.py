"""The processes of one Linli: started, watched, started again, stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from linli.runtime.nest import Hatched, Nest
from linli.runtime.osuser import die_with_parent

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
STEADY_SECONDS = 10.0
LOG_BYTES = 5_000_000


@dataclass
class Child:
    """One process that ought to be running, ``python -m <words>``; with ``log`` it speaks into that file.

    With a ``nest`` it shares what that has loaded.
    """

    name: str
    words: tuple[str, ...]
    environment: dict[str, str]
    log: Path | None = None
    nest: Nest | None = None
    _process: subprocess.Popen[bytes] | Hatched | None = field(default=None, init=False)
    _started: float = field(default=0.0, init=False)
    _pause: float = field(default=0.0, init=False)
    _resume_at: float | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it. It is told to stop (SIGTERM) by the kernel should we be killed."""
        if self.log is not None and self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.rename(self.log.with_suffix(".log.1"))
        if self.nest is not None:
            self._process = self.nest.hatch(self.words, self.environment, self.log)
        else:
            self._process = self._by_itself()
        self._started = time.monotonic()

    def _by_itself(self) -> subprocess.Popen[bytes]:
        with contextlib.ExitStack() as open_files:
            said = open_files.enter_context(self.log.open("ab")) if self.log else None
            return subprocess.Popen(
                [sys.executable, "-m", *self.words],
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )

    @property
    def pid(self) -> int | None:
        """Its process id, while it lives."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def wait(self) -> int:
        """For a process that does one thing: start it, wait, and give its exit code."""
        self.start()
        return self._process.wait() if self._process else 1

    def look_after(self, say: Callable[[str], None]) -> None:
        """Start it again if it died: soon after a steady run, else after a pause that doubles each time."""
        if self._process is None:
            return
        code = self._process.poll()
        if code is None:
            return
        now = time.monotonic()
        if self._resume_at is None:
            steady = now - self._started > STEADY_SECONDS
            self._pause = FIRST_PAUSE if steady or not self._pause else min(self._pause * 2, LONGEST_PAUSE)
            self._resume_at = now + self._pause
            where = f"; see {self.log}" if self.log else ""
            why = _reason(code)
            say(f"{self.name} stopped ({why}); starting it again in {self._pause:.1f} s{where}")
        elif now >= self._resume_at:
            self._resume_at = None
            self.start()

    def ask_to_stop(self) -> None:
        """SIGTERM, if it lives."""
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def make_sure_it_stopped(self, seconds: float) -> None:
        """Wait that long, then SIGKILL."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, seconds))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _reason(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
