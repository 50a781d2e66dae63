"""A receiver of our own for tests: keeps what it was sent and answers as told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


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

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            held.came.append((dict(self.headers.items()), body))
            if held.held is not None:
                held.held.wait(5)
            status = held.statuses.pop(0) if len(held.statuses) > 1 else held.statuses[0]
            self.send_response(status)
            for name, value in held.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(held.body)))
            self.end_headers()
            self.wfile.write(held.body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    held.url = f"http://127.0.0.1:{server.server_address[1]}/hook?key=k3y"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
