from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[1] / "static" / "linli"
TOKENS = (STATIC / "tokens.css").read_text(encoding="utf-8")


def _block(selector: str) -> dict[str, str]:
    body = re.search(re.escape(selector) + r" \{(.*?)\n\}", TOKENS, re.S)
    assert body, selector
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body[1]))


LIGHT = _block(":root")
WALL = _block("html[data-wall]")
ON_SURFACE = ("ink", "soft", "brand", "brand-deep", "in-time", "at-risk", "broken", "paused", "urgent")
STATES = ("in-time", "at-risk", "broken", "paused", "urgent")


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, WALL], ids=["light", "wall"])
def test_every_text_colour_reads_on_page_and_card(colours: dict[str, str]) -> None:
    weak = {
        (text, ground): round(contrast(colours[text], colours[ground]), 2)
        for text in ON_SURFACE
        for ground in ("ground", "surface")
        if contrast(colours[text], colours[ground]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("colours", [LIGHT, WALL], ids=["light", "wall"])
def test_every_state_reads_on_its_own_ground(colours: dict[str, str]) -> None:
    weak = [state for state in STATES if contrast(colours[state], colours[f"{state}-ground"]) < 4.5]
    assert weak == []


@pytest.mark.parametrize("colours", [LIGHT, WALL], ids=["light", "wall"])
def test_buttons_and_chosen_things_read(colours: dict[str, str]) -> None:
    assert contrast(colours["on-brand"], colours["brand"]) >= 4.5
    assert contrast(colours["brand-deep"], colours["brand-ground"]) >= 4.5
    assert contrast(colours["soft"], colours["paused-ground"]) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, WALL], ids=["light", "wall"])
def test_the_edge_of_a_control_can_be_seen(colours: dict[str, str]) -> None:
    assert contrast(colours["edge"], colours["surface"]) >= 3


def test_elder_type_is_never_below_eighteen_pixels() -> None:
    body = re.search(r"html\[data-elder\] body \{(.*?)\n\}", TOKENS, re.S)
    assert body
    sizes = {name: float(rem) * 16 for name, rem in re.findall(r"--(\w+): ([\d.]+)rem;", body[1])}
    assert sizes["text"] == 20
    assert min(sizes.values()) >= 18
    assert "--tap: 60px" in body[1]


@pytest.mark.parametrize("name", ["parts.css", "resident.css", "desk.css"])
def test_type_sizes_come_from_the_tokens_only(name: str) -> None:
    sizes = re.findall(r"font(?:-size)?:[^;]*?(\d+)px", (STATIC / name).read_text(encoding="utf-8"))
    assert [size for size in sizes if size not in {"16"}] == []  # 16: what keeps iOS from zooming


def test_the_desk_does_not_shrink_the_elders_type() -> None:
    assert TOKENS.index("html[data-elder] body") > TOKENS.index(".desk-body {")


@pytest.mark.parametrize(
    "sheet",
    [one for one in sorted(Path(__file__).parents[2].glob("*/static/*/*.css")) if "vendor" not in one.parts],
    ids=lambda one: one.name,
)
def test_every_brace_of_a_stylesheet_is_closed(sheet: Path) -> None:
    """A merge once lost two of them: all rules behind were for printing only."""
    rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
    deep = 0
    for mark in re.findall(r"[{}]", rules):
        deep += 1 if mark == "{" else -1
        assert 0 <= deep <= 3, sheet
    assert deep == 0, sheet
