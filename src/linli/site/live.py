"""Server-Sent Events: a small ASGI application of its own, without Django, so that an open screen costs kilobytes.

One LISTEN connection per process; NOTIFY payloads are ``topic version``; at most four messages a second per topic.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import os
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import psycopg

from linli.kernel import ticket

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
COALESCE_SECONDS = 0.25
KEEPALIVE_SECONDS = 20
METRICS = "# HELP live_viewers Open screens.\n# TYPE live_viewers gauge\nlive_viewers {}\n"
_listeners: dict[str, set[asyncio.Queue[str]]] = defaultdict(set)


def _secret() -> str:
    held_in = os.environ.get("LINLI_SECRET_KEY_FILE")
    return Path(held_in).read_text(encoding="utf-8").strip() if held_in else os.environ["LINLI_SECRET_KEY"]


def topics_of(query: str, *, at: float) -> list[str] | None:
    """The topics that a request's ticket permits, or None if it is forged or too old."""
    given = parse_qs(query).get("ticket", [""])[0]
    body, _, mark = given.rpartition(".")
    if not body or not hmac.compare_digest(mark, ticket.signature(body, _secret())):
        return None
    until, _, topics = body.partition(".")
    return topics.split(",") if until.isdigit() and int(until) >= at else None


async def listen() -> None:
    """Hear NOTIFY and hand it to the open screens, for ever; reconnect when the database goes away."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                os.environ["DATABASE_URL"], autocommit=True
            ) as connection:
                await connection.execute("LISTEN linli_live")
                async for notice in connection.notifies():
                    _hand_out(notice.payload)
        except (psycopg.Error, OSError):
            await asyncio.sleep(1)


def _hand_out(payload: str) -> None:
    topic = payload.partition(" ")[0]
    for queue in _listeners.get(topic, ()):
        if queue.full():
            with contextlib.suppress(asyncio.QueueEmpty):
                queue.get_nowait()
        queue.put_nowait(payload)


async def _stream(topics: list[str], receive: Receive, send: Send) -> None:
    queue: asyncio.Queue[str] = asyncio.Queue(maxsize=8)
    for topic in topics:
        _listeners[topic].add(queue)
    gone = asyncio.ensure_future(_until_gone(receive))
    try:
        await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})
        while not gone.done():
            waiting = asyncio.ensure_future(queue.get())
            done, _ = await asyncio.wait(
                {waiting, gone}, timeout=KEEPALIVE_SECONDS, return_when="FIRST_COMPLETED"
            )
            if waiting not in done:
                waiting.cancel()
                await send({"type": "http.response.body", "body": b": still here\n\n", "more_body": True})
                continue
            await asyncio.sleep(COALESCE_SECONDS)
            latest = {payload.partition(" ")[0]: payload for payload in [waiting.result(), *_drain(queue)]}
            body = "".join(f"event: touch\ndata: {payload}\n\n" for payload in latest.values())
            await send({"type": "http.response.body", "body": body.encode(), "more_body": True})
    finally:
        gone.cancel()
        for topic in topics:
            _listeners[topic].discard(queue)
            if not _listeners[topic]:
                del _listeners[topic]


def _drain(queue: asyncio.Queue[str]) -> list[str]:
    found = []
    while not queue.empty():
        found.append(queue.get_nowait())
    return found


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(
    send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": headers or [(b"content-type", b"text/plain")],
        }
    )
    await send({"type": "http.response.body", "body": body})


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """ASGI: ``GET /live/?ticket=…`` streams; ``/healthz`` and ``/metrics`` tell how many screens are open."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    if scope["type"] != "http":
        return
    if scope["path"] in {"/healthz", "/metrics"}:
        viewers = len({id(queue) for queues in _listeners.values() for queue in queues})
        told = f"ok {viewers}\n" if scope["path"] == "/healthz" else METRICS.format(viewers)
        await _answer(send, 200, told.encode())
        return
    topics = topics_of(scope.get("query_string", b"").decode("latin-1"), at=time.time())
    if scope["path"] != "/live/" or topics is None:
        await _answer(send, 404 if scope["path"] != "/live/" else 403, b"no\n")
        return
    origin = os.environ.get("LINLI_BASE_URL", "")
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    if origin:
        headers.append((b"access-control-allow-origin", origin.encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    with contextlib.suppress(OSError):
        await _stream(topics, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    listener: asyncio.Task[None] | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            listener = asyncio.ensure_future(listen())
            await send({"type": "lifespan.startup.complete"})
        else:
            if listener:
                listener.cancel()
            await send({"type": "lifespan.shutdown.complete"})
            return
