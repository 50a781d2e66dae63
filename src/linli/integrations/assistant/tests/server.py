"""An endpoint of our own for tests: it answers as told, with every fault an endpoint can have."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Endpoint:
    """What it was asked, and how it answers."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    answer: Callable[[BaseHTTPRequestHandler], None] = lambda handler: say(handler, "路灯已更换。")


def say(handler: BaseHTTPRequestHandler, text: Any, *, status: int = 200, usage: Any = None) -> None:
    """A well-formed answer."""
    told: dict[str, Any] = {"choices": [{"message": {"role": "assistant", "content": text}}]}
    told["usage"] = {"prompt_tokens": 321, "completion_tokens": 45} if usage is None else usage
    raw(handler, json.dumps(told).encode(), status=status)


def raw(handler: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, **headers: str) -> None:
    """Any bytes with any status."""
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def trickle(handler: BaseHTTPRequestHandler) -> None:
    """One byte now and then, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    try:
        for _ in range(200):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return


@contextmanager
def running() -> Iterator[Endpoint]:
    """The endpoint on a free port of this machine."""
    held = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802
            body = self.rfile.read(int(self.headers["Content-Length"]))
            held.asked.append(json.loads(body))
            held.headers.append(dict(self.headers))
            held.paths.append(self.path)
            held.answer(self)

        def log_message(self, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    held.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
