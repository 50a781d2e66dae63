"""Drives a server on this machine with a few keep-alive connections, and reads what its process spent."""

from __future__ import annotations

import http.client
import os
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Ask:
    """One request."""

    method: str
    path: str
    body: bytes | None
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Run:
    """What a run gave: requests done, per second, milliseconds, and CPU of the server's process per request."""

    done: int
    failed: int
    rate: float
    median_ms: float
    p99_ms: float
    cpu_ms: float


def cpu_seconds(pid: int) -> float:
    """User and system CPU time of a process so far."""
    parts = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / TICK


def run(port: int, make: Callable[[int], Ask], *, pid: int, connections: int, seconds: float) -> Run:
    """Ask as fast as the server answers, on so many connections, for so many seconds."""
    times: list[list[float]] = [[] for _ in range(connections)]
    failed = [0] * connections
    stop_at = time.monotonic() + seconds
    before, began = cpu_seconds(pid), time.monotonic()
    threads = [
        threading.Thread(target=_drive, args=(port, make, lane, connections, stop_at, times[lane], failed))
        for lane in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    every = sorted(one for lane in times for one in lane)
    if not every:
        return Run(0, sum(failed), 0.0, 0.0, 0.0, 0.0)
    return Run(
        done=len(every),
        failed=sum(failed),
        rate=len(every) / took,
        median_ms=statistics.median(every) * 1000,
        p99_ms=every[int(len(every) * 0.99)] * 1000,
        cpu_ms=(cpu_seconds(pid) - before) * 1000 / len(every),
    )


def _drive(
    port: int,
    make: Callable[[int], Ask],
    lane: int,
    lanes: int,
    stop_at: float,
    times: list[float],
    failed: list[int],
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    turn = lane
    while time.monotonic() < stop_at:
        ask = make(turn)
        turn += lanes
        began = time.perf_counter()
        try:
            connection.request(ask.method, ask.path, ask.body, ask.headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            failed[lane] += 1
            connection.close()
            continue
        if answer.status >= 400:
            failed[lane] += 1
        else:
            times.append(time.perf_counter() - began)
    connection.close()
