"""A certificate on one page, with a code that leads to where it proves itself."""

from __future__ import annotations

import io
from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from linli.faces import paper
from linli.faces.paper import BRAND, INK, LINE, SOFT

GOLD = HexColor("#C98A12")


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on it, already in words; the address is the one in the code."""

    heading: str
    place: str
    name: str
    words: str
    stars: int
    dates: str
    prove: str
    address: str


def draw(told: Paper) -> bytes:
    """The PDF file."""
    paper.ready()
    held = io.BytesIO()
    wide, tall = landscape(A4)
    canvas = Canvas(held, pagesize=(wide, tall))
    canvas.setTitle(told.heading)
    canvas.setAuthor("Linli")
    for inset, width, colour in ((24, 3, BRAND), (32, 0.8, LINE)):
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(width)
        canvas.rect(inset, inset, wide - 2 * inset, tall - 2 * inset)
    _middle(canvas, wide / 2, tall - 110, told.place, 16, SOFT)
    _middle(canvas, wide / 2, tall - 165, told.heading, 36, BRAND)
    _middle(canvas, wide / 2, tall - 240, told.name, 30, INK)
    if told.stars:
        _stars(canvas, wide / 2, tall - 285, told.stars)
    y = tall - 330.0
    for line in paper.lines(told.words, 15, wide - 240):
        _middle(canvas, wide / 2, y, line, 15, INK)
        y -= 24
    paper.code(canvas, wide - 170, 60, 96, told.address)
    paper.put(canvas, 70, 130, told.dates, 12, colour=SOFT)
    below = paper.paragraph(canvas, 70, 106, told.prove, 10, wide - 280, colour=SOFT)
    paper.put(canvas, 70, below, told.address, 9, colour=SOFT)
    canvas.save()
    return held.getvalue()


def _middle(canvas: Canvas, x: float, y: float, words: str, size: float, colour: HexColor) -> None:
    paper.put(canvas, x - paper.width(words, size) / 2, y, words, size, colour=colour)


def _stars(canvas: Canvas, x: float, y: float, count: int) -> None:
    """Stars in a row around a middle, drawn: the face for Chinese is not carried along."""
    outer = ((0, 1), (0.951, 0.309), (0.588, -0.809), (-0.588, -0.809), (-0.951, 0.309))
    inner = ((0.225, 0.309), (0.363, -0.118), (0, -0.382), (-0.363, -0.118), (-0.225, 0.309))
    canvas.setFillColor(GOLD)
    for place in range(count):
        middle = x + (place - (count - 1) / 2) * 34
        path = canvas.beginPath()
        for step, (a, b) in enumerate(one for pair in zip(outer, inner, strict=True) for one in pair):
            (path.lineTo if step else path.moveTo)(middle + 13 * a, y + 13 * b)
        path.close()
        canvas.drawPath(path, stroke=0, fill=1)
