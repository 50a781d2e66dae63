"""The other side's memory and manners, for tests and the demo: it keeps orders, hands them out and takes what comes back.

It speaks the language of ``data/example.toml``. Faults are set on it: ``slow`` seconds before an answer, ``refuse`` a
number of requests (503), ``deaf`` to say that it took nothing; every key is remembered, so that a repeat is told from news.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = 50
Said = tuple[int, dict[str, Any]]


@dataclass
class Desk:
    """What the hotline has on its table."""

    token: str = "their-token"
    orders: list[dict[str, Any]] = field(default_factory=list)
    heard: list[tuple[str, dict[str, Any]]] = field(
        default_factory=list
    )  # path, body; repeats are not heard twice
    keys: list[str] = field(default_factory=list)  # of every request that came, repeats too
    slow: float = 0.0
    refuse: int = 0
    deaf: bool = False
    next_number: int = 1

    def heard_of(self, number: str, what: str) -> list[dict[str, Any]]:
        """Everything that was told of an order under one name: receipt, progress, return, result, satisfaction."""
        return [body for path, body in self.heard if path == f"/orders/{number}/{what}"]

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Said:
        """One request, as the other side answers it.

        :param headers: ``authorization`` and ``idempotency-key`` are looked at, in small letters.
        """
        if self.refuse > 0:
            self.refuse -= 1
            return 503, {"code": "503"}
        if headers.get("authorization") != f"Bearer {self.token}":
            return 401, {"code": "401"}
        parts = urlsplit(path)
        if method == "GET":
            page = int(parse_qs(parts.query).get("page", ["1"])[0])
            return 200, {"code": "0", "data": self.orders[(page - 1) * PAGE : page * PAGE]}
        return self._hear(parts.path, headers.get("idempotency-key", ""), body)

    def _hear(self, path: str, key: str, body: bytes) -> Said:
        if self.deaf:
            return 200, {"code": "9", "message": "不予接收"}
        again = key in self.keys
        self.keys.append(key)
        if not again:
            self.heard.append((path, json.loads(body or b"{}")))
        if path != "/orders":
            return 200, {"code": "0"}
        if not again:
            self.next_number += 1
        return 200, {"code": "0", "data": {"orderNo": f"ZB{self.next_number - 1:06d}"}}
