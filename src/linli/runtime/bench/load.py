"""Drives a server on this machine with a few keep-alive connections, and reads what its process spent."""

from __future__ import annotations

import http.client
import json
import os
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
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
    rate: float
    median_ms: float
    p99_ms: float
    cpu_ms: float


class Refused(Exception):
    """The server refused requests, or broke off: what is measured then is refusing, so there is no figure."""

    def __init__(self, ask: Ask, done: int, reasons: Counter[str]) -> None:
        told = ", ".join(f"{count} × {reason}" for reason, count in reasons.most_common(5))
        asked = done + reasons.total()
        super().__init__(f"{reasons.total()} of {asked} requests {ask.method} {ask.path} failed: {told}")
        self.reasons = reasons


@dataclass(slots=True)
class _Lane:
    """One connection's part of a run."""

    times: list[float] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)


def cpu_seconds(pid: int) -> float:
    """User and system CPU time of a process so far."""
    parts = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / TICK


def run(port: int, make: Callable[[int], Ask], *, pid: int, connections: int, seconds: float) -> Run:
    """Ask as fast as the server answers, on so many connections, for so many seconds.

    :raises Refused: not every request was done.
    """
    lanes = [_Lane() for _ in range(connections)]
    stop_at = time.monotonic() + seconds
    before, began = cpu_seconds(pid), time.monotonic()
    threads = [
        threading.Thread(target=_drive, args=(port, make, number, lanes, stop_at))
        for number in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    every = sorted(one for lane in lanes for one in lane.times)
    reasons = sum((lane.reasons for lane in lanes), Counter[str]())
    if reasons or not every:
        raise Refused(make(0), len(every), reasons)
    return Run(
        done=len(every),
        rate=len(every) / took,
        median_ms=statistics.median(every) * 1000,
        p99_ms=every[int(len(every) * 0.99)] * 1000,
        cpu_ms=(cpu_seconds(pid) - before) * 1000 / len(every),
    )


def _drive(port: int, make: Callable[[int], Ask], number: int, lanes: list[_Lane], stop_at: float) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    turn, lane = number, lanes[number]
    while time.monotonic() < stop_at:
        ask = make(turn)
        turn += len(lanes)
        began = time.perf_counter()
        try:
            connection.request(ask.method, ask.path, ask.body, ask.headers)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            lane.reasons[type(error).__name__] += 1
            connection.close()
            continue
        if answer.status >= 400:
            lane.reasons[f"{answer.status} {_code(body)}".strip()] += 1
        else:
            lane.times.append(time.perf_counter() - began)
    connection.close()


def _code(body: bytes) -> str:
    """The code of a problem+json answer; empty for any other."""
    try:
        said = json.loads(body)
    except ValueError:
        return ""
    return str(said.get("code", "")) if isinstance(said, dict) else ""
