"""A bench measures work done: a server that refuses gives no figures."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from linli.runtime.bench import load

LIMIT = b'{"status": 429, "code": "too_often"}'


class Server(ThreadingHTTPServer):
    """Answers so many requests, then refuses like an API whose limit is used up."""

    def __init__(self, allows: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.left, self.lock = allows, threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        assert isinstance(self.server, Server)
        with self.server.lock:
            self.server.left -= 1
            allowed = self.server.left >= 0
        body = b"{}" if allowed else LIMIT
        self.send_response(200 if allowed else 429)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def serving(allows: int) -> Iterator[int]:
    """The port of a server that answers so many requests."""
    with Server(allows) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server.server_address[1]
        server.shutdown()


def ask(_turn: int) -> load.Ask:
    return load.Ask("GET", "/api/v1/cases", None, {})


def test_a_run_tells_how_many_requests_were_done_and_what_each_cost() -> None:
    with serving(10**6) as port:
        done = load.run(port, ask, pid=os.getpid(), connections=2, seconds=0.1)
    assert done.done > 0
    assert done.rate == pytest.approx(done.done / 0.1, rel=0.9)
    assert 0 < done.median_ms <= done.p99_ms


def test_a_run_with_refusals_has_no_figures_but_a_reason() -> None:
    with serving(3) as port, pytest.raises(load.Refused) as refused:
        load.run(port, ask, pid=os.getpid(), connections=2, seconds=0.1)
    assert list(refused.value.reasons) == ["429 too_often"]
    told = refused.value.reasons.total()
    assert str(refused.value) == (
        f"{told} of {told + 3} requests GET /api/v1/cases failed: {told} × 429 too_often"
    )


def test_a_server_that_is_not_there_is_a_reason_too() -> None:
    with serving(1) as port:
        pass
    with pytest.raises(load.Refused, match="ConnectionRefusedError"):
        load.run(port, ask, pid=os.getpid(), connections=1, seconds=0.02)
