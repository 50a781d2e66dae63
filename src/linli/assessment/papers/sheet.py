"""An assessment on paper: the table of its scores, how they spread, what each was made of, how it came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer

from linli.faces.flowing import WIDTH, document, said, style, table
from linli.faces.paper import BRAND, FACE, LINE, SOFT

BAR, ROW = 9, 15


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the paper, already in words."""

    title: str
    subtitle: str
    facts: Sequence[Sequence[str]]  # what, value
    heads: Sequence[str]
    scores: Sequence[Sequence[str]]
    widths: Sequence[float]  # shares of the page, one a column of the scores
    bars_title: str
    bars: Sequence[tuple[str, float, str]]  # whose, part of the full score, how it is said
    spread_title: str
    spread: Sequence[tuple[str, int]]  # step, how many
    sections: Sequence[tuple[str, Sequence[str], Sequence[Sequence[str]]]]  # title, heads, rows
    foot: str


def draw(sheet: Sheet) -> bytes:
    """The PDF file."""
    return document(sheet.title, _story(sheet))


def _story(sheet: Sheet) -> list[Flowable]:
    story: list[Flowable] = [said(sheet.title, style(17, BRAND)), said(sheet.subtitle, style(9, SOFT))]
    story += [Spacer(1, 3 * mm), table(sheet.facts, (0.28, 0.72), head=False)]
    story += [Spacer(1, 4 * mm), table([sheet.heads, *sheet.scores], sheet.widths)]
    for title, drawing in (
        (sheet.bars_title, _bars(sheet.bars)),
        (sheet.spread_title, _bars(_shares(sheet.spread))),
    ):
        if drawing is not None:
            story.append(KeepTogether([Spacer(1, 5 * mm), said(title, style(11, BRAND)), drawing]))
    for title, heads, rows in sheet.sections:
        wide = [0.4, *[0.6 / (len(heads) - 1)] * (len(heads) - 1)]
        story += [Spacer(1, 5 * mm), said(title, style(11, BRAND)), table([heads, *rows], wide)]
    return [*story, Spacer(1, 5 * mm), said(sheet.foot, style(8, SOFT))]


def _shares(steps: Sequence[tuple[str, int]]) -> list[tuple[str, float, str]]:
    most = max((count for _, count in steps), default=0) or 1
    return [(words, count / most, str(count)) for words, count in steps]


def _bars(bars: Sequence[tuple[str, float, str]]) -> Drawing | None:
    """A lying bar each, at most a page of them."""
    shown = bars[:40]
    if not shown:
        return None
    drawing = Drawing(WIDTH, ROW * len(shown) + 4)
    left, right = 110, WIDTH - 60
    for place, (words, share, value) in enumerate(shown):
        y = ROW * (len(shown) - 1 - place) + 3
        drawing.add(String(0, y + 1, words[:18], fontName=FACE, fontSize=8.5, fillColor=SOFT))
        drawing.add(Rect(left, y, right - left, BAR, fillColor=LINE, strokeColor=None))
        drawing.add(
            Rect(left, y, (right - left) * min(max(share, 0), 1), BAR, fillColor=BRAND, strokeColor=None)
        )
        drawing.add(String(right + 6, y + 1, value, fontName=FACE, fontSize=8.5))
    return drawing
