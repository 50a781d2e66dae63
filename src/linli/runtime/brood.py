"""``python -m linli.runtime.brood FD ROOM``: the process of the nest (`nest.py`), loaded once and forked.

It holds no connection, no thread and no lock, so that a fork of it is a clean beginning.
"""

from __future__ import annotations

import contextlib
import json
import os
import runpy
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from linli.runtime import inside
from linli.runtime.nest import LONGEST_MESSAGE
from linli.runtime.osuser import die_with_parent
from linli.site.env import BadSetting


def load() -> None:
    """Load the application, as far as it is the same for every process of it."""
    inside.set_up_django()
    from linli.runtime import application  # noqa: PLC0415  (what it imports needs the rooms)

    application.warm_up()


def brood(line: socket.socket) -> dict[str, Any] | None:
    """Fork whomever the supervisor asks for, and tell who has ended, until the supervisor is gone.

    :return: in a process that leaves, what it is to run; in the nest None, at the end.
    """
    woken, wake = os.pipe()  # written to by a signal, so that waiting ends
    for end in (woken, wake):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    nest = os.getpid()
    while True:
        ready = select.select([line.fileno(), woken], [], [])[0]
        if woken in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(woken, 512)
            for pid, code in _ended():
                line.send(json.dumps({"ended": pid, "code": code}).encode())
        if line.fileno() not in ready:
            continue
        asked = line.recv(LONGEST_MESSAGE)
        forked = os.fork() if asked else None
        if forked:
            line.send(json.dumps({"begun": forked}).encode())
            continue
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(woken)
        os.close(wake)
        if forked is None:
            return None
        die_with_parent(signal.SIGTERM, parent=nest)()
        wanted: dict[str, Any] = json.loads(asked)
        return wanted


def _ended() -> list[tuple[int, int]]:
    found = []
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            found.append((pid, os.waitstatus_to_exitcode(status)))
    return found


def _leave(words: list[str], environment: dict[str, str], log: str) -> None:
    """Become a process of one's own."""
    os.setsid()
    if log:
        with Path(log).open("ab") as said:
            for stream in (1, 2):
                os.dup2(said.fileno(), stream)
    os.environ.update(environment)
    sys.argv = list(words)
    with contextlib.suppress(OSError, ValueError, IndexError):
        _call_oneself([sys.executable, "-m", *words])


def _call_oneself(words: list[str]) -> None:
    """Write one's own words over the command line that was inherited, so that `ps` tells who is who."""
    numbers = Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    start, end = int(numbers[45]), int(numbers[46])  # proc(5): arg_start and arg_end, fields 48 and 49
    line = b"\0".join(word.encode() for word in words)[: end - start - 1]
    with Path("/proc/self/mem").open("r+b", buffering=0) as memory:
        memory.seek(start)
        memory.write(line.ljust(end - start, b"\0"))


def main() -> None:
    """The nest's own end: load, and let processes out until the supervisor is gone."""
    line = socket.socket(fileno=int(sys.argv[1]))
    try:
        load()
    except BadSetting as error:
        sys.exit(f"linli: {error}")
    wanted = brood(line)
    line.close()
    if wanted is not None:
        _leave(wanted["words"], wanted["environment"], wanted["log"])
        runpy.run_module(wanted["words"][0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
