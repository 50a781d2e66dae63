"""Accessibility findings of a page, by axe-core (MPL-2.0, vendored for tests only).

from linli.faces.tests import axe
assert axe.check(page) == []
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from linli.faces.tests.thorough import THOROUGH

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RANKS = ("minor", "moderate", "serious", "critical")

_ASK = """async (tags) => {
  const asked = { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] };
  const found = await axe.run(document, asked);
  const last = (words) => (words || "").split("\\n").pop();
  return found.violations.map((one) => ({
    rule: one.id, impact: one.impact, help: one.help,
    where: one.nodes.map((node) => node.target.join(" ") + " " + last(node.failureSummary)),
  }));
}"""
# The elements of a page with what decides how they look and what they are to a screen reader, without its words.
_BUILT = """() => [...document.querySelectorAll("*")].map((one) => one.tagName + "." + one.className +
  [...one.attributes].filter((held) => /^(role|aria-(hidden|current|expanded|checked)|type|hidden|disabled|data-(?!id))/
    .test(held.name)).map((held) => held.name + (held.value.length < 12 ? held.value : "")).join()).join("\\n")"""
#: What pages are built of that axe found nothing on, in this process.
_SOUND: set[bytes] = set()


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule of axe that the page breaks: its id, how bad it is, what it asks, and the places."""

    rule: str
    impact: str
    help: str
    where: tuple[str, ...]


@lru_cache(maxsize=1)
def _source() -> str:
    return (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def check(
    page: Page, *, from_impact: str = "moderate", except_rules: tuple[str, ...] = ()
) -> list[Violation]:
    """What axe finds on the page as it stands, from this impact upward (minor, moderate, serious, critical).

    Runs over the debugging protocol, so the page's own CSP stays as it is. A page that is built of the same elements as
    one that was found sound before (in another language, at another width) is not searched again, unless
    LINLI_TEST_THOROUGH=1 asks for every one.
    """
    built = hashlib.sha256(page.evaluate(_BUILT).encode()).digest()
    if built in _SOUND and not THOROUGH:
        return []
    page.evaluate(_source())
    found: list[dict[str, Any]] = page.evaluate(_ASK, list(RULES))
    if not found:
        _SOUND.add(built)
    least = RANKS.index(from_impact)
    return [
        Violation(one["rule"], one["impact"] or "minor", one["help"], tuple(one["where"]))
        for one in found
        if RANKS.index(one["impact"] or "minor") >= least and one["rule"] not in except_rules
    ]
