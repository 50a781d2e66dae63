"""The wall in a real browser: sizes, twins, keys, live news, old data, a screen without a person, and no fault."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from linli.cases.tests.cast import Cast, Person, sign_in
from linli.controlroom import kept
from linli.controlroom.actions import screens
from linli.faces.tests import axe
from linli.kernel import clock
from linli.site import live

pytestmark = [pytest.mark.browser, pytest.mark.rounds, pytest.mark.slow]
expect.set_options(timeout=15_000)  # the machine may be busy
WALL, TWO, LAPTOP, PHONE = (1920, 1080), (3840, 1080), (1366, 768), (375, 812)


class Wire:
    """A live process in a thread: the real one, but what it hears is what the test says."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.hub = live.Hub(str(django_settings.SECRET_KEY))
        self.server: Any = None
        self.port = 0
        ready = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self.thread.start()
        ready.wait(5)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self.loop)

        async def open_() -> None:
            self.hub.listening = True
            self.server = await self.loop.create_server(lambda: live.Screen(self.hub), "127.0.0.1", 0)
            self.port = self.server.sockets[0].getsockname()[1]
            ready.set()

        self.loop.run_until_complete(open_())
        self.loop.run_forever()

    def _there(self, what: Callable[[], object]) -> None:
        done = threading.Event()

        def run() -> None:
            what()
            done.set()

        self.loop.call_soon_threadsafe(run)
        done.wait(5)

    def hear(self, payload: str) -> None:
        """As if the database had said it."""
        self._there(lambda: self.hub.hear(payload))

    def die(self) -> None:
        """Close the port and every line."""

        def end() -> None:
            self.server.close()
            for screen in list(self.hub.screens):
                screen.hang_up()

        self._there(end)

    def stop(self) -> None:
        """End the thread."""
        self.die()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire()
    yield made
    made.stop()


@pytest.fixture
def site(
    chromium_of_module: Browser, committed_cast: Cast, live_server: LiveServer, settings: Any, wire: Wire
) -> Iterator[str]:
    """The whole product on a free port, without https, with a live process beside it."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.LINLI_HTTPS = False
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "linli", "linli-csrf"
    settings.SECURE_HSTS_SECONDS = 0
    settings.LINLI_LIVE_URL = f"http://127.0.0.1:{wire.port}"
    policy = {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]}
    policy["connect-src"] = [*policy["connect-src"], settings.LINLI_LIVE_URL]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy}
    address = str(live_server.url)
    wire.hub.head = live.Hub("", address).head
    kept.forget()
    yield address
    kept.forget()


@pytest.fixture
def running(site: str, chromium: Browser) -> Browser:
    """A browser, once the product is there."""
    return chromium


class Room:
    """One person before the wall."""

    def __init__(self, browser: Browser, site: str, person: Person | None, **more: Any) -> None:
        size = more.pop("size", WALL)
        language = more.pop("language", "zh-hans")
        self.faults: list[str] = []
        self.context: BrowserContext = browser.new_context(
            locale="zh-CN", base_url=site, viewport={"width": size[0], "height": size[1]}, **more
        )
        self.context.set_default_timeout(25_000)
        cookies = {"django_language": language}
        if person:
            cookies["linli"] = sign_in(Client(), person).cookies[django_settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies(
            [{"name": name, "value": value, "url": site} for name, value in cookies.items()]
        )
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)

    def open(self, path: str = "/control/") -> Page:
        self.page.goto(path)
        return self.page


def busy(cast: Cast) -> list[str]:
    """Some cases, one of them an emergency, one overdue."""
    at = clock.now()
    numbers = [
        cast.report("8 栋门口的路灯不亮", at=at - timedelta(days=20), key="a").number,
        cast.report("垃圾三天没清运了", at=at - timedelta(seconds=30), key="b").number,
        cast.report("8 栋着火了，火很大", at=at - timedelta(seconds=3), key="c").number,
    ]
    cast.dispatched(numbers[0], at=at - timedelta(days=19))
    return numbers


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_it_fits_every_size_without_a_fault(
    running: Browser, site: str, committed_cast: Cast, language: str
) -> None:
    busy(committed_cast)
    for size in (WALL, TWO, LAPTOP, PHONE):
        room = Room(running, site, committed_cast.dispatcher, size=size, language=language)
        page = room.open()
        expect(page.locator("#wall-state")).to_have_attribute("data-state", "live")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        if size[0] >= 1200:
            assert page.evaluate("document.documentElement.scrollHeight") <= size[1]
            expect(page.locator("[data-panel=grids] canvas")).to_be_visible()
        if size in (WALL, PHONE):
            assert axe.check(page) == []
        assert room.faults == []
        room.context.close()


def test_charts_and_their_tables_say_the_same_and_open_the_rows(
    running: Browser, site: str, committed_cast: Cast
) -> None:
    busy(committed_cast)
    room = Room(running, site, committed_cast.leader)
    page = room.open()
    chart = page.locator("[data-panel=today] figure[data-chart]")
    expect(chart.locator("canvas")).to_be_visible()
    expect(chart.locator("table")).to_be_hidden()
    chart.get_by_role("button").click()
    expect(chart.locator("table")).to_be_visible()
    expect(chart.locator("canvas")).to_be_hidden()
    today = chart.locator("tbody tr").last
    expect(today.locator("td").first).to_have_text("2")
    today.locator("td a").first.click()
    expect(page).to_have_url(re.compile("/control/figures/reported/rows/"))
    assert page.locator("main").inner_text().count("26") >= 1
    page.goto("/control/")
    expect(page.locator("figure[data-chart] canvas:visible")).to_have_count(2)
    page.keyboard.press("t")
    expect(page.locator("figure[data-chart] table:visible")).to_have_count(2)
    page.keyboard.press("t")
    expect(page.locator("figure[data-chart] canvas:visible")).to_have_count(2)
    assert axe.check(page) == []
    assert room.faults == []


def test_each_key_does_what_it_says(running: Browser, site: str, committed_cast: Cast) -> None:
    busy(committed_cast)
    room = Room(running, site, committed_cast.dispatcher, reduced_motion="reduce")
    page = room.open()
    svg = page.locator("[data-map] > svg")
    whole = svg.get_attribute("data-box") or ""
    expect(page.locator("[data-zoom-tools]")).to_be_visible()
    page.keyboard.press("z")
    expect(svg).not_to_have_attribute("viewBox", re.compile(f"^{whole}"))
    expect(page.locator(".wall-pin.is-here")).to_have_count(1)
    assert page.evaluate("document.activeElement.classList.contains('wall-pin')")
    page.keyboard.press("Escape")
    expect(page.locator(".wall-pin.is-here")).to_have_count(0)
    page.keyboard.press("+")
    page.keyboard.press("0")
    page.keyboard.press("l")
    expect(page.locator("#wall-list tbody tr")).to_have_count(3)
    assert axe.check(page) == []
    page.keyboard.press("l")
    expect(page.locator("#wall-list")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("#wall-help")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.locator("html")).to_have_attribute("data-muted", "")
    page.keyboard.press("m")
    expect(page.locator("html")).not_to_have_attribute("data-muted", "")
    page.keyboard.press("d")
    expect(page.locator("#wall-tour")).to_be_visible()
    expect(page.locator(".is-toured")).to_have_attribute("data-panel", "today")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".is-toured")).to_have_attribute("data-panel", "promises")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".is-toured")).to_have_attribute("data-panel", "chasing")
    assert axe.check(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#wall-tour")).to_be_hidden()
    assert room.faults == []


def test_news_are_there_at_once_and_can_be_held(
    running: Browser, site: str, committed_cast: Cast, wire: Wire
) -> None:
    cast = committed_cast
    busy(cast)
    room = Room(running, site, cast.dispatcher)
    page = room.open()
    expect(page.locator("#wall-state")).to_have_attribute("data-state", "live")
    page.route("**/control/panels/**", lambda route: route.abort())
    at = int(clock.now().timestamp() * 1000)
    codes = {"number": "261123000777", "verb": "report", "state": "reported", "urgency": "normal", "at": at}
    item = json.dumps({**codes, "category": "facilities.lighting", "grid": cast.grid.id})
    wire.hear(f"wall:{cast.here.id} {item}")
    first = page.locator("[data-stream] li").first
    expect(first).to_have_attribute("data-number", "261123000777")
    expect(first).to_contain_text("照明")
    page.keyboard.press("p")
    wire.hear(f"wall:{cast.here.id} {item.replace('777', '778')}")
    expect(page.locator("#wall-said")).to_contain_text("1")
    expect(first).to_have_attribute("data-number", "261123000777")
    assert [fault for fault in room.faults if "ERR_FAILED" not in fault] == []


def test_a_real_report_changes_the_figures_without_a_reload(
    running: Browser, site: str, committed_cast: Cast, wire: Wire
) -> None:
    cast = committed_cast
    busy(cast)
    room = Room(running, site, cast.dispatcher)
    page = room.open()
    shown = page.locator("[data-panel=today] [data-figure=reported] dd")
    expect(shown).to_have_text("2")
    page.keyboard.press("z")
    number = cast.report("井盖没了", at=clock.now(), key="d").number
    wire.hear(f"community:{cast.here.id} {int(clock.now().timestamp() * 1000)}")
    expect(shown).to_have_text("3")
    expect(page.locator(f"[data-stream] [data-number='{number}']")).to_be_visible()
    expect(page.locator(".wall-pin.is-here")).to_have_count(1)  # where one had zoomed to, one stays
    assert room.faults == []


def test_when_the_live_process_dies_it_asks_by_itself_and_when_nothing_answers_it_says_so(
    running: Browser, site: str, committed_cast: Cast, wire: Wire
) -> None:
    room = Room(running, site, committed_cast.dispatcher)
    room.page.clock.install()
    page = room.open()
    expect(page.locator("#wall-state")).to_have_attribute("data-state", "live")
    wire.die()
    expect(page.locator("#wall-state")).to_have_attribute("data-state", "polling")
    with page.expect_request("**/control/panels/**"):
        page.clock.run_for(20_000)
    page.route("**/control/panels/**", lambda route: route.abort())
    page.clock.run_for(60_000)
    expect(page.locator("#wall-state")).to_have_attribute("data-state", "stale")
    expect(page.locator("#wall-stale")).to_be_visible()
    expect(page.locator("#wall-stale")).to_contain_text("数据已旧")
    assert axe.check(page) == []
    page.unroute("**/control/panels/**")
    with page.expect_response("**/control/panels/**"):
        page.clock.run_for(20_000)
    page.clock.run_for(2_000)
    expect(page.locator("#wall-stale")).to_be_hidden()


def test_it_is_read_without_javascript(running: Browser, site: str, committed_cast: Cast) -> None:
    busy(committed_cast)
    room = Room(running, site, committed_cast.dispatcher, java_script_enabled=False)
    page = room.open()
    expect(page.locator("figure[data-chart] table")).to_have_count(2)
    expect(page.locator("figure[data-chart] table").first).to_be_visible()
    expect(page.locator("[data-map] > svg")).to_be_visible()
    page.get_by_role("link", name=re.compile("全部列表")).click()
    expect(page.locator("tbody tr")).to_have_count(3)


def test_an_alarm_rings_on_the_wall_and_is_answered_there(
    running: Browser, site: str, committed_cast: Cast
) -> None:
    cast = committed_cast
    room = Room(running, site, cast.dispatcher)
    page = room.open()
    expect(page.locator("[data-alarm-id]")).to_have_count(0)
    cast.report("8 栋着火了，火很大", at=clock.now(), key="c")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('linli:live'))")
    expect(page.locator("[data-alarm-id]")).to_have_count(1)
    expect(page.locator("#alarm")).not_to_contain_text("火很大")
    expect(page.locator("#alarm")).to_contain_text("119")
    assert axe.check(page) == []
    page.locator("[data-alarm-answer] button").click()
    expect(page.locator("[data-alarm-id]")).to_have_count(0)
    assert room.faults == []


def test_a_screen_needs_nobody_and_ends_when_it_is_revoked(
    running: Browser, site: str, committed_cast: Cast, wire: Wire
) -> None:
    cast = committed_cast
    busy(cast)
    with cast.inside():
        held, token = screens.make_screen(
            actor=cast.leader.actor(),
            community_id=cast.here.id,
            name="值班室",
            days=7,
            language="zh-hans",
            at=clock.now(),
        )
    room = Room(running, site, None)
    page = room.open(f"/control/screen/{token}/")
    expect(page).to_have_url(f"{site}/control/screen/")
    expect(page.locator("#wall-state")).to_have_attribute("data-state", "live")
    assert page.locator("a[href*='/desk/'], a[href*='/control/figures/']").count() == 0
    page.keyboard.press("l")
    expect(page.locator("#wall-list tbody tr")).to_have_count(3)
    page.keyboard.press("Escape")
    assert axe.check(page) == []
    assert room.faults == []
    with cast.inside():
        screens.revoke_screen(
            actor=cast.leader.actor(), community_id=cast.here.id, screen_id=held.pk, at=clock.now()
        )
    wire.hear(f"community:{cast.here.id} {int(clock.now().timestamp() * 1000)}")
    expect(page.locator("h1")).to_contain_text("链接已失效")


#: Far to the right, a word that only a screen reader reads.
WIDE = """for (const one of document.querySelectorAll(".wall-list table")) {
  const unseen = document.createElement("span");
  unseen.className = "ll-visually-hidden";
  unseen.style.marginLeft = "2000px";
  one.tBodies[0].rows[0].lastElementChild.append(unseen);
}"""


def test_the_pages_beside_the_wall_have_no_fault(running: Browser, site: str, committed_cast: Cast) -> None:
    for language in ("zh-hans", "en"):
        for size in ((1440, 900), PHONE):
            room = Room(running, site, committed_cast.leader, size=size, language=language)
            for path in ("/control/screens/", "/control/weather/", "/control/list/"):
                page = room.open(path)
                page.evaluate(WIDE)
                assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
                assert axe.check(page) == [], path
            assert room.faults == []
            room.context.close()
