"""What every resident's page costs and who can use it; kept in ``docs/pages.md``.

Measuring takes a browser and minutes: ``python tests/journeys/test_pages_table.py`` does it and writes the table, a
thorough run (LINLI_TEST_THOROUGH=1) does it and compares. ``tests/test_pages_promised.py`` is for every day.
"""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page

WRITE = "LINLI_TEST_WRITE_PAGES"
if __name__ == "__main__":  # what follows needs the settings that pytest makes
    command = [sys.executable, "-m", "pytest", "-n0", "-q", __file__]
    raise SystemExit(subprocess.call(command, env={**os.environ, WRITE: "1"}))

from tests import pages_table  # noqa: E402  (as above)
from tests.pages_table import LEEWAY_KB, LIMIT_SECONDS, TABLE, Ground, Row  # noqa: E402  (as above)

from linli.faces.tests.thorough import THOROUGH  # noqa: E402  (as above)

MEASURED = THOROUGH or bool(os.environ.get(WRITE))
WORDS = "8 栋门口的路灯不亮，晚上看不见路。"
#: A middling phone on a weak mobile line: 150 ms there and back, 1.6 Mbit/s down, 0.75 up, a processor four times slower.
LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
SLOWER = 4
ASKED = """performance.getEntriesByType("resource").map((one) => one.name)
  .filter((name) => /[.](css|m?js)([?]|$)/.test(name))"""
PAINTED = """new Promise((done) => {
  const look = () => { const found = performance.getEntriesByName("first-contentful-paint")[0];
    if (found) done(found.startTime); else setTimeout(look, 50); }; look(); })"""
#: What one can go to or send, without what only a script can press.
WAYS = """[...document.querySelectorAll("main a[href], main form button:not([type=button]), main form input[name]")]
  .filter((one) => !one.closest("[hidden]") && one.name !== "csrfmiddlewaretoken" && one.name !== "idempotency_key")
  .map((one) => one.getAttribute("href") ?? `${one.form.getAttribute("action")} ${one.name}`)"""
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not MEASURED, reason="minutes in a browser: LINLI_TEST_THOROUGH=1, or run this file"),
]
Visit = Callable[[str, str], None]


def _three_steps(page: Page, seen: Visit) -> str:
    """Place, sending, the receipt; the number of the case."""
    page.goto("/report/")
    page.fill("textarea[name=words]", WORDS)
    page.click(".ll-next button")
    page.wait_for_url("**/report/place/")
    seen("report: place", "/report/place/")
    page.click(".ll-next button")
    page.wait_for_url("**/report/send/")
    seen("report: send", "/report/send/")
    page.click(".ll-next button")
    page.wait_for_url("**/report/receipt/**")
    seen("receipt", page.url)
    return page.url.rstrip("/").rpartition("/")[2]


def _walk(house: Any, ground: Ground, seen: Callable[[Page, str, str], None], **window: Any) -> None:
    stranger = house.window(**window)
    resident = house.window(house.cast.resident, **window)
    for page, visits in ((stranger, ground.fresh()), (resident, ground.own())):
        for name, address in visits.items():
            page.goto(address)
            page.wait_for_load_state("networkidle")
            seen(page, name, address)
    number = _three_steps(resident, lambda name, address: seen(resident, name, address))
    for name, address in {"one case": f"/case/{number}/"}.items():
        resident.goto(address)
        seen(resident, name, address)


class Scales:
    """Weighs pages: the document and what styles and scripts it asks for, each address once."""

    def __init__(self) -> None:
        self.bytes: dict[str, int] = {}

    def weigh(self, page: Page) -> float:
        """KB that travel when this page is the first one ever seen."""
        asked = set(page.evaluate(ASKED))
        for address in asked - self.bytes.keys():
            self.bytes[address] = len(gzip.compress(page.request.get(address).body(), 9))
        document = len(gzip.compress(page.content().encode(), 6))
        return (document + sum(self.bytes[address] for address in asked)) / 1024


class Line:
    """A weak line and a slow phone, with nothing kept from before; each address is opened anew."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.browser: CDPSession = page.context.new_cdp_session(page)
        self.browser.send("Network.enable")
        self.browser.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self.browser.send("Network.emulateNetworkConditions", LINE)
        self.browser.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

    def paint(self, address: str) -> float:
        """Seconds until the first thing can be read; the better of two where this machine may have been busy."""
        first = self._painted(address)
        return min(first, self._painted(address)) if first > LIMIT_SECONDS / 2 else first

    def _painted(self, address: str) -> float:
        self.page.goto(address)
        return float(self.page.evaluate(PAINTED)) / 1000


def _shape(address: str) -> str:
    """The address with … for what differs from one reader to the next."""
    path = re.sub(r"^https?://[^/]+", "", address)
    return re.sub(r"/(?=[^/]*\d)[^/]+(?=/)", "/…", path)


def _ways(page: Page) -> set[str]:
    return {re.sub(r"\d{12}", "NUMBER", way) for way in page.evaluate(WAYS)}


def _measured(house: Any, sound: Callable[[Page], list[str]]) -> list[Row]:
    ground = pages_table.ground(house.cast)
    rows: dict[str, Row] = {}
    ways: dict[str, set[str]] = {}
    scales = Scales()

    def weigh(page: Page, name: str, address: str) -> None:
        rows[name] = Row(name, _shape(address), scales.weigh(page), findings=sound(page))
        ways[name] = _ways(page)
        page.evaluate("document.documentElement.toggleAttribute('data-elder', true)")
        rows[name].findings += sound(page)

    def compare(page: Page, name: str, address: str) -> None:
        rows[name].plain = ways[name] <= _ways(page)

    def examine(page: Page, name: str, address: str) -> None:
        rows[name].findings += sound(page)

    _walk(house, ground, weigh)
    _walk(house, ground, compare, script=False)
    _walk(house, ground, examine, language="en")
    _paint(house, ground, rows)
    return list(rows.values())


def _paint(house: Any, ground: Ground, rows: dict[str, Row]) -> None:
    stranger, resident = house.window(), house.window(house.cast.resident)
    for page, visits in ((stranger, ground.fresh()), (resident, ground.own())):
        line = Line(page)
        for name, address in visits.items():
            rows[name].paint = line.paint(address)

    def steps(page: Page, name: str, address: str) -> None:
        rows[name].paint = line.paint(address)

    line = Line(resident)
    number = _three_steps(resident, lambda name, address: steps(resident, name, address))
    rows["one case"].paint = line.paint(f"/case/{number}/")


def test_every_residents_page_is_light_plain_and_sound_and_the_table_says_so(house: Any, hands: Any) -> None:
    rows = _measured(house, hands.serious)
    if os.environ.get(WRITE):
        TABLE.write_text(pages_table.text(rows), encoding="utf-8")
    said, found = (
        pages_table.said(TABLE.read_text(encoding="utf-8")),
        pages_table.said(pages_table.text(rows)),
    )
    assert list(said) == list(found)
    for name, one in found.items():
        assert abs(said[name].weight - one.weight) <= LEEWAY_KB, name
        assert (said[name].address, said[name].plain, said[name].findings) == (
            one.address,
            one.plain,
            one.findings,
        )
        assert one.paint <= LIMIT_SECONDS, name
