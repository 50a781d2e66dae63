"""Many open screens, on real sockets, in a process of their own, without Django.

Speaks with the bench in lines of JSON. In: ``{"see": NUMBER}`` waits until every screen has the item of that case.
Out: ``{"open": n}`` once all are connected, then for each case ``{"seen": n, "first": t, "last": t}``, Unix seconds.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections import defaultdict

AT_ONCE = 100  # connections being opened
SEEN_SECONDS = 20.0


class Viewer(asyncio.Protocol):
    """A screen: sends one request, then notes when each case's item arrives."""

    __slots__ = ("opened", "rest", "room")

    def __init__(self, room: Room, opened: asyncio.Future[None]) -> None:
        self.room = room
        self.opened = opened
        self.rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.Transport)  # a TCP client gets no other
        transport.write(self.room.request)

    def data_received(self, data: bytes) -> None:
        """Note what came, by the clock that the bench reads too."""
        at = time.time()
        if not self.opened.done() and b"event: line" in data:
            self.opened.set_result(None)
        lines = (self.rest + data).split(b"\n")
        self.rest = lines.pop()
        for line in lines:
            if line.startswith(b"data: wall:") and b"{" in line:
                item = json.loads(line[line.index(b"{") :])
                self.room.saw(item["number"], item["verb"], at)

    def connection_lost(self, exc: Exception | None) -> None:
        """Counted: no screen may be lost."""
        self.room.lost += 1


class Room:
    """All screens and what they have seen."""

    def __init__(self, port: int, target: str, viewers: int) -> None:
        self.port = port
        self.request = (
            f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n".encode()
        )
        self.viewers = viewers
        self.times: dict[str, list[float]] = defaultdict(list)
        self.news = asyncio.Event()
        self.lost = 0

    def saw(self, number: str, verb: str, at: float) -> None:
        """One screen has this case's report."""
        if verb == "report":
            self.times[number].append(at)
            self.news.set()

    async def open(self) -> None:
        """Connect all, some at a time."""
        gate = asyncio.Semaphore(AT_ONCE)
        loop = asyncio.get_running_loop()

        async def one() -> None:
            async with gate:
                opened: asyncio.Future[None] = loop.create_future()
                await loop.create_connection(lambda: Viewer(self, opened), "127.0.0.1", self.port)
                await opened

        await asyncio.gather(*(one() for _ in range(self.viewers)))

    async def wait_for(self, number: str) -> dict[str, float | int]:
        """Until every screen has this case, or it has taken too long."""
        until = time.monotonic() + SEEN_SECONDS
        while len(self.times[number]) < self.viewers and time.monotonic() < until:
            self.news.clear()
            try:
                await asyncio.wait_for(self.news.wait(), 1)
            except TimeoutError:
                continue
        times = self.times.pop(number) or [0.0]
        return {"seen": len(times), "first": min(times), "last": max(times), "lost": self.lost}


def say(what: dict[str, float | int]) -> None:
    """One line to the bench."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


async def main(port: int, target: str, viewers: int) -> None:
    """Open the screens, then answer the bench's questions until it hangs up."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    room = Room(port, target, viewers)
    await room.open()
    say({"open": viewers})
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        say(await room.wait_for(json.loads(line)["see"]))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
