"""The nest: loads the application once and lets processes out of it that share what was loaded.

Web, worker and the loading of the demo need the same hundred megabytes of code. Each loading it by itself costs a second
and that memory each time; forked from one process that has loaded it, they share the pages, and begin at once.

The nest itself holds no connection, no thread and no lock, so a fork of it is a clean beginning. It speaks with the
supervisor over a socket: what to run, who has begun, who has ended. Whoever leaves it is the same as ``python -m <words>``:
environment, log, session and command line are its own. If the nest dies its children end with it, and all are started anew.
This is the supervisor's end of it; the process itself is `brood.py`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from linli.runtime.osuser import die_with_parent

#: The C library would keep a heap for each thread, and OpenBLAS threads that would not survive a fork.
MEMORY = {"MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1"}
LONGEST_MESSAGE = 1 << 17
#: The command line of a process is as long as that of the nest; this leaves room for the longest.
ROOM = "." * 200


class Hatched:
    """A process that left the nest, as the supervisor sees it: the part of ``subprocess.Popen`` that it uses."""

    def __init__(self, nest: Nest) -> None:
        self.nest = nest
        self.pid = 0
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code once it has ended, negative for a signal."""
        self.nest.listen(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        :param timeout: seconds.
        :raises subprocess.TimeoutExpired: it still runs.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                raise subprocess.TimeoutExpired("nest", timeout or 0)
            self.nest.listen(left)
        return self.returncode or 0

    def terminate(self) -> None:
        """SIGTERM, if it lives."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL, if it lives."""
        self._send(signal.SIGKILL)

    def _send(self, how: signal.Signals) -> None:
        if self.poll() is None and self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, how)


class Nest:
    """The supervisor's end."""

    def __init__(self, environment: Mapping[str, str], log: Path | None = None) -> None:
        self.environment, self.log = dict(environment), log
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._asked: list[Hatched] = []  # who has been asked for and has no number yet, in order
        self._living: dict[int, Hatched] = {}

    def warm(self) -> None:
        """Let it load the application, unless it has, or does so already."""
        if self._socket is not None:
            return
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        said = self.log.open("ab") if self.log else None
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "linli.runtime.brood", str(theirs.fileno()), ROOM],
                env={**MEMORY, **os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        if said is not None:
            said.close()
        self._socket = ours

    def hatch(self, words: tuple[str, ...], environment: Mapping[str, str], log: Path | None) -> Hatched:
        """Let a process out that runs ``python -m <words>``, with this beside the nest's environment.

        :param log: the file it speaks into; None: where the nest speaks.
        """
        self.warm()
        wanted = {
            "words": words,
            "environment": dict(environment),
            "log": str(log) if log else "",
        }
        one = Hatched(self)
        self._asked.append(one)
        try:
            assert self._socket is not None
            self._socket.send(json.dumps(wanted).encode())
        except OSError:
            self._gone()
        return one

    def listen(self, seconds: float | None) -> None:
        """Hear who has begun and who has ended; wait that long for the first word, None for as long as it takes."""
        while self._socket is not None:
            self._socket.settimeout(seconds)
            try:
                said = self._socket.recv(LONGEST_MESSAGE)
            except (TimeoutError, BlockingIOError):
                return
            except OSError:
                said = b""
            if not said:
                self._gone()
                return
            self._hear(json.loads(said))
            seconds = 0

    def _hear(self, told: dict[str, int]) -> None:
        if "begun" in told:
            one = self._asked.pop(0)
            one.pid = told["begun"]
            self._living[one.pid] = one
        elif told["ended"] in self._living:
            self._living.pop(told["ended"]).returncode = told["code"]

    def _gone(self) -> None:
        """It ended, and with it everybody who left it."""
        code = -signal.SIGKILL
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = self._process.wait(5)
        for one in (*self._asked, *self._living.values()):
            one.returncode = code or 1
        self._asked.clear()
        self._living.clear()

    def close(self) -> None:
        """Let it end; those who left it must have ended."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._process is not None:
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
