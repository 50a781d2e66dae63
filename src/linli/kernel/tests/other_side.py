"""Another system on this machine, for tests of what asks one over HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Call(BaseHTTPRequestHandler):
    """One request to it, with its ``body``; answered by `say`, or by hand where it is to be answered badly."""

    answer: Callable[[Call], None]
    body: bytes

    def do_GET(self) -> None:
        """Read it, and let the other side answer."""
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        type(self).answer(self)

    def do_POST(self) -> None:
        """Likewise."""
        self.do_GET()

    def say(self, body: Any = b"", *, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """Answer with these bytes, or with something as JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(raw)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def handle(self) -> None:
        """Whoever asks may hang up at any moment: that is what some tests are about, and no fault of the server."""
        with suppress(ConnectionError):
            super().handle()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(answer: Callable[[Call], None]) -> Iterator[str]:
    """Its address (``http://127.0.0.1:…``) while it answers so."""
    handler = type("OwnCall", (Call,), {"answer": staticmethod(answer)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
