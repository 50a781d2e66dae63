"""The live process: it streams only what a ticket permits, to as many screens as there are, and says nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from linli.kernel import ticket
from linli.site import live

SECRET = "s" * 48
UNTIL = 2_000_000_000


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LINLI_SECRET_KEY", SECRET)
    monkeypatch.setattr(live, "COALESCE_SECONDS", 0.0)
    yield
    live._listeners.clear()


def permit(*topics: str, secret: str = SECRET, until: int = UNTIL) -> str:
    return ticket.issue(list(topics), secret, until=until)


def test_a_ticket_permits_its_topics() -> None:
    assert live.topics_of(f"ticket={permit('community:3')}", at=UNTIL - 1) == ["community:3"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "ticket=",
        "ticket=nonsense",
        f"ticket={permit('community:3', secret='x' * 48)}",
        f"ticket={permit('community:3', until=5)}",
        f"ticket={permit('community:3').replace('community:3', 'community:4')}",
        f"ticket={permit('community:3').replace(str(UNTIL), str(UNTIL + 1))}",
        f"ticket={permit('community:3')}0",
        "ticket=.community:3.",
    ],
)
def test_a_ticket_that_is_forged_old_or_changed_permits_nothing(query: str) -> None:
    assert live.topics_of(query, at=UNTIL - 1) is None


class Screen:
    """A browser at the live process."""

    def __init__(self, path: str, query: str) -> None:
        self.scope = {"type": "http", "path": path, "query_string": query.encode()}
        self.sent: list[dict[str, Any]] = []
        self.gone = asyncio.Event()

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def run(self) -> None:
        await live.application(self.scope, self.receive, self.send)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def body(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent).decode()


async def _visit(path: str, query: str = "") -> Screen:
    screen = Screen(path, query)
    await screen.run()
    return screen


@pytest.mark.parametrize(
    ("path", "status"), [("/live/", 403), ("/other/", 404), ("/", 404), ("/healthz", 200)]
)
def test_without_a_ticket_nothing_is_streamed(path: str, status: int) -> None:
    assert asyncio.run(_visit(path)).status == status


def test_a_ticket_opens_no_other_address() -> None:
    assert asyncio.run(_visit("/other/", f"ticket={permit('community:3')}")).status == 404


async def _two_screens() -> tuple[Screen, Screen]:
    here = Screen("/live/", f"ticket={permit('community:3')}")
    there = Screen("/live/", f"ticket={permit('community:4', 'community:5')}")
    running = [asyncio.ensure_future(screen.run()) for screen in (here, there)]
    await asyncio.sleep(0.01)
    for payload in ("community:3 1", "community:3 2", "community:5 9", "community:6 1"):
        live._hand_out(payload)
    await asyncio.sleep(0.05)
    for screen in (here, there):
        screen.gone.set()
    live._hand_out("community:3 3")
    live._hand_out("community:4 3")
    await asyncio.wait_for(asyncio.gather(*running), 5)
    return here, there


def test_each_screen_hears_its_own_topics_the_last_version_of_each() -> None:
    here, there = asyncio.run(_two_screens())
    assert "data: community:3 2\n" in here.body
    assert "community:5" not in here.body
    assert "data: community:5 9\n" in there.body
    assert "community:3" not in there.body
    assert "community:6" not in here.body + there.body


def test_a_screen_that_left_is_forgotten() -> None:
    asyncio.run(_two_screens())
    assert not live._listeners


async def _slow_screen() -> Screen:
    screen = Screen("/live/", f"ticket={permit('community:3')}")
    running = asyncio.ensure_future(screen.run())
    await asyncio.sleep(0.01)
    for version in range(1000):
        live._hand_out(f"community:3 {version}")
    await asyncio.sleep(0.05)
    screen.gone.set()
    live._hand_out("community:3 end")
    await asyncio.wait_for(running, 5)
    return screen


def test_a_storm_is_told_as_its_last_word() -> None:
    screen = asyncio.run(_slow_screen())
    assert screen.body.count("data: ") <= 3
    assert "data: community:3 999\n" in screen.body


def test_the_stream_says_nothing_but_topics_and_versions() -> None:
    here, _there = asyncio.run(_two_screens())
    lines = {line.partition(":")[0] for line in here.body.splitlines() if line}
    assert lines <= {"event", "data", "retry", ""}
    headers = {name.decode(): value.decode() for name, value in here.sent[0]["headers"]}
    assert headers["content-type"] == "text/event-stream"
    assert "no-store" in headers["cache-control"]
