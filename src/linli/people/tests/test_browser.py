"""What only a real browser can tell: forms without JavaScript, a security key at work, axe on every page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from linli.faces.tests import axe
from linli.faces.tests.browser import PHONE, find_chromium
from linli.people.tests.conftest import NEW_PHONE, PASSWORD, Outbox, Roster, resident

pytestmark = [
    pytest.mark.browser,
    pytest.mark.rounds,
    pytest.mark.urls("linli.people.tests.urls"),
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium here"),
]
MINE = (
    "/me/",
    "/me/profile/",
    "/me/password/",
    "/me/phone/",
    "/me/data/",
    "/me/data/delete/",
    "/me/second-factor/",
    "/me/second-factor/app/",
    "/me/second-factor/key/",
)


@pytest.fixture
def browser(site: str, chromium: Browser) -> Browser:
    """A browser, once the pages are there."""
    return chromium


@pytest.fixture
def site(
    chromium_of_module: Browser, settings: Any, live_server: LiveServer, outbox: Outbox, roster: Roster
) -> str:
    """The address of people's pages over plain http, as a developer has them."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "linli", "linli-csrf"
    return str(live_server.url)


def opened(
    browser: Browser, site: str, *, script: bool = True, cookies: dict[str, str] | None = None
) -> Page:
    """A page on a phone."""
    size = ViewportSize(width=PHONE["width"], height=PHONE["height"])
    context = browser.new_context(base_url=site, viewport=size, locale="zh-CN", java_script_enabled=script)
    context.set_default_timeout(8000)
    context.add_cookies(
        [{"name": name, "value": value, "url": site} for name, value in (cookies or {}).items()]
    )
    return context.new_page()


def come_in(page: Page, phone: str = "13811110001") -> None:
    page.goto("/sign-in/")
    page.fill("[name=phone]", phone)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")


def test_one_signs_up_without_javascript(browser: Browser, site: str, outbox: Outbox) -> None:
    page = opened(browser, site, script=False)
    page.goto("/sign-in/code/?next=/me/")
    page.fill("[name=phone]", "138 1111 0003")
    page.click("main .ll-card button")
    page.fill("[name=code]", outbox.last_code(NEW_PHONE))
    page.click("main .ll-card button")
    page.fill("[name=name]", "赵敏")
    page.check("[name=grown]")
    page.check("[name=account]")
    page.click("main .ll-card button")
    assert page.url.endswith("/me/")
    assert page.inner_text("h1") == "赵敏"


def test_a_security_key_is_made_and_used(browser: Browser, site: str) -> None:
    resident()
    page = opened(browser, site)
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    come_in(page)
    page.goto("/me/second-factor/key/")
    page.fill("[name=name]", "蓝色钥匙")
    page.click("main form button")
    page.wait_for_selector("text=备用码")
    page.goto("/me/second-factor/")
    assert "蓝色钥匙" in page.inner_text("main")
    page.context.clear_cookies()
    come_in(page)
    page.wait_for_url("**/me/second-factor/check/**")
    page.click("form[data-key-use] button")
    page.wait_for_url(lambda url: url.rstrip("/") == site)
    page.goto("/me/data/")
    assert page.url.endswith("/me/data/")


@pytest.mark.parametrize(
    "face",
    [{}, {"django_language": "en", "linli-elder": "1"}],
    ids=["chinese", "english-large"],
)
def test_no_page_has_a_fault(browser: Browser, site: str, face: dict[str, str]) -> None:
    account = resident()
    account.language = face.get("django_language", "zh-hans")
    account.elder = "linli-elder" in face
    account.save()
    page = opened(browser, site, cookies=face)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in ("/sign-in/", "/sign-in/code/", "/sign-up/", "/sign-out/"):
        page.goto(path)
        assert_well(page, path)
    come_in(page)
    for path in MINE:
        page.goto(path)
        assert_well(page, path)
    assert said == []


def assert_well(page: Page, path: str) -> None:
    """Nothing for axe to find, and nothing to push sideways."""
    assert axe.check(page) == [], path
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
