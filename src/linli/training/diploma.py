"""A certificate on paper: A4 across, in both languages, with a code by which anybody can ask whether it holds."""

from __future__ import annotations

import io
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from linli.faces import paper
from linli.faces.paper import BRAND, INK, SOFT

MM = float(mm)
WIDTH, HEIGHT = (float(side) for side in landscape(A4))
MIDDLE = WIDTH / 2


@dataclass(frozen=True, slots=True)
class Diploma:
    """What is printed, already in words; ``lines`` follow the name, ``facts`` stand at the foot."""

    heading: tuple[str, str]
    name: str
    lines: tuple[tuple[str, float], ...]
    facts: tuple[tuple[str, str], ...]
    ask: str
    code: str
    address: str


def draw(made: Diploma) -> bytes:
    """The PDF file."""
    paper.ready()
    held = io.BytesIO()
    canvas = Canvas(held, pagesize=(WIDTH, HEIGHT), pageCompression=1)
    canvas.setTitle(made.heading[0])
    canvas.setAuthor("Linli")
    _frame(canvas)
    _centred(canvas, HEIGHT - 48 * MM, made.heading[0], 34, bold=True)
    _centred(canvas, HEIGHT - 58 * MM, made.heading[1], 13, soft=True)
    y = HEIGHT - 82 * MM
    if made.name:
        _centred(canvas, y, made.name, 28, bold=True)
        y -= 15 * MM
    for words, size in made.lines:
        for line in paper.lines(words, size, WIDTH - 80 * MM):
            _centred(canvas, y, line, size)
            y -= size * 1.55
        y -= 4
    _foot(canvas, made)
    canvas.save()
    return held.getvalue()


def _frame(canvas: Canvas) -> None:
    canvas.setStrokeColor(BRAND)
    for inset, width in ((12 * MM, 2.2), (14.5 * MM, 0.6)):
        canvas.setLineWidth(width)
        canvas.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)


def _centred(
    canvas: Canvas, y: float, words: str, size: float, *, bold: bool = False, soft: bool = False
) -> None:
    x = MIDDLE - paper.width(words, size, bold=bold) / 2
    paper.put(canvas, x, y, words, size, bold=bold, colour=SOFT if soft else INK)


def _foot(canvas: Canvas, made: Diploma) -> None:
    side = 30 * MM
    left, foot = WIDTH - 26 * MM - side, 26 * MM
    paper.code(canvas, left, foot, side, made.address)
    y = foot + side - 10
    for label, value in made.facts:
        paper.put(canvas, 28 * MM, y, label, 10, colour=SOFT)
        paper.put(canvas, 78 * MM, y, value, 11)
        y -= 17
    right = left - 6 * MM
    for down, words in enumerate(paper.lines(made.ask, 9, 60 * MM)):
        line_width = paper.width(words, 9)
        paper.put(canvas, right - line_width, foot + side - 10 - down * 13, words, 9, colour=SOFT)
    paper.put(canvas, right - paper.width(made.code, 11), foot + 4, made.code, 11)
