"""The alarm in a real browser: it rings by itself, is heard after a gesture, and one answer silences every screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from linli.cases.tests.cast import Cast
from linli.cases.tests.test_pages_desk_browser import colleague, running, site
from linli.faces.tests import axe
from linli.faces.tests.browser import PHONE

__all__ = ["running", "site"]  # fixtures
pytestmark = [
    pytest.mark.browser,
    pytest.mark.rounds,
    pytest.mark.slow,
    pytest.mark.usefixtures("monday_morning"),
]
NEWS = "document.body.dispatchEvent(new CustomEvent('linli:live'))"


def rung(page: Page) -> int:
    return int(page.locator("#alarm").get_attribute("data-rings") or 0)


def test_it_rings_on_every_screen_until_one_person_answers_by_keyboard(
    committed_cast: Cast, site: str, running: Browser
) -> None:
    cast = committed_cast
    _, desk = colleague(running, site, cast.dispatcher)
    _, phone = colleague(running, site, cast.leader, size=PHONE)
    for page in (desk, phone):
        page.goto("/desk/")
        assert page.locator("#alarm article").count() == 0
    number = cast.report(words="3号楼着火了，快来人").number
    desk.evaluate(NEWS)
    expect(desk.locator("#alarm article")).to_have_count(1)
    expect(
        desk.get_by_role("button", name="打开铃声")
    ).to_be_visible()  # no gesture yet: it says why it is silent
    assert desk.title().startswith("(!)")
    assert axe.check(desk) == []
    desk.keyboard.press("?")
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("button", name="本机静音")).to_be_visible()
    desk.wait_for_timeout(300)
    assert rung(desk) >= 1
    phone.evaluate(NEWS)
    expect(phone.locator("#alarm article")).to_have_count(1)
    desk.keyboard.press("!")
    desk.keyboard.press("Enter")
    expect(desk.locator("#alarm article")).to_have_count(0)
    assert desk.url.endswith("/desk/")  # nothing else on the page was touched
    assert not desk.title().startswith("(!)")
    phone.evaluate(NEWS)
    expect(phone.locator("#alarm article")).to_have_count(0)
    desk.goto(f"/desk/case/{number}/")
    expect(desk.locator(".desk-rang")).to_contain_text("应答")


def test_a_screen_told_to_be_quiet_is_quiet_until_something_else_rings(
    committed_cast: Cast, site: str, running: Browser
) -> None:
    cast = committed_cast
    cast.report(words="3号楼着火了")
    _, page = colleague(running, site, cast.dispatcher)
    page.goto("/desk/")
    page.get_by_role("button", name="打开铃声").click()
    page.get_by_role("button", name="本机静音").click()
    expect(page.get_by_text("本机已静音")).to_be_visible()
    before = rung(page)
    page.reload()
    expect(page.get_by_text("本机已静音")).to_be_visible()
    cast.report(words="有人晕倒在花园")
    page.evaluate(NEWS)
    expect(page.locator("#alarm article")).to_have_count(2)
    expect(page.get_by_text("本机已静音")).to_be_hidden()
    assert before >= 1


def test_without_javascript_one_button_answers_and_opens_the_case(
    committed_cast: Cast, site: str, running: Browser
) -> None:
    number = committed_cast.report(words="3号楼着火了").number
    _, page = colleague(running, site, committed_cast.dispatcher, script=False)
    page.goto("/desk/")
    page.get_by_role("button", name="我来处理").click()
    assert page.url.endswith(f"/desk/case/{number}/")
    assert page.locator("#alarm article").count() == 0
