"""Whistles and call-backs in a real browser: on a phone and at the desk, in both languages, without a fault."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from linli.cases.actions import whistle
from linli.cases.models import Whistle
from linli.cases.rules.workflow import Verb
from linli.cases.tests.calls import closed, row_of
from linli.cases.tests.cast import AT, Cast, Person
from linli.cases.tests.test_pages_desk_browser import colleague, running, site
from linli.cases.tests.whistling import blow, call_of, tell
from linli.faces.tests import axe
from linli.faces.tests.browser import DESK, PHONE
from linli.faces.tests.thorough import examples
from linli.kernel import clock

pytestmark = [pytest.mark.browser, pytest.mark.rounds, pytest.mark.slow]
__all__ = ["running", "site"]
LATER = AT + timedelta(days=1, hours=1)
PICTURES = os.environ.get("LINLI_TEST_PICTURES", "")


@pytest.fixture(autouse=True)
def next_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: LATER)
    return


def look(
    browser: Browser,
    site: str,
    person: Person,
    address: str,
    *,
    size: dict[str, int],
    language: str,
    name: str,
    windows: dict[tuple[int, int, str], Page],
) -> list[str]:
    """What is wrong with a page: its status, what a reader of screens meets, its width. A picture where one is wanted."""
    window = (person.account_id, size["width"], language)
    if window not in windows:
        windows[window] = colleague(browser, site, person, size=size, language=language)[1]
    page = windows[window]
    answered = page.goto(address)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-{language}-{size['width']}.png", full_page=True)
    status = answered.status if answered is not None else None
    found = [f"answers {status}"] if status != 200 else []
    found += [f"is {wide} px too wide"] if wide > 0 else []
    return [f"{address}: {fault}" for fault in (*found, *axe.check(page))]


FACES: list[dict[str, Any]] = [
    {"size": PHONE, "language": "zh-hans"},
    {"size": DESK, "language": "en"},
    {"size": DESK, "language": "zh-hans"},
    {"size": PHONE, "language": "en"},
][: examples(2, 4)]


@pytest.fixture
def meeting(committed_cast: Cast) -> Whistle:
    """A whistle of yesterday that is over, and one of today of which one body is there and one cannot come."""
    cast = committed_cast
    first = blow(cast, cast.report("小区北门积水，车辆进不来", key="w1").number)
    tell(
        cast,
        call_of(cast, first, cast.property_company.pk),
        cast.property_handler,
        Verb.ARRIVE,
        at=AT + timedelta(hours=3),
    )
    number = cast.report("8 栋门口路面塌陷，水管渗漏，行人绕不过去", key="w2").number
    held = blow(cast, number, at=LATER - timedelta(hours=1), meet_at=LATER - timedelta(minutes=20))
    at = LATER - timedelta(minutes=18)
    tell(cast, call_of(cast, held, cast.property_company.pk), cast.property_handler, Verb.ARRIVE, at=at)
    return held


def test_whistles_look_right(running: Browser, site: str, committed_cast: Cast, meeting: Whistle) -> None:
    cast = committed_cast
    number = cast.report("垃圾点无人清运", key="w3").number
    with cast.inside():
        case = Whistle.objects.select_related("case").get(pk=meeting.pk).case.number
    pages = [
        (cast.dispatcher, "/desk/whistles/", "whistles"),
        (cast.department_handler, "/desk/whistles/", "my-calls"),
        (cast.dispatcher, f"/desk/whistles/{meeting.pk}/", "whistle-lead"),
        (cast.department_handler, f"/desk/whistles/{meeting.pk}/", "whistle-body"),
        (cast.grid_worker, f"/desk/case/{number}/whistle/", "whistle-blow"),
        (cast.grid_worker, "/desk/whistles/new/", "whistle-new"),
        (cast.dispatcher, "/desk/whistles/rows/called/?days=30", "whistle-rows"),
        (cast.dispatcher, f"/desk/case/{case}/", "whistle-case"),
    ]
    assert faults(running, site, pages) == []


def faults(running: Browser, site: str, pages: list[tuple[Person, str, str]]) -> list[str]:
    """What is wrong with these pages on a phone and on a desk."""
    windows: dict[tuple[int, int, str], Page] = {}
    return [
        fault
        for face in FACES
        for person, address, name in pages
        for fault in look(running, site, person, address, name=name, windows=windows, **face)
    ]


def test_call_backs_look_right(running: Browser, site: str, committed_cast: Cast) -> None:
    cast = committed_cast
    numbers = [closed(cast, key) for key in "ab"]
    pages = [
        (cast.verifier, "/desk/callbacks/", "callbacks"),
        (cast.verifier, f"/desk/callbacks/{row_of(cast, numbers[0]).pk}/", "callback"),
        (cast.auditor, "/desk/callbacks/draw/?month=2026-11", "callback-draw"),
        (cast.leader, "/desk/settings/callbacks/", "callback-settings"),
    ]
    assert faults(running, site, pages) == []


def test_on_a_phone_without_javascript_a_body_arrives(
    running: Browser, site: str, committed_cast: Cast, meeting: Whistle
) -> None:
    cast = committed_cast
    context, page = colleague(running, site, cast.department_handler, size=PHONE, script=False)
    page.goto("/desk/whistles/")
    card = page.get_by_role("listitem").filter(has_text="路面塌陷，水管渗漏")
    card.get_by_role("button", name="我们到了").click()
    page.wait_for_url(f"**/desk/whistles/{meeting.pk}/")
    context.close()
    there = call_of(cast, meeting, cast.department.pk)
    assert there.arrived_at == LATER
    found = whistle.find(cast.dispatcher.actor(), meeting.pk)
    assert found.state == "open"


def test_a_call_is_written_down_by_keyboard(running: Browser, site: str, committed_cast: Cast) -> None:
    cast = committed_cast
    number = closed(cast)
    context, page = colleague(running, site, cast.verifier)
    page.goto("/desk/callbacks/")
    page.get_by_role("link", name="8 栋门口的路灯不亮").first.press("Enter")
    page.get_by_label("已接通").check()
    page.get_by_label("是", exact=True).first.check()
    page.get_by_label("非常满意").check()
    page.get_by_role("button", name="登记", exact=True).press("Enter")
    page.wait_for_load_state()
    context.close()
    assert (row_of(cast, number).outcome, row_of(cast, number).stars) == ("reached", 5)
