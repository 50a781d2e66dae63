"""Papers of several pages (PDF): words and tables that flow over A4 in the face of `paper`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table, TableStyle

from linli.faces.paper import FACE, INK, LINE, RARE, SOFT, face_for, ready

WIDTH = A4[0] - 36 * mm


def document(title: str, story: list[Flowable]) -> bytes:
    """The PDF file of what flows."""
    ready()
    held = io.BytesIO()
    page = SimpleDocTemplate(
        held,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=16 * mm,
        bottomMargin=16 * mm,
        title=title,
        author="Linli",
    )
    page.build(story)
    return held.getvalue()


def style(size: float, colour: HexColor = INK, **more: float) -> ParagraphStyle:
    """How words look at a size, in points."""
    ready()
    return ParagraphStyle(
        f"s{size}{colour.hexval()}", fontName=FACE, fontSize=size, leading=size * 1.55, textColor=colour,
        wordWrap="CJK", **more,
    )  # fmt: skip


def said(text: str, how: ParagraphStyle) -> Paragraph:
    """Words as they are: nothing in them is markup."""
    if face_for(text) == RARE:
        how = how.clone(f"{how.name}-rare", fontName=RARE)
    return Paragraph(escape(text), how)


def table(rows: Sequence[Sequence[str]], widths: Sequence[float], *, head: bool = True) -> Table:
    """A table; ``widths`` are shares of the page, the first row is its head and stands again on every page."""
    cells = [
        [said(text, style(9.5, SOFT if head and not place else INK)) for text in row]
        for place, row in enumerate(rows)
    ]
    made = Table(cells, colWidths=[WIDTH * share for share in widths], repeatRows=1 if head else 0)
    made.setStyle(
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
    return made
