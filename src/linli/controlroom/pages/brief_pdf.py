"""The brief on paper: one or two A4 pages with its sentences, figures and two charts."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from linli.faces.paper import BRAND, FACE, GRAVE, INK, LINE, SOFT, ready

WIDTH = A4[0] - 36 * mm


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
    ready()
    held = io.BytesIO()
    page = SimpleDocTemplate(
        held,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=16 * mm,
        bottomMargin=16 * mm,
        title=paper.title,
        author="Linli",
    )
    page.build(_story(paper))
    return held.getvalue()


def _style(size: float, colour: HexColor = INK, **more: float) -> ParagraphStyle:
    return ParagraphStyle(
        f"s{size}{colour.hexval()}", fontName=FACE, fontSize=size, leading=size * 1.55, textColor=colour,
        wordWrap="CJK", **more,
    )  # fmt: skip


def _said(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(text), style)


def _story(paper: Paper) -> list[Flowable]:
    story: list[Flowable] = [_said(paper.title, _style(17, BRAND)), _said(paper.subtitle, _style(9, SOFT))]
    story.append(Spacer(1, 4 * mm))
    for text, grave in paper.sentences:
        story.append(_said(f"{'■' if grave else '·'} {text}", _style(11, GRAVE if grave else INK)))
    story += [Spacer(1, 5 * mm), _table([paper.heads, *paper.figures], (0.4, 0.2, 0.2, 0.2))]
    story.append(KeepTogether([Spacer(1, 5 * mm), _said(paper.curve_title, _style(10, SOFT)), _curve(paper)]))
    for title, rows in paper.lists:
        if rows:
            table = _table(rows, (0.72, 0.28), head=False)
            story.append(KeepTogether([Spacer(1, 4 * mm), _said(title, _style(11, BRAND)), table]))
    return [*story, Spacer(1, 5 * mm), _said(paper.foot, _style(8, SOFT))]


def _table(rows: Sequence[Sequence[str]], widths: Sequence[float], *, head: bool = True) -> Table:
    cells = [
        [_said(text, _style(9.5, SOFT if head and not place else INK)) for text in row]
        for place, row in enumerate(rows)
    ]
    table = Table(cells, colWidths=[WIDTH * share for share in widths], repeatRows=1 if head else 0)
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    return table


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
