"""The other side as a server of its own, for tests."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from linli.integrations.hotline.fake.desk import Desk


class Handler(BaseHTTPRequestHandler):
    """One request to the hotline."""

    desk: Desk

    def do_GET(self) -> None:
        """Hand out orders."""
        self._answer()

    def do_POST(self) -> None:
        """Take what the community says."""
        self._answer()

    def _answer(self) -> None:
        if self.desk.slow:
            time.sleep(self.desk.slow)
        held = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, told = self.desk.answer(self.command, self.path, headers, held)
        body = json.dumps(told, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def running(desk: Desk) -> Iterator[str]:
    """The hotline's address while it serves."""
    handler = type("OneDesk", (Handler,), {"desk": desk})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
