"""The live process: it streams only what a ticket permits, to as many screens as there are, and says nothing else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from linli.kernel import ticket
from linli.site import live

SECRET = "s" * 48
UNTIL = 2_000_000_000


def permit(*topics: str, secret: str = SECRET, until: int = UNTIL) -> str:
    return ticket.issue(list(topics), secret, until=until)


def topics_of(query: str) -> tuple[str, ...] | None:
    found = live.permitted(query, at=UNTIL - 1, secret=SECRET)
    return found and found[0]


def test_a_ticket_permits_its_topics_until_its_time() -> None:
    query = f"ticket={permit('community:3', 'wall:3')}"
    assert live.permitted(query, at=UNTIL - 1, secret=SECRET) == (("community:3", "wall:3"), UNTIL)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "ticket=",
        "ticket=nonsense",
        f"ticket={permit('community:3', secret='x' * 48)}",
        f"ticket={permit('community:3', until=5)}",
        f"ticket={permit('community:3').replace('community:3', 'community:4')}",
        f"ticket={permit('community:3').replace('community:3', 'wall:3')}",
        f"ticket={permit('community:3').replace(str(UNTIL), str(UNTIL + 1))}",
        f"ticket={permit('community:3')}0",
        "ticket=.community:3.",
    ],
)
def test_a_ticket_that_is_forged_old_or_changed_permits_nothing(query: str) -> None:
    assert topics_of(query) is None


class Screen:
    """A browser at the live process, on a real socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.text = ""

    async def read_until(self, wanted: str, seconds: float = 5.0) -> str:
        """All that came, once it holds the words."""
        async with asyncio.timeout(seconds):
            while wanted not in self.text:
                data = await self.reader.read(4096)
                if not data:
                    break
                self.text += data.decode()
        return self.text

    async def rest(self, seconds: float = 0.2) -> str:
        """All that came, once nothing came for a while or the other side hung up."""
        while True:
            try:
                data = await asyncio.wait_for(self.reader.read(65536), seconds)
            except TimeoutError:
                return self.text
            if not data:
                return self.text
            self.text += data.decode()

    async def leave(self) -> None:
        self.writer.close()
        await asyncio.sleep(0.05)


class House:
    """The live process on a free port, with its hub in hand."""

    def __init__(self, hub: live.Hub, port: int) -> None:
        self.hub = hub
        self.port = port
        self.held: list[Screen] = []  # a screen nobody holds would be closed

    async def say(self, raw: bytes) -> Screen:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(raw)
        self.held.append(Screen(reader, writer))
        return self.held[-1]

    async def ask(self, line: str) -> Screen:
        return await self.say(f"{line} HTTP/1.1\r\nHost: here\r\nAccept: text/event-stream\r\n\r\n".encode())

    async def screen(self, *topics: str, until: int = UNTIL) -> Screen:
        found = await self.ask(f"GET /live/?ticket={permit(*topics, until=until)}")
        await found.read_until("event: line")
        return found


@asynccontextmanager
async def house() -> AsyncIterator[House]:
    hub = live.Hub(SECRET, "https://linli.example")
    hub.listening = True
    server = await asyncio.get_running_loop().create_server(lambda: live.Screen(hub), "127.0.0.1", 0)
    keeper = asyncio.ensure_future(hub.keep_alive())
    async with server:
        yield House(hub, server.sockets[0].getsockname()[1])
        keeper.cancel()


def played(story: Callable[[House], Awaitable[None]]) -> None:
    async def run() -> None:
        async with house() as here:
            await asyncio.wait_for(story(here), 20)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("GET /live/", 403), ("GET /other/", 404), ("GET /", 404), ("GET /healthz", 200), ("POST /live/", 405),
        ("GET /metrics", 200), ("nonsense", 405), ("GET /live/?ticket=%00", 403), ("\x16\x03\x01 x", 405),
        (f"GET /other/?ticket={permit('community:3')}", 404), (f"HEAD /live/?ticket={permit('community:3')}", 403),
    ],
)  # fmt: skip
def test_without_a_ticket_nothing_is_streamed(line: str, status: int) -> None:
    async def story(here: House) -> None:
        said = await (await here.ask(line)).rest()
        assert said.startswith(f"HTTP/1.1 {status} ")
        assert "connection: close" in said
        assert not here.hub.screens
        assert not here.hub.topics

    played(story)


def test_each_screen_hears_its_own_topics_the_last_version_of_each() -> None:
    async def story(here: House) -> None:
        one = await here.screen("community:3")
        other = await here.screen("community:4", "community:5")
        for payload in ("community:3 1", "community:3 2", "community:5 9", "community:6 1"):
            here.hub.hear(payload)
        first, second = await one.rest(0.5), await other.rest(0.5)
        assert "data: community:3 2\n" in first
        assert "data: community:3 1\n" not in first
        assert "community:5" not in first
        assert "data: community:5 9\n" in second
        assert "community:3" not in second
        assert "community:6" not in first + second

    played(story)


def test_items_reach_the_wall_each_and_nobody_else() -> None:
    async def story(here: House) -> None:
        wall = await here.screen("community:3", "wall:3")
        desk = await here.screen("community:3")
        for number in range(3):
            here.hub.hear(f'wall:3 {{"number":"{number}"}}')
            here.hub.hear(f"community:3 {number}")
        first, second = await wall.rest(0.5), await desk.rest(0.5)
        assert [f'data: wall:3 {{"number":"{number}"}}\n' in first for number in range(3)] == [True] * 3
        assert first.count("event: touch") == 1
        assert "number" not in second

    played(story)


def test_a_storm_of_items_is_told_as_a_change() -> None:
    said = live.message("wall:3", [f'{{"number":"{number}"}}' for number in range(live.MOST_ITEMS + 1)])
    assert said == f"event: touch\ndata: wall:3 {live.MOST_ITEMS + 1}\n\n".encode()


def test_the_first_word_comes_at_once_and_a_storm_four_times_a_second() -> None:
    async def story(here: House) -> None:
        screen = await here.screen("community:3")
        began = time.monotonic()
        here.hub.hear("community:3 1")
        await screen.read_until("community:3 1")
        assert time.monotonic() - began < live.COALESCE_SECONDS / 2
        for version in range(2, 1000):
            here.hub.hear(f"community:3 {version}")
        said = await screen.rest(0.6)
        assert "data: community:3 999\n" in said
        assert said.count("event: touch") == 2

    played(story)


def test_a_screen_that_left_is_forgotten() -> None:
    async def story(here: House) -> None:
        screen = await here.screen("community:3", "wall:3")
        assert len(here.hub.screens) == 1
        await screen.leave()
        assert not here.hub.screens
        assert not here.hub.topics

    played(story)


def test_a_screen_that_cannot_follow_costs_no_memory_and_asks_afresh_later() -> None:
    async def story(here: House) -> None:
        await here.screen("community:3")
        (screen,) = here.hub.screens
        screen.pause_writing()
        for version in range(50):
            here.hub.hear(f"community:3 {version}")
        await asyncio.sleep(0.4)
        assert screen.transport is not None
        assert screen.transport.get_write_buffer_size() == 0
        written: list[bytes] = []
        screen.transport = type("Kept", (), {"write": staticmethod(written.append)})()
        screen.resume_writing()
        assert written == [b"event: touch\ndata: community:3 missed\n\n"]

    played(story)


def test_keepalives_are_sent_and_expired_tickets_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "KEEPALIVE_SECONDS", 0.2)

    async def story(here: House) -> None:
        lasting = await here.screen("community:3")
        ending = await here.screen("community:3", until=int(time.time()) + 1)
        assert ": still here" in await lasting.read_until("still here")
        await ending.rest(3)
        assert ending.reader.at_eof()
        assert len(here.hub.screens) == 1

    played(story)


def test_who_says_nothing_or_too_much_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "KEEPALIVE_SECONDS", 0.2)
    monkeypatch.setattr(live, "HEAD_SECONDS", 0.1)

    async def story(here: House) -> None:
        silent = await here.say(b"GET /live/ HTTP/1.1\r\n")
        endless = await here.say(b"GET /live/?ticket=" + b"x" * 9000)
        assert (await endless.rest()).startswith("HTTP/1.1 431 ")
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await silent.reader.readexactly(1)
        assert not here.hub.arriving

    played(story)


def test_screens_hear_when_the_line_to_the_database_is_cut_and_back() -> None:
    async def story(here: House) -> None:
        screen = await here.screen("community:3")
        await live._line(here.hub, open_=False)
        await screen.read_until("event: line\ndata: 0\n")
        await live._line(here.hub, open_=True)
        screen.text = ""
        await screen.read_until("event: line\ndata: 1\n")

    played(story)


def test_the_stream_says_nothing_but_topics_versions_and_its_own_state() -> None:
    async def story(here: House) -> None:
        screen = await here.screen("community:3")
        here.hub.hear("community:3 7")
        head, _, body = (await screen.rest(0.5)).partition("\r\n\r\n")
        assert {line.partition(":")[0] for line in body.splitlines() if line} <= {
            "event",
            "data",
            "retry",
            "",
        }
        assert "content-type: text/event-stream" in head
        assert "cache-control: no-store" in head
        assert "access-control-allow-origin: https://linli.example" in head

    played(story)


def test_the_number_of_open_screens_can_be_read() -> None:
    async def story(here: House) -> None:
        await here.screen("community:3")
        assert (await (await here.ask("GET /healthz")).rest()).endswith("ok 1\n")
        told = await (await here.ask("GET /metrics")).rest()
        assert "live_viewers 1\n" in told
        assert "live_listening 1\n" in told

    played(story)
