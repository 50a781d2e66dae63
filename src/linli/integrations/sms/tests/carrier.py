"""A carrier of SMS for tests: keeps what it is sent, knows a key it has seen, answers as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from linli.kernel.tests.other_side import Call, serving


@dataclass
class FakeSms:
    """A small server. ``say`` overrides answers, in order."""

    say: list[tuple[int, Any]] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    @contextmanager
    def running(self) -> Iterator[FakeSms]:
        """It, while it listens."""

        def said(call: Call) -> None:
            status, told = self.answer(call.body, dict(call.headers))
            call.say(told, status=status)

        with serving(said) as base:
            self.url = f"{base}/send"
            yield self

    def answer(self, raw: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        """What it says; a key it has seen is not sent again."""
        told = {"raw": raw, "auth": headers.get("Authorization", ""), "type": headers.get("Content-Type", "")}
        self.heard.append(told)
        if self.say:
            return self.say.pop(0)
        return 200, {"code": 0, "data": {"msgid": f"m{len(self.heard)}"}}
