"""The whole product behind a real port, the cast in it, and windows of a real Chromium to look at it.

One house a module: the journeys of a module share the committed cast and leave their cases to one another.
Time runs on from the evening of the cast's day, whatever the day on which the tests run.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from procrastinate.contrib.django import app
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from linli.cases.queries import reference
from linli.cases.tests.cast import AT, Cast, Person, gather, sign_in
from linli.faces.tests import axe
from linli.faces.tests import browser as chromium
from linli.faces.tests.browser import DESK, PHONE
from linli.kernel import clock
from linli.runtime.testing import databases
from linli.runtime.testing.server import Use

EVENING = AT + timedelta(hours=8)
PLAIN_HTTP = {
    "SESSION_COOKIE_SECURE": False,
    "CSRF_COOKIE_SECURE": False,
    "SESSION_COOKIE_NAME": "linli",
    "CSRF_COOKIE_NAME": "linli-csrf",
    "SECURE_HSTS_SECONDS": 0,
    "ALLOWED_HOSTS": ["localhost", "testserver"],
}


@dataclass
class House:
    """The running product, who lives in it, and every fault that a browser has found so far."""

    cast: Cast
    url: str
    browser: Browser
    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def window(
        self,
        person: Person | None = None,
        *,
        phone: bool = True,
        language: str = "zh-hans",
        elder: bool = False,
        script: bool = True,
    ) -> Page:
        """A fresh browser of this person, signed in; of a stranger without one."""
        context = self.browser.new_context(
            base_url=self.url,
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]  # a plain dict is a ViewportSize
            locale="en-GB" if language == "en" else "zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        cookies = {"django_language": language, "linli-elder": "1" if elder else "0"}
        if person is not None:
            cookies[settings.SESSION_COOKIE_NAME] = sign_in(Client(), person).cookies["linli"].value
        context.add_cookies(
            [{"name": name, "value": held, "url": self.url} for name, held in cookies.items()]
        )
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("response", lambda answer: self._weigh(answer.url, answer.status))
        return page

    def _listen(self, said: ConsoleMessage) -> None:
        if "Refused to" in said.text or "Content Security Policy" in said.text:
            self.faults.append(f"{said.location.get('url')}: {said.text}")

    def _weigh(self, address: str, status: int) -> None:
        if status >= 500:
            self.faults.append(f"{address} answers {status}")

    def work_off(self) -> None:
        """Let a worker do what waits in the queue (Playwright's loop holds this thread, so in another one)."""
        thread = threading.Thread(target=_work_off)
        thread.start()
        thread.join()

    def close_windows(self) -> None:
        """Close every window."""
        while self.contexts:
            self.contexts.pop().close()

    def report(self, page: Page, words: str, *, who: str = "", photo: str | None = None) -> str:
        """All three steps at the reader's own place; the number of the case. ``who``: anonymous, other or account."""
        page.goto("/report/")
        page.fill("textarea[name=words]", words)
        if photo:
            page.set_input_files("input[name=pictures]", photo)
        page.click(".ll-next button")
        page.wait_for_url("**/report/place/")
        if not page.is_checked("#how-here"):
            page.check("#how-unknown")
        page.click(".ll-next button")
        page.wait_for_url("**/report/send/")
        if who:
            page.check(f"#who-{who}")
        page.click(".ll-next button")
        page.wait_for_url("**/report/receipt/**")
        return page.url.rstrip("/").rpartition("/")[2]


def _work_off() -> None:
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        app.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)
    connections.close_all()


def press(page: Page, words: str) -> None:
    """Press this move of the open case; the less usual ones wait behind 更多."""
    bar = page.locator(".desk-actions").last
    move = bar.get_by_role("button", name=words).or_(bar.get_by_role("link", name=words)).first
    if not move.is_visible():
        bar.locator("summary").last.click()
    move.click()


def done(page: Page) -> None:
    """Send the form of the move, and wait until it was taken."""
    page.locator(".desk-move__form .ll-actions button").first.click()
    page.wait_for_selector(".desk-move__form", state="detached")


def standing(page: Page, state: str) -> None:
    """Wait until the open case stands like this."""
    page.locator(".desk-head .ll-tag_brand", has_text=state).wait_for()


def sound(page: Page) -> None:
    """The page fits its window and axe finds nothing serious in it."""
    assert serious(page) == [], page.url


def serious(page: Page) -> list[str]:
    """What is seriously wrong with the page as it stands."""
    width = (page.viewport_size or PHONE)["width"]
    wide = int(page.evaluate("document.documentElement.scrollWidth"))
    too_wide = [f"{wide} px wide"] if wide > width else []
    found = _serious(page)
    if any(rule == "target-size" for rule, _ in found):
        # Half under a bar that sticks to the edge is not small: it must be so wherever the page is scrolled to.
        page.evaluate("for (const one of [window, document.querySelector('#detail')]) one?.scrollBy(0, -37)")
        found &= _serious(page)
    return [*too_wide, *sorted(f"{rule} {where}" for rule, where in found)]


def _serious(page: Page) -> set[tuple[str, str]]:
    return {(one.rule, each) for one in axe.check(page, from_impact="serious") for each in one.where}


@pytest.fixture(scope="session")
def hands() -> Any:
    """What one does on a page: press, done, standing, sound, serious."""
    return SimpleNamespace(press=press, done=done, standing=standing, sound=sound, serious=serious)


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker, database_server: Use) -> Iterator[House]:
    """The product and the cast for all journeys of a module; afterwards the tables are as the migrations left them."""
    if chromium.find_chromium() is None:
        pytest.skip("no Chromium here: the journeys through the pages were not walked")
    patch = pytest.MonkeyPatch()
    # Playwright's loop makes Django take this thread for an asynchronous one.
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    began = time.monotonic()
    patch.setattr(clock, "now", lambda: EVENING + timedelta(seconds=time.monotonic() - began))
    with django_db_blocker.unblock(), override_settings(**PLAIN_HTTP), chromium.launch() as browser:
        reference.forget()
        server = LiveServer("localhost")
        try:
            yield House(gather(), server.url, browser)
        finally:
            server.stop()
            databases.restore_seed(database_server, str(settings.DATABASES["default"]["NAME"]))
            reference.forget()
            patch.undo()


@pytest.fixture(autouse=True)
def no_fault_in_any_page(house: House) -> Iterator[None]:
    """Whatever a journey walks past: no refused script or style, no error of a script, no 5xx."""
    house.faults.clear()
    yield
    house.close_windows()
    assert house.faults == []
