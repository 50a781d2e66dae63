"""The workbench in a real browser: by keyboard, on a phone, without JavaScript, and without a fault."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from linli.cases.actions.settings import routing
from linli.cases.rules.workflow import State, Verb
from linli.cases.tests.cast import AT, Cast, Person, sign_in
from linli.cases.tests.desk import LIGHTING
from linli.faces.tests import axe
from linli.faces.tests.browser import DESK, PHONE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.rounds,
    pytest.mark.slow,
    pytest.mark.usefixtures("monday_morning"),
]
FACES = [("zh-hans", False), ("en", False), ("zh-hans", True)]


@pytest.fixture
def site(chromium_of_module: Browser, committed_cast: Cast, live_server: LiveServer, settings: Any) -> str:
    """The whole product on a free port, without https."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "linli", "linli-csrf"
    settings.SECURE_HSTS_SECONDS = 0
    return str(live_server.url)


@pytest.fixture
def running(site: str, chromium: Browser) -> Browser:
    """A browser, once the product is there."""
    return chromium


def colleague(
    browser: Browser,
    site: str,
    person: Person,
    *,
    size: dict[str, int] = DESK,
    script: bool = True,
    language: str = "zh-hans",
    elder: bool = False,
) -> tuple[BrowserContext, Page]:
    """Somebody signed in, in a window of this size."""
    session = sign_in(Client(), person).cookies[django_settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(
        locale="zh-CN",
        base_url=site,
        java_script_enabled=script,
        viewport=size,  # type: ignore[arg-type]
    )
    context.set_default_timeout(10_000)
    held = {"linli": session, "django_language": language, **({"linli-elder": "1"} if elder else {})}
    context.add_cookies([{"name": name, "value": value, "url": site} for name, value in held.items()])
    return context, context.new_page()


def route(cast: Cast) -> None:
    sheet = routing.Sheet("全部给物业", organisation_id=cast.property_company.pk)
    routing.add_rule(actor=cast.leader.actor(), community_id=cast.here.id, sheet=sheet, at=AT)


def test_a_dispatcher_works_by_keyboard_and_the_list_stays(
    running: Browser, site: str, committed_cast: Cast
) -> None:
    cast = committed_cast
    route(cast)
    numbers = [cast.report(key=str(n), category_code=LIGHTING).number for n in range(3)]
    _context, page = colleague(running, site, cast.dispatcher)
    page.goto("/desk/")
    page.evaluate("window.here = true")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-case]")
    number = page.get_attribute("[data-case]", "data-case")
    assert number in numbers
    assert page.get_attribute(f"#row-{number}", "aria-current") == "true"
    page.keyboard.press("d")
    page.wait_for_selector(f"#row-{number} .desk-row__state:has-text('已派遣')")
    assert page.inner_text("#flash").strip().startswith("已派遣")
    assert page.evaluate("window.here") is True
    assert page.locator(".desk-row").count() == 3
    assert cast.case(number or "").state == State.DISPATCHED


def test_a_form_opens_in_place_and_says_what_is_missing(
    running: Browser, site: str, committed_cast: Cast
) -> None:
    cast = committed_cast
    number = cast.report().number
    _context, page = colleague(running, site, cast.dispatcher)
    page.goto(f"/desk/case/{number}/")
    page.click('.desk-actions a[href*="/decline/"]')
    page.wait_for_selector("#move form")
    page.fill("#move textarea[name=answer]", "网格员今天去看过路灯，属于市政管理，请拨打12345。")
    page.click("#move button:not([type=button])")
    page.wait_for_selector("#move [role=alert]")
    assert (
        page.input_value("#move textarea[name=answer]") == "网格员今天去看过路灯，属于市政管理，请拨打12345。"
    )
    page.click("#move .ll-chip >> nth=1")
    page.click("#move button:not([type=button])")
    page.wait_for_selector("#flash [role=status]")
    assert cast.case(number).state == State.DECLINED


def test_whoever_is_slower_sees_it_in_place_and_keeps_the_words(
    running: Browser, site: str, committed_cast: Cast
) -> None:
    cast = committed_cast
    number = cast.report().number
    _context, page = colleague(running, site, cast.dispatcher)
    page.goto(f"/desk/case/{number}/")
    page.click('.desk-actions a[href*="/decline/"]')
    page.fill("#move textarea[name=answer]", "网格员今天去看过路灯，属于市政管理，请拨打12345。")
    page.click("#move .ll-chip >> nth=1")
    cast.move(number, Verb.NOTE, cast.leader, note="先等等")
    page.click("#move button:not([type=button])")
    page.wait_for_selector("#detail .ll-notice[data-kind=warn]")
    assert "李书记" in page.inner_text("#detail .ll-notice[data-kind=warn]")
    assert (
        page.input_value("#move textarea[name=answer]") == "网格员今天去看过路灯，属于市政管理，请拨打12345。"
    )
    page.click("#move button:not([type=button])")
    page.wait_for_selector("#flash [role=status]")
    assert cast.case(number).state == State.DECLINED


def test_selected_rows_are_sent_together(running: Browser, site: str, committed_cast: Cast) -> None:
    cast = committed_cast
    numbers = [cast.report(key=str(n), category_code=LIGHTING).number for n in range(3)]
    _context, page = colleague(running, site, cast.dispatcher)
    page.goto("/desk/")
    for _ in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    assert page.inner_text("[data-bulk-count]") == "2"
    page.click("#bulk button")
    page.select_option("#bulk-to", f"o{cast.property_company.pk}")
    page.click("button[value=dispatch]")
    page.wait_for_selector("#detail [data-state=met] >> nth=1")
    states = sorted(cast.case(number).state for number in numbers)
    assert states == [State.DISPATCHED, State.DISPATCHED, State.REPORTED]


def test_somebody_on_the_ground_works_on_a_phone(running: Browser, site: str, committed_cast: Cast) -> None:
    cast = committed_cast
    number = cast.report(category_code=LIGHTING).number
    cast.dispatched(number)
    _context, page = colleague(running, site, cast.property_handler, size=PHONE)
    page.goto("/desk/")
    page.click(f"#row-{number} .desk-row__link")
    page.wait_for_selector("[data-case]")
    assert not page.is_visible("#list")
    button = page.locator(".desk-actions .weui-btn_primary")
    box = button.bounding_box()
    assert box is not None
    assert PHONE["height"] - 160 < box["y"] + box["height"] <= PHONE["height"]
    assert box["height"] >= 44
    button.click()
    page.wait_for_selector("#flash [role=status]")
    assert not page.is_visible(".leaflet-container")
    page.click(".desk-mapbox__open")
    page.wait_for_selector(".leaflet-container")
    page.click(".desk-back")
    assert page.is_visible("#list")
    assert cast.case(number).state == State.SIGNED


def test_the_desk_works_without_javascript(running: Browser, site: str, committed_cast: Cast) -> None:
    cast = committed_cast
    route(cast)
    number = cast.report(category_code=LIGHTING).number
    _context, page = colleague(running, site, cast.dispatcher, script=False)
    page.goto("/desk/")
    page.click(f"#row-{number} .desk-row__link")
    page.click(".desk-actions .weui-btn_primary")
    assert f"/desk/case/{number}/" in page.url
    assert cast.case(number).state == State.DISPATCHED


@pytest.mark.parametrize(("language", "elder"), FACES)
def test_no_page_of_the_desk_has_a_fault(
    running: Browser, site: str, committed_cast: Cast, language: str, elder: bool
) -> None:
    cast = committed_cast
    route(cast)
    number = cast.report(contact_phone="13812345678", key="1").number
    cast.report(key="2")
    cast.dispatched(cast.report(key="3").number)
    _context, page = colleague(running, site, cast.leader, language=language, elder=elder)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    for path in (
        "/desk/",
        f"/desk/case/{number}/",
        f"/desk/case/{number}/dispatch/",
        f"/desk/case/{number}/decline/",
        f"/desk/bulk/?case={number}",
        "/desk/new/",
        f"/desk/audit/{number}/",
        "/desk/settings/",
        "/desk/settings/categories/",
        f"/desk/settings/categories/{LIGHTING}/",
        "/desk/settings/promises/",
        "/desk/settings/routing/",
        "/desk/settings/routing/new/",
        "/desk/settings/routing/try/",
        "/desk/settings/calendar/",
    ):
        page.goto(path)
        for size in (PHONE, DESK):
            page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict is a ViewportSize
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], (path, size)
        found = axe.check(page)
        assert not found, (path, [(one.rule, one.where) for one in found])
        if language == "en" and "/case/" not in path:  # what residents wrote stays as they wrote it
            assert not re.search(r"[\u4e00-\u9fff]", page.title()), path
    assert faults == []
