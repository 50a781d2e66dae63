"""What programs with keys of their own ask, counted in this process's memory and written down every few seconds.

So a request costs no statement of its own; a process that is killed loses the counts of its last seconds, and nothing else.
Whoever keeps the counts plugs a writer in (``site/wiring.py``).
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from linli.kernel.access import Actor

log = logging.getLogger("linli.usage")
EVERY_SECONDS = 5.0


@dataclass(slots=True)
class Counts:
    """What a token asked since the last writing."""

    requests: int = 0
    refused: int = 0  # 4xx but 429
    limited: int = 0  # 429
    failed: int = 0  # 5xx


Writer = Callable[[Mapping[int, Counts]], None]
_lock = threading.Lock()
_held: dict[int, Counts] = {}
_writer: list[Writer] = []
_thread: list[threading.Thread] = []


def plug(writer: Writer) -> None:
    """Let this write the counts down."""
    _writer[:] = [writer]


def note(actor: Actor, status: int) -> None:
    """Count an answer; only tokens that belong to a program of its own (they have a quota)."""
    if actor.quota is None or actor.token_id is None:
        return
    with _lock:
        counts = _held.setdefault(actor.token_id, Counts())
        counts.requests += 1
        counts.limited += status == 429
        counts.refused += 400 <= status < 500 and status != 429
        counts.failed += status >= 500
        if not _thread and not settings.TESTING:
            _begin()


def flush() -> int:
    """Write down what was counted; what cannot be written now is kept. Returns for how many tokens."""
    with _lock:
        taken = dict(_held)
        _held.clear()
    if not taken or not _writer:
        return 0
    try:
        _writer[0](taken)
    except Exception:
        _keep(taken)
        raise
    return len(taken)


def _keep(taken: Mapping[int, Counts]) -> None:
    with _lock:
        for token_id, counts in taken.items():
            held = _held.setdefault(token_id, Counts())
            held.requests += counts.requests
            held.refused += counts.refused
            held.limited += counts.limited
            held.failed += counts.failed


def _begin() -> None:
    """Write every few seconds from now on, and once more when the process ends."""
    thread = threading.Thread(target=_write_for_ever, name="api-usage", daemon=True)
    _thread.append(thread)
    thread.start()
    atexit.register(_write_once)


def _write_for_ever() -> None:
    pause = threading.Event()
    while not pause.wait(EVERY_SECONDS):
        _write_once()


def _write_once() -> None:
    try:
        if flush():
            connection.close()  # this thread's own: the next writing may be hours away
    except Exception:
        log.exception("the counts of programs could not be written; they are kept")
        connection.close()
