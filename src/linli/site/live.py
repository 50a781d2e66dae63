"""The live process: Server-Sent Events over plain asyncio, without Django or a web framework, so that an open screen
costs a few kilobytes.

One LISTEN connection per process. A NOTIFY payload is ``topic version`` (something changed: ask for what you may see)
or ``topic {…}`` (an item of codes for screens that may see a whole community). Each topic is told at most four times a
second, encoded once for all its screens. What a screen cannot take in time it misses, and is told so when it can.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import os
import random
import time
from collections import defaultdict
from collections.abc import Coroutine
from pathlib import Path
from urllib.parse import parse_qs

import psycopg

from linli.kernel import ticket

COALESCE_SECONDS = 0.25
KEEPALIVE_SECONDS = 20.0
HEAD_SECONDS = 10.0  # to send the request's head
LISTEN_CHECK_SECONDS = 15.0  # how long a dead line to the database may go unnoticed
MOST_HEAD = 8192  # bytes
MOST_UNSENT = 4096  # bytes that wait for one screen
MOST_ITEMS = 40  # of one topic in one message; more are told as "something changed"
SLICE = 250  # screens written to before others get their turn
REASONS = {200: "OK", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 431: "Too Large"}
STREAM = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-store\r\nx-accel-buffering: no\r\n"
    b"x-content-type-options: nosniff\r\nconnection: close\r\n"
)
METRICS = """# HELP live_viewers Open screens.
# TYPE live_viewers gauge
live_viewers {viewers}
# HELP live_listening Whether the database can tell us of news.
# TYPE live_listening gauge
live_listening {listening}
# HELP live_messages_total Messages written to screens.
# TYPE live_messages_total counter
live_messages_total {messages}
# HELP live_held_total Times a screen was too slow for the news.
# TYPE live_held_total counter
live_held_total {held}
"""


def _secret() -> str:
    held_in = os.environ.get("LINLI_SECRET_KEY_FILE")
    return Path(held_in).read_text(encoding="utf-8").strip() if held_in else os.environ["LINLI_SECRET_KEY"]


def permitted(query: str, *, at: float, secret: str) -> tuple[tuple[str, ...], int] | None:
    """The topics that a request's ticket permits and until when; None if it is forged or too old."""
    given = parse_qs(query).get("ticket", [""])[0]
    body, _, mark = given.rpartition(".")
    if not body or not hmac.compare_digest(mark, ticket.signature(body, secret)):
        return None
    until, _, topics = body.partition(".")
    return (tuple(topics.split(",")), int(until)) if until.isdigit() and int(until) >= at else None


class Hub:
    """Who listens to what, and what is to be said to them."""

    def __init__(self, secret: str, origin: str = "") -> None:
        self.secret = secret
        self.head = (
            STREAM + (f"access-control-allow-origin: {origin}\r\n".encode() if origin else b"") + b"\r\n"
        )
        self.topics: dict[str, set[Screen]] = defaultdict(set)
        self.screens: set[Screen] = set()
        self.arriving: set[Screen] = set()
        self.listening = False
        self.messages = 0
        self.held = 0
        self._news: dict[str, list[str]] = {}
        self._told: dict[str, float] = {}
        self._waiting: set[str] = set()
        self._telling: set[asyncio.Task[None]] = set()

    def hear(self, payload: str) -> None:
        """Take a payload of the database; its topic's screens are told at once, or when its quarter second is over."""
        topic, _, what = payload.partition(" ")
        if topic not in self.topics:
            return
        self._news.setdefault(topic, []).append(what)
        if topic in self._waiting:
            return
        loop = asyncio.get_running_loop()
        wait = self._told.get(topic, -1.0) + COALESCE_SECONDS - loop.time()
        self._waiting.add(topic)
        loop.call_later(max(wait, 0.0), self._tell_soon, topic)

    def _tell_soon(self, topic: str) -> None:
        self._waiting.discard(topic)
        self._told[topic] = asyncio.get_running_loop().time()
        news = self._news.pop(topic, [])
        self.keep(self.tell(message(topic, news), self.topics.get(topic, set())))
        if topic not in self.topics:
            self._told.pop(topic, None)

    def keep(self, work: Coroutine[None, None, None]) -> None:
        """Run to its end; the loop itself would forget it."""
        task = asyncio.get_running_loop().create_task(work)
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def tell(self, said: bytes, screens: set[Screen]) -> None:
        """Say this to these screens, in slices, so that nobody who arrives waits for all of them."""
        for number, screen in enumerate(list(screens), 1):
            screen.say(said)
            if number % SLICE == 0:
                await asyncio.sleep(0)

    def leave(self, screen: Screen) -> None:
        """Forget a screen that went away."""
        self.arriving.discard(screen)
        self.screens.discard(screen)
        for topic in screen.topics:
            self.topics[topic].discard(screen)
            if not self.topics[topic]:
                del self.topics[topic]
        screen.topics = ()

    async def keep_alive(self) -> None:
        """Every twenty seconds a word to each screen, a slice at a time; who is too late or has expired is let go."""
        while True:
            await asyncio.sleep(KEEPALIVE_SECONDS / 4)
            now, unix = asyncio.get_running_loop().time(), time.time()
            for screen in list(self.arriving):
                if now - screen.since > HEAD_SECONDS:
                    screen.hang_up()
            due = [screen for screen in self.screens if now - screen.since >= KEEPALIVE_SECONDS]
            for number, screen in enumerate(due, 1):
                if screen.until < unix or screen.stuck(now):
                    screen.hang_up()
                    continue
                screen.since = now
                screen.say(b": still here\n\n")
                if number % SLICE == 0:
                    await asyncio.sleep(0)


def message(topic: str, news: list[str]) -> bytes:
    """What is sent for a topic's news: the items if they are few, else that something changed; versions collapse."""
    items = [one for one in news if one.startswith("{")]
    versions = [one for one in news if not one.startswith("{")]
    said = [f"event: item\ndata: {topic} {one}\n\n" for one in items] if len(items) <= MOST_ITEMS else []
    if versions or len(items) > MOST_ITEMS:
        said.append(f"event: touch\ndata: {topic} {versions[-1] if versions else len(items)}\n\n")
    return "".join(said).encode()


class Screen(asyncio.Protocol):
    """One connection: reads one request's head, then streams or answers and hangs up."""

    __slots__ = ("buffer", "held", "hub", "since", "topics", "transport", "until")

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.transport: asyncio.Transport | None = None
        self.buffer = b""
        self.topics: tuple[str, ...] = ()
        self.until = 0
        self.since = 0.0
        self.held = 0.0  # since when it takes nothing more

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there; the head of a request must follow soon."""
        assert isinstance(transport, asyncio.Transport)  # a TCP server makes no other
        transport.set_write_buffer_limits(high=MOST_UNSENT)
        self.transport = transport
        self.since = asyncio.get_running_loop().time()
        self.hub.arriving.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self.hub.leave(self)
        self.transport = None

    def data_received(self, data: bytes) -> None:
        """Gather the head; whatever follows it is nothing to us."""
        if self not in self.hub.arriving:
            return
        self.buffer += data
        head, end, _ = self.buffer.partition(b"\r\n\r\n")
        if end:
            self.buffer = b""
            self.hub.arriving.discard(self)
            self._answer(head.split(b"\r\n", 1)[0].decode("latin-1"))
        elif len(self.buffer) > MOST_HEAD:
            self._finish(431, b"too large\n")

    def _answer(self, line: str) -> None:
        method, _, rest = line.partition(" ")
        path, _, query = rest.partition(" ")[0].partition("?")
        if method not in {"GET", "HEAD"}:
            return self._finish(405, b"no\n")
        if path in {"/healthz", "/metrics"}:
            viewers = len(self.hub.screens)
            told = f"ok {viewers}\n" if path == "/healthz" else self._metrics(viewers)
            return self._finish(200, told.encode())
        if path != "/live/":
            return self._finish(404, b"no\n")
        found = permitted(query, at=time.time(), secret=self.hub.secret)
        if found is None or method == "HEAD":
            return self._finish(403, b"no\n")
        return self._stream(*found)

    def _metrics(self, viewers: int) -> str:
        hub = self.hub
        return METRICS.format(
            viewers=viewers, listening=int(hub.listening), messages=hub.messages, held=hub.held
        )

    def _finish(self, status: int, body: bytes) -> None:
        if self.transport:
            head = (
                f"HTTP/1.1 {status} {REASONS[status]}\r\ncontent-type: text/plain\r\nconnection: close\r\n"
                f"cache-control: no-store\r\ncontent-length: {len(body)}\r\n\r\n"
            )
            self.transport.write(head.encode() + body)
            self.transport.close()

    def _stream(self, topics: tuple[str, ...], until: int) -> None:
        self.topics, self.until = topics, until
        for topic in topics:
            self.hub.topics[topic].add(self)
        self.hub.screens.add(self)
        # Who comes back after a restart comes spread over some seconds, not all at once.
        retry = 2000 + random.randrange(4000)  # noqa: S311  (no secret)
        self.say(self.hub.head + f"retry: {retry}\n\n".encode() + greeting(self.hub))

    def say(self, said: bytes) -> None:
        """Write, unless this screen is behind: then it will be told that it missed something."""
        if self.transport is None or self.held:
            return
        self.hub.messages += 1
        self.transport.write(said)

    def pause_writing(self) -> None:
        """The screen takes nothing more for the moment."""
        self.held = asyncio.get_running_loop().time()
        self.hub.held += 1

    def resume_writing(self) -> None:
        """It can follow again: it asks afresh for everything, since we kept nothing for it."""
        self.held = 0.0
        for topic in self.topics:
            self.say(f"event: touch\ndata: {topic} missed\n\n".encode())

    def stuck(self, now: float) -> bool:
        """Whether it has taken nothing for three keep-alives: a laptop that went to sleep."""
        return bool(self.held) and now - self.held > 3 * KEEPALIVE_SECONDS

    def hang_up(self) -> None:
        """End it; the browser comes again by itself."""
        if self.transport:
            self.transport.abort()


def greeting(hub: Hub) -> bytes:
    """How many watch (so that they do not all ask the pages at once) and whether news can arrive at all."""
    return f"event: viewers\ndata: {len(hub.screens)}\n\nevent: line\ndata: {int(hub.listening)}\n\n".encode()


async def listen(hub: Hub, database: str) -> None:
    """Hear NOTIFY for ever; when the database goes away the screens are told, and told again when it is back."""
    while True:
        with contextlib.suppress(psycopg.Error, OSError):
            async with await psycopg.AsyncConnection.connect(
                database, autocommit=True, connect_timeout=5
            ) as line:
                await line.execute("LISTEN linli_live")
                await _line(hub, open_=True)
                while True:
                    async for notice in line.notifies(timeout=LISTEN_CHECK_SECONDS):
                        hub.hear(notice.payload)
                    await asyncio.wait_for(line.execute("SELECT 1"), LISTEN_CHECK_SECONDS)
        await _line(hub, open_=False)
        await asyncio.sleep(1)


async def _line(hub: Hub, *, open_: bool) -> None:
    if hub.listening != open_:
        hub.listening = open_
        await hub.tell(greeting(hub), hub.screens)


async def serve(host: str, port: int, database: str, *, ready: asyncio.Event | None = None) -> None:
    """Listen to the database and serve screens until cancelled.

    :param ready: set once the port is open.
    """
    hub = Hub(_secret(), os.environ.get("LINLI_BASE_URL", ""))
    server = await asyncio.get_running_loop().create_server(lambda: Screen(hub), host, port, backlog=1024)
    hub.keep(listen(hub, database))
    hub.keep(hub.keep_alive())
    if ready:
        ready.set()
    async with server:
        await server.serve_forever()
