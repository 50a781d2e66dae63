"""A receiver of our own for tests: keeps what it was sent and answers as told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from linli.kernel.tests.other_side import Call, serving


@dataclass
class Receiver:
    """What came, and what is answered: statuses in turn, the last one for ever."""

    url: str = ""
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=lambda: [204])
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    held: threading.Event | None = None  # an answer waits for it


@contextmanager
def running() -> Iterator[Receiver]:
    """The receiver on a free port of this machine."""
    held = Receiver()

    def answer(call: Call) -> None:
        held.came.append((dict(call.headers.items()), call.body))
        if held.held is not None:
            held.held.wait(5)
        status = held.statuses.pop(0) if len(held.statuses) > 1 else held.statuses[0]
        call.say(held.body, status=status, headers=held.headers)

    with serving(answer) as base:
        held.url = f"{base}/hook?key=k3y"
        yield held
