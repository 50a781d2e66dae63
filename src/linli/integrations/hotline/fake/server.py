"""The other side, for tests and the demo: a hotline that keeps orders, hands them out and takes what comes back.

It speaks the language of ``data/example.toml``. Faults are set on it: ``slow`` seconds before an answer, ``refuse`` a
number of requests (503), ``deaf`` to say that it took nothing, and every request is remembered with its key, so that a
repeat can be told from a new message.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = 50


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


class Handler(BaseHTTPRequestHandler):
    """One request to the hotline."""

    desk: Desk

    def do_GET(self) -> None:
        """Hand out orders, page by page."""
        if not self._admitted():
            return
        asked = parse_qs(urlsplit(self.path).query)
        page = int(asked.get("page", ["1"])[0])
        self._say(200, {"code": "0", "data": self.desk.orders[(page - 1) * PAGE : page * PAGE]})

    def do_POST(self) -> None:
        """Take what the community says; an order of theirs gets a number."""
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        if not self._admitted():
            return
        if self.desk.deaf:
            self._say(200, {"code": "9", "message": "不予接收"})
            return
        key, path = self.headers.get("Idempotency-Key", ""), urlsplit(self.path).path
        again = key in self.desk.keys
        self.desk.keys.append(key)
        if not again:
            self.desk.heard.append((path, body))
        if path == "/orders":
            self._say(200, {"code": "0", "data": {"orderNo": self._number(again)}})
        else:
            self._say(200, {"code": "0"})

    def _number(self, again: bool) -> str:
        if not again:
            self.desk.next_number += 1
        return f"ZB{self.desk.next_number - 1:06d}"

    def _admitted(self) -> bool:
        if self.desk.slow:
            time.sleep(self.desk.slow)
        if self.desk.refuse > 0:
            self.desk.refuse -= 1
            self._say(503, {"code": "503"})
            return False
        if self.headers.get("Authorization") != f"Bearer {self.desk.token}":
            self._say(401, {"code": "401"})
            return False
        return True

    def _say(self, status: int, told: dict[str, Any]) -> None:
        body = json.dumps(told, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def running(desk: Desk, port: int = 0) -> Iterator[str]:
    """The hotline's address while it serves."""
    handler = type("OneDesk", (Handler,), {"desk": desk})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
