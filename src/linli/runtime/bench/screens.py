"""What open screens cost the live process, and how soon a new report is at all of them: in one run."""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from linli.cases.actions.news import wall_topic
from linli.kernel import clock, live
from linli.runtime.bench.ground import Ground

REPORTS = 20
PAUSE_SECONDS = 0.6  # between reports: each is told by itself
WAIT_SECONDS = 30
SETTLE_SECONDS = 2.0


def screens(ground: Ground, web_port: int, viewers: int) -> dict[str, Any]:
    """Open the viewers, report through the API, and note when each report is at every screen.

    :returns: kilobytes of the live process's memory a viewer, and the seconds from the request sent to the last screen.
    """
    with _live() as (port, pid):
        before = _memory(pid)
        target = f"/live/?{urlencode({'ticket': _ticket(ground.community_id)})}"
        with _watching(port, target, viewers) as room:
            time.sleep(SETTLE_SECONDS)
            after = _memory(pid)
            _one(ground, web_port, room, REPORTS)  # the web process reads its reference rows
            cpu = _cpu(pid)
            told = [_one(ground, web_port, room, turn) for turn in range(REPORTS)]
            cpu = (_cpu(pid) - cpu) / REPORTS
            at_end = _memory(pid)
    return _figures(viewers, before, after, at_end, cpu, told)


def _figures(
    viewers: int, before: int, after: int, at_end: int, cpu: float, told: list[dict[str, float]]
) -> dict[str, Any]:
    waits = [one["last"] - one["sent"] for one in told]
    return {
        "viewers": viewers,
        "kb_a_viewer": round((max(after, at_end) - before) / viewers, 2),
        "process_kb_before": before,
        "process_kb_after": at_end,
        "reports": len(told),
        "seen_by_fewest": min(int(one["seen"]) for one in told),
        "lost": int(told[-1]["lost"]),
        "to_the_last_screen_s": {
            "median": round(statistics.median(waits), 3),
            "18 of 20": round(sorted(waits)[-3], 3),
            "worst": round(max(waits), 3),
        },
        "of_which_request_s": round(statistics.median(one["answered"] - one["sent"] for one in told), 3),
        "first_to_last_screen_s": round(statistics.median(one["last"] - one["first"] for one in told), 3),
        "live_cpu_ms_a_report": round(cpu * 1000, 1),
    }


def _one(ground: Ground, web_port: int, room: subprocess.Popen[str], turn: int) -> dict[str, float]:
    time.sleep(PAUSE_SECONDS)
    lon, lat = ground.points[turn % len(ground.points)]
    body = {
        "community": "520113008006",
        "words": f"第{turn}次:楼下的路灯不亮。",
        "place": {"lon": lon, "lat": lat},
    }
    ask = urllib.request.Request(  # noqa: S310  (our own address)
        f"http://127.0.0.1:{web_port}/api/v1/cases",
        json.dumps(body).encode(),
        {
            "Authorization": f"Bearer {ground.residents[turn % len(ground.residents)]}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
        },
    )
    sent = time.time()
    with urllib.request.urlopen(ask, timeout=WAIT_SECONDS) as answer:  # noqa: S310  (as above)
        number = json.load(answer)["number"].replace("-", "")
    answered = time.time()
    found = _ask(room, {"see": number})
    return {**found, "sent": sent, "answered": answered}


def _ask(room: subprocess.Popen[str], question: dict[str, str]) -> dict[str, float]:
    if room.stdin is None or room.stdout is None:
        raise RuntimeError("the viewers have no voice")
    room.stdin.write(json.dumps(question) + "\n")
    room.stdin.flush()
    found: dict[str, float] = json.loads(room.stdout.readline())
    return found


def _ticket(community_id: int) -> str:
    topics = [f"community:{community_id}", wall_topic(community_id)]
    return live.permit(topics, at=clock.now(), lasts=timedelta(hours=1))


@contextmanager
def _live() -> Iterator[tuple[int, int]]:
    """The live process as it is run for real, on a free port."""
    port = free_port()
    command = [sys.executable, "-m", "linli", "live", "--port", str(port)]
    child = subprocess.Popen(command, env=dict(os.environ))
    try:
        _wait_until_listening(port)
        yield port, child.pid
    finally:
        child.terminate()
        child.wait(10)


def free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_listening(port: int) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=2) as answer:  # noqa: S310
                if b"live_listening 1" in answer.read():
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.1)
    raise RuntimeError("the live process did not start")


@contextmanager
def _watching(port: int, target: str, viewers: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "linli.runtime.bench.viewers", str(port), target, str(viewers)]
    room = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        if room.stdout is None or json.loads(room.stdout.readline() or "{}").get("open") != viewers:
            raise RuntimeError("not all screens could be opened")
        yield room
    finally:
        room.terminate()
        room.wait(10)


def _memory(pid: int) -> int:
    """Resident memory of a process, in KiB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1])


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
