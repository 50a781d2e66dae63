"""An endpoint of our own for tests: it answers as told, with every fault an endpoint can have."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from linli.kernel.tests.other_side import Call, serving


@dataclass
class Endpoint:
    """What it was asked, and how it answers."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    answer: Callable[[Call], None] = lambda call: say(call, "路灯已更换。")


def say(call: Call, text: Any, *, usage: Any = None) -> None:
    """A well-formed answer."""
    told: dict[str, Any] = {"choices": [{"message": {"role": "assistant", "content": text}}]}
    told["usage"] = {"prompt_tokens": 321, "completion_tokens": 45} if usage is None else usage
    call.say(told)


def trickle(call: Call) -> None:
    """One byte now and then, for ever."""
    call.send_response(200)
    call.send_header("Content-Length", "100000")
    call.end_headers()
    for _ in range(200):
        call.wfile.write(b" ")
        time.sleep(0.05)


@contextmanager
def running() -> Iterator[Endpoint]:
    """The endpoint on a free port of this machine."""
    held = Endpoint()

    def answer(call: Call) -> None:
        held.asked.append(json.loads(call.body))
        held.headers.append(dict(call.headers))
        held.paths.append(call.path)
        held.answer(call)

    with serving(answer) as base:
        held.url = f"{base}/v1"
        yield held
