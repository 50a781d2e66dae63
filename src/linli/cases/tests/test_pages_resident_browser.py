"""The residents' pages in a real browser: without JavaScript, for every reader, within the size of a phone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from linli.cases.models import Attachment
from linli.cases.tests.cast import Cast, sign_in
from linli.cases.tests.ground import picture_bytes
from linli.faces.tests import axe
from linli.faces.tests.browser import DESK, PHONE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.rounds,
    pytest.mark.slow,
    pytest.mark.usefixtures("this_evening"),
]
WORDS = "8 栋门口的路灯不亮，晚上看不见路"
FACES = [("zh-hans", False), ("en", False), ("zh-hans", True)]
BELOW = "地下车库没有信号，B2 的灯全灭了"
#: A tone from the page's own synthesiser, in the place of a microphone.
MICROPHONE = """navigator.mediaDevices.getUserMedia = async () => {
  const sound = new AudioContext(), tone = sound.createOscillator(), end = sound.createMediaStreamDestination();
  tone.connect(end); tone.start(); return end.stream; }"""
READY = """new Promise((done) => { let left = 400; const look = () =>
  navigator.serviceWorker.controller || !left-- ? done(left > 0) : setTimeout(look, 50); look(); })"""
KEPT = """caches.keys().then(async (names) => (await Promise.all(names.map(async (name) =>
  (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)))).flat())"""
PHOTO = FilePayload(name="lamp.jpg", mimeType="image/jpeg", buffer=picture_bytes(width=640, height=480))


@pytest.fixture
def site(chromium_of_module: Browser, committed_cast: Cast, live_server: LiveServer, settings: Any) -> str:
    """The whole product on a free port, without https."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "linli", "linli-csrf"
    settings.SECURE_HSTS_SECONDS = 0
    return str(live_server.url)


@pytest.fixture
def chromium_browser(site: str, chromium: Browser) -> Browser:
    """A browser, once the product is there."""
    return chromium


def _reader(
    browser: Browser, site: str, *, script: bool = True, language: str = "zh-hans", elder: bool = False
) -> BrowserContext:
    context = browser.new_context(
        locale="zh-CN",
        base_url=site,
        java_script_enabled=script,
        viewport=PHONE,  # type: ignore[arg-type]
    )
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": "django_language", "value": language, "url": site}])
    if elder:
        context.add_cookies([{"name": "linli-elder", "value": "1", "url": site}])
    return context


def _report(page: Page, cast: Cast, *, script: bool) -> str:
    """All three steps; the number of the case."""
    page.goto(f"/p/{cast.building.qr_code}/")
    page.goto("/report/")
    page.fill("textarea[name=words]", WORDS)
    page.set_input_files("input[name=pictures]", [PHOTO])
    if script:
        page.wait_for_selector(".ll-photos__item img")
    page.click(".ll-next button")
    page.wait_for_url("**/report/place/")
    page.click(".ll-next button")
    page.wait_for_url("**/report/send/")
    page.check("#who-anonymous")
    page.click(".ll-next button")
    page.wait_for_url("**/report/receipt/**")
    return page.url.rstrip("/").rpartition("/")[2]


def test_one_reports_with_a_picture_and_follows_it_without_javascript(
    chromium_browser: Browser, site: str, committed_cast: Cast
) -> None:
    context = _reader(chromium_browser, site, script=False)
    page = context.new_page()
    number = _report(page, committed_cast, script=False)
    page.goto(f"/case/{number}/")
    assert WORDS in page.inner_text("main")
    assert page.locator(".ll-pictures img").count() == 1
    page.locator("main summary").first.click()
    page.fill("#f-add", "今晚又不亮")
    page.get_by_role("button", name="补充").last.click()
    assert "今晚又不亮" in page.inner_text(".ll-timeline")
    context.close()


@pytest.mark.parametrize(("language", "elder"), FACES)
def test_no_page_has_a_fault(
    chromium_browser: Browser, site: str, committed_cast: Cast, language: str, elder: bool
) -> None:
    cast = committed_cast
    settled = cast.report(publish=True).number
    cast.settled(settled)
    context = _reader(chromium_browser, site, language=language, elder=elder)
    page, faults = context.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto("/")
    _sound(page, language)
    number = _report(page, cast, script=True)
    _sound(page, language)
    for address in (
        "/",
        "/report/",
        "/my/",
        "/follow/",
        f"/case/{number}/",
        f"/place/{cast.here.code}/",
        f"/place/{cast.building.code}/",
        f"/settled/{cast.here.code}/",
        f"/settled/{cast.here.code}/{settled}/",
    ):
        page.goto(address)
        _sound(page, language)
    page.goto("/report/")
    page.fill("textarea[name=words]", "8 栋着火了，冒浓烟")
    page.click(".ll-next button")
    page.wait_for_url("**/report/place/")
    page.check("#how-elsewhere")
    _sound(page, language)
    page.check("#how-unknown")
    page.click(".ll-next button")
    page.wait_for_url("**/report/send/")
    _sound(page, language)
    assert faults == []
    context.close()


def test_what_is_written_without_net_waits_for_its_writer_alone_and_goes_once(
    chromium_browser: Browser, site: str, committed_cast: Cast
) -> None:
    context = _reader(chromium_browser, site)
    page, faults = context.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"/p/{committed_cast.building.qr_code}/")
    page.goto("/report/")
    assert page.evaluate(READY)
    page.fill("textarea[name=words]", BELOW)
    page.set_input_files("input[name=pictures]", [PHOTO])
    page.evaluate(MICROPHONE)
    page.click("[data-recorder] button")
    page.wait_for_timeout(1200)  # it records
    page.click("[data-recorder] button")
    expect(page.locator("[data-heard]")).to_be_visible()
    context.set_offline(True)
    page.click(".ll-next button")
    page.wait_for_url("**/report/offline/")
    expect(page.locator("textarea[name=words]")).to_have_value(BELOW)
    expect(page.locator(".ll-photos__item")).to_have_count(1)
    _sound(page, "zh-hans")
    page.check("#who-anonymous")
    page.click(".ll-next button")
    expect(page.locator("[data-waiting] [data-words]")).to_have_text(BELOW)
    _sound(page, "zh-hans")
    page.goto("/my/")
    expect(page.locator("[data-waiting] [data-words]")).to_have_text(BELOW)
    context.set_offline(False)
    expect(page.locator("[data-waiting] .ll-notice[data-kind=good]")).to_contain_text("已发出")
    assert page.locator("[data-waiting] [data-words]").count() == 0
    with committed_cast.inside():
        kinds = {row.kind: row.seconds for row in Attachment.objects.filter(case__words=BELOW)}
    assert set(kinds) == {"picture", "voice"}
    assert 0.5 < (kinds["voice"] or 0) < 5
    assert all(path.startswith("/static/") or path == "/report/offline/" for path in page.evaluate(KEPT))
    _not_for_the_next(context, page, site, committed_cast)
    assert faults == []
    context.close()


def _not_for_the_next(context: BrowserContext, page: Page, site: str, cast: Cast) -> None:
    """Another report waits on this phone when somebody else signs in on it."""
    page.goto("/report/")
    context.set_offline(True)
    page.fill("textarea[name=words]", WORDS)
    page.click(".ll-next button")
    page.wait_for_url("**/report/offline/")
    page.check("#who-anonymous")
    page.click(".ll-next button")
    expect(page.locator("[data-waiting] [data-words]")).to_have_text(WORDS)
    session = sign_in(Client(), cast.resident).cookies["linli"].value
    context.add_cookies([{"name": "linli", "value": session, "url": site}])
    context.set_offline(False)
    page.goto("/my/")
    expect(page.locator("[data-waiting] .ll-notice")).to_have_count(1)
    assert WORDS not in page.inner_text("main")
    assert (
        page.evaluate("linliOutbox.all().then((all) => all.filter((one) => one.state === 'waiting').length)")
        == 1
    )


def _sound(page: Page, language: str) -> None:
    """It fits the phone and the desk, and axe finds nothing."""
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict is a ViewportSize
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url
    assert axe.check(page) == [], page.url
