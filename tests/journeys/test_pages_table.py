"""What every resident's page costs and who can use it; kept in ``docs/pages.md``.

To renew the table: ``python tests/journeys/test_pages_table.py``.
"""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "pages.md"
LIMIT_KB = 40
LEEWAY_KB = 2  # what is written on a page differs a little from one community to the next
WRITE = "LINLI_TEST_WRITE_PAGES"
WORDS = "8 栋门口的路灯不亮，晚上看不见路。"
ASKED = """performance.getEntriesByType("resource").map((one) => one.name)
  .filter((name) => /[.](css|m?js)([?]|$)/.test(name))"""
#: What one can go to or send, without what only a script can press.
WAYS = """[...document.querySelectorAll("main a[href], main form button:not([type=button]), main form input[name]")]
  .filter((one) => !one.closest("[hidden]") && one.name !== "csrfmiddlewaretoken" && one.name !== "idempotency_key")
  .map((one) => one.getAttribute("href") ?? `${one.form.getAttribute("action")} ${one.name}`)"""
HEAD = """# What every resident's page costs, and who can use it

| column | says |
|---|---|
| weight | page, styles and scripts on a first visit with an empty cache, gzip, before pictures; at most {limit} KB |
| without JavaScript | every link, field and button of the page is there, and works, with scripts switched off |
| axe | serious or critical findings of axe-core on a phone, in Chinese, English and large type (长辈版) |

`tests/journeys/test_pages_table.py` measures it in a real Chromium and fails when this table is no longer true
(±{leeway} KB, for what is written on a page differs). To renew it: `python tests/journeys/test_pages_table.py`.

"""

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Visit = Callable[[str], None]


@dataclass
class Row:
    """What was found out about one page."""

    name: str
    weight: float = 0.0
    plain: bool = False
    findings: list[str] = field(default_factory=list)

    def line(self) -> str:
        plain = "yes" if self.plain else "**no**"
        return f"| {self.name} | {self.weight:.1f} KB | {plain} | {', '.join(sorted(set(self.findings))) or 'none'} |\n"


def _fresh_pages(page: Page, cast: Any, settled: str, visit: Visit) -> None:
    """The pages of somebody who has not signed in."""
    here = cast.here.code
    for name, address in (
        ("choose a community", "/"),
        ("sign in", "/sign-in/"),
        ("sign in by code", "/sign-in/code/"),
        ("new account", "/sign-up/"),
        ("follow by number and code", "/follow/"),
        ("a community", f"/place/{here}/"),
        ("a building", f"/place/{cast.building.code}/"),
        ("what was settled", f"/settled/{here}/"),
        ("one settled case", f"/settled/{here}/{settled}/"),
    ):
        page.goto(address)
        visit(name)


def _own_pages(page: Page, visit: Visit) -> None:
    """The pages of a resident, the three steps and the receipt among them."""
    page.goto("/")
    visit("home")
    page.goto("/report/")
    visit("report: words")
    page.fill("textarea[name=words]", WORDS)
    page.click(".ll-next button")
    page.wait_for_url("**/report/place/")
    visit("report: place")
    page.click(".ll-next button")
    page.wait_for_url("**/report/send/")
    visit("report: send")
    page.click(".ll-next button")
    page.wait_for_url("**/report/receipt/**")
    visit("receipt")
    number = page.url.rstrip("/").rpartition("/")[2]
    for name, address in (
        ("my things", "/my/"),
        ("one case", f"/case/{number}/"),
        ("me", "/me/"),
        ("name and language", "/me/profile/"),
        ("change phone", "/me/phone/"),
        ("change password", "/me/password/"),
        ("second factor", "/me/second-factor/"),
        ("my home", "/me/home/"),
        ("about my data", "/me/data/"),
        ("delete my account", "/me/data/delete/"),
        ("sign out", "/sign-out/"),
    ):
        page.goto(address)
        visit(name)


def _walk(house: Any, settled: str, seen: Callable[[Page, str], None], **window: Any) -> None:
    stranger = house.window(**window)
    _fresh_pages(stranger, house.cast, settled, lambda name: seen(stranger, name))
    resident = house.window(house.cast.resident, **window)
    _own_pages(resident, lambda name: seen(resident, name))


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


def _ways(page: Page) -> set[str]:
    return {re.sub(r"\d{12}", "NUMBER", way) for way in page.evaluate(WAYS)}


def _measured(house: Any, sound: Callable[[Page], list[str]]) -> list[Row]:
    settled = house.cast.report(key="table", publish=True).number
    house.cast.settled(settled)
    rows: dict[str, Row] = {}
    ways: dict[str, set[str]] = {}
    scales = Scales()

    def weigh(page: Page, name: str) -> None:
        rows[name] = Row(name, scales.weigh(page), findings=sound(page))
        ways[name] = _ways(page)
        page.evaluate("document.documentElement.toggleAttribute('data-elder', true)")
        rows[name].findings += sound(page)

    def compare(page: Page, name: str) -> None:
        rows[name].plain = ways[name] <= _ways(page)

    def examine(page: Page, name: str) -> None:
        rows[name].findings += sound(page)

    _walk(house, settled, weigh)
    _walk(house, settled, compare, script=False)
    _walk(house, settled, examine, language="en")
    return list(rows.values())


def _text(rows: list[Row]) -> str:
    head = HEAD.format(limit=LIMIT_KB, leeway=LEEWAY_KB)
    return f"{head}| page | weight | without JavaScript | axe |\n|---|--:|---|---|\n" + "".join(
        row.line() for row in rows
    )


def _said(text: str) -> dict[str, tuple[float, str, str]]:
    found = re.findall(r"^\| (.+?) \| ([\d.]+) KB \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    return {name: (float(weight), plain, findings) for name, weight, plain, findings in found}


def test_every_residents_page_is_light_plain_and_sound_and_the_table_says_so(house: Any, hands: Any) -> None:
    rows = _measured(house, hands.serious)
    if os.environ.get(WRITE):
        TABLE.write_text(_text(rows), encoding="utf-8")
    said, found = _said(TABLE.read_text(encoding="utf-8")), _said(_text(rows))
    assert [row.name for row in rows if row.weight > LIMIT_KB] == []
    assert [row.name for row in rows if not row.plain] == []
    assert [row for row in rows if row.findings] == []
    assert list(said) == list(found)
    for name, (weight, *rest) in found.items():
        assert abs(said[name][0] - weight) <= LEEWAY_KB, name
        assert list(said[name][1:]) == rest, name


if __name__ == "__main__":
    os.environ[WRITE] = "1"
    raise SystemExit(subprocess.call([sys.executable, "-m", "pytest", "-n0", "-q", __file__]))
