"""A carrier of SMS for tests: keeps what it is sent, knows a key it has seen, answers as it is told."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class FakeSms:
    """A small server. ``say`` overrides answers, in order."""

    say: list[tuple[int, Any]] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}/send"

    def __enter__(self) -> FakeSms:
        carrier = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                status, said = carrier.answer(raw, dict(self.headers))
                body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    def answer(self, raw: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        """What it says; a key it has seen is not sent again."""
        told = {"raw": raw, "auth": headers.get("Authorization", ""), "type": headers.get("Content-Type", "")}
        self.heard.append(told)
        if self.say:
            return self.say.pop(0)
        return 200, {"code": 0, "data": {"msgid": f"m{len(self.heard)}"}}
