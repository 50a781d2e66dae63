"""The whole walk in the demo's chat, in a real browser: scan, report, number, progress, told when settled, rate."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from linli.cases.models import Case
from linli.cases.tests.cast import Cast
from linli.cases.tests.test_pages_desk_browser import running, site
from linli.faces.tests import axe
from linli.faces.tests.browser import PHONE
from linli.integrations.wechat.fake import house
from linli.kernel import clock, events
from linli.notices import reactions
from linli.notices.actions import carrying

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["running", "site"]
WAITS = 5.0  # seconds: what the platform gives us


@pytest.fixture
def demo(site: str, settings: Any) -> str:
    """The product as a demo serves it: the other side is played by itself."""
    settings.LINLI_DEMO, settings.LINLI_WECHAT_API = True, ""
    settings.LINLI_BASE_URL, settings.LINLI_OUTSIDE_PRIVATE = site, ["127.0.0.0/8", "localhost"]
    house._at.cache_clear()
    return site


def say(page: Page, words: str) -> None:
    page.fill("#words", words)
    page.click("button[value=text]")


def test_a_stranger_scans_reports_follows_is_told_and_rates(
    running: Browser, demo: str, committed_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = committed_cast
    heard: list[Any] = []
    page = running.new_context(base_url=demo, viewport=PHONE, locale="zh-CN").new_page()  # type: ignore[arg-type]  # a size
    page.goto(f"/demo/wechat/?community={cast.here.code}")
    assert axe.check(page) == []
    page.select_option("#place", str(cast.here.places["building"].id))
    page.click("button[value=scan]")
    said = page.locator("#said")
    expect(said).to_contain_text(cast.here.places["building"].name_zh)
    say(page, "门口路灯不亮")
    began = time.monotonic()
    say(page, "1")
    expect(said).to_contain_text(re.compile(r"\d{6}-?\d{6}"))
    assert time.monotonic() - began < WAITS
    with cast.inside():
        case = Case.objects.get(channel="wechat")
        assert case.place_path.startswith(cast.here.places["grid"].path)
    say(page, "进度")
    expect(said.locator(".wx-line").last).to_contain_text("受理")
    publish = events.publish

    def note(*facts: Any) -> None:
        heard.extend(facts)
        publish(*facts)

    monkeypatch.setattr(events, "publish", note)
    with cast.inside():
        cast.settled(case.number, at=clock.now() - timedelta(seconds=1), public_words="路灯已换好。")
        for fact in heard:
            if type(fact).__name__ == "CaseMoved":
                reactions.tell_of_move(fact)
        carrying.sweep_community(cast.here.id, clock.now() + timedelta(days=1))  # past every quiet hour
    expect(said).to_contain_text("已办结", timeout=10_000)
    say(page, "5")
    with cast.inside():
        for _again in range(50):
            case.refresh_from_db()
            if case.stars:
                break
            time.sleep(0.1)
        assert case.stars == 5
