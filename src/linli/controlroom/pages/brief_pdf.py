"""The brief on paper: one or two A4 pages with its sentences, figures and two charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer

from linli.faces.flowing import WIDTH, document, said, style, table
from linli.faces.paper import BRAND, FACE, GRAVE, INK, LINE, SOFT


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on the paper, already in words."""

    title: str
    subtitle: str
    sentences: Sequence[tuple[str, bool]]  # text, grave
    heads: Sequence[str]
    figures: Sequence[Sequence[str]]  # name, value, before, numerator and denominator
    curve_title: str
    series: Sequence[str]  # names of the two series
    days: Sequence[tuple[str, int, int]]  # day, reported, settled
    lists: Sequence[tuple[str, Sequence[Sequence[str]]]]  # title, rows of two cells
    foot: str


def draw(paper: Paper) -> bytes:
    """The PDF file."""
    return document(paper.title, _story(paper))


def _story(paper: Paper) -> list[Flowable]:
    story: list[Flowable] = [said(paper.title, style(17, BRAND)), said(paper.subtitle, style(9, SOFT))]
    story.append(Spacer(1, 4 * mm))
    for text, grave in paper.sentences:
        story.append(said(f"{'■' if grave else '·'} {text}", style(11, GRAVE if grave else INK)))
    story += [Spacer(1, 5 * mm), table([paper.heads, *paper.figures], (0.4, 0.2, 0.2, 0.2))]
    story.append(KeepTogether([Spacer(1, 5 * mm), said(paper.curve_title, style(10, SOFT)), _curve(paper)]))
    for title, rows in paper.lists:
        if rows:
            listed = table(rows, (0.72, 0.28), head=False)
            story.append(KeepTogether([Spacer(1, 4 * mm), said(title, style(11, BRAND)), listed]))
    return [*story, Spacer(1, 5 * mm), said(paper.foot, style(8, SOFT))]


def _curve(paper: Paper) -> Drawing:
    drawing = Drawing(WIDTH, 150)
    chart = VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 24, 24, WIDTH - 30, 100
    chart.data = [[one[1] for one in paper.days] or [0], [one[2] for one in paper.days] or [0]]
    chart.categoryAxis.categoryNames = [one[0][5:] for one in paper.days] or [""]
    chart.categoryAxis.labels.fontName = chart.valueAxis.labels.fontName = FACE
    chart.categoryAxis.labels.fontSize = chart.valueAxis.labels.fontSize = 7
    chart.categoryAxis.strokeColor = chart.valueAxis.strokeColor = LINE
    chart.valueAxis.valueMin = 0
    chart.valueAxis.valueMax = max([*chart.data[0], *chart.data[1], 4])
    chart.valueAxis.valueStep = max(1, round(chart.valueAxis.valueMax / 4))
    chart.valueAxis.labelTextFormat = "%d"
    chart.barSpacing = 1
    for place, colour in enumerate((BRAND, HexColor("#9AA8A0"))):
        chart.bars[place].fillColor = colour
        chart.bars[place].strokeColor = None
        drawing.add(Rect(24 + place * 90, 136, 8, 8, fillColor=colour, strokeColor=None))
        drawing.add(
            String(36 + place * 90, 137, paper.series[place], fontName=FACE, fontSize=8, fillColor=SOFT)
        )
    drawing.add(chart)
    return drawing
