"""Server processes left over from a supervisor or server that was killed."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

_PROC = Path("/proc")


def clear(data: Path, *, patience: float = 10.0) -> None:
    """End what still runs on ``data``; the caller holds the lock, so whatever runs there belongs to nobody.

    A postmaster is asked for a fast shutdown; its orphaned children notice by themselves that it is gone.
    Who is still there after ``patience`` seconds is killed: the write-ahead log makes that safe. A
    ``postmaster.pid`` that names a process which is not a server (a zombie, or a number used again) is
    removed, since PostgreSQL would take the number for a live server. Without ``/proc`` nothing is done and
    PostgreSQL guards itself.
    """
    if not _PROC.joinpath("self/cwd").exists():
        return
    began = time.monotonic()
    asked: set[int] = set()
    while servers := _on(data):
        head = head_pid(data)
        if head in servers and head not in asked:
            _send(head, signal.SIGINT)
            asked.add(head)
        if time.monotonic() - began > patience:
            for pid in servers:
                _send(pid, signal.SIGKILL)
        time.sleep(0.05)
    data.joinpath("postmaster.pid").unlink(missing_ok=True)


def head_pid(data: Path) -> int | None:
    """The process id in ``postmaster.pid``, if there is one."""
    try:
        return int(data.joinpath("postmaster.pid").read_text(encoding="utf-8").partition("\n")[0])
    except (OSError, ValueError):
        return None


def _on(data: Path) -> list[int]:
    """Ids of living processes named postgres whose working folder is ``data``."""
    wanted = os.path.realpath(data)
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit() and _serves(entry, wanted)]


def _serves(entry: Path, wanted: str) -> bool:
    try:
        return os.readlink(entry / "cwd") == wanted and (entry / "comm").read_text().startswith("postgres")
    except OSError:
        return False


def _send(pid: int, how: signal.Signals) -> None:
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return
