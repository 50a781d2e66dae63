"""The form on paper: one A4 sheet to fill in by hand, in large type, with a slip to tear off for its writer."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from linli.faces import paper
from linli.faces.paper import BRAND, GRAVE, INK, SOFT

MM = float(mm)
PAPER_WIDTH, PAPER_HEIGHT = float(A4[0]), float(A4[1])
LEFT, RIGHT = 15 * MM, PAPER_WIDTH - 15 * MM
FULL = RIGHT - LEFT
SLIP = 46 * MM  # where it is torn off
LABEL, TICK, SMALL, ROW = 16, 14, 11, 10 * MM  # points; the height of a line that is written on by hand
NUMBER_LENGTH, CODE_LENGTH, BOX = 12, 16, 7 * MM


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed, already in words. ``address`` is what the code says."""

    title: str
    place: str
    address: str
    scan: str
    how: str
    danger: str
    what: str
    where: str
    when: str
    kind: str
    kinds: Sequence[str]
    name: str
    phone: str
    wishes: Sequence[str]
    hand_in: str
    private: str
    office: str
    slip: str
    number: str
    code: str
    follow: str


def draw(sheets: Sequence[Sheet], *, title: str) -> bytes:
    """The PDF file, a page for each sheet."""
    paper.ready()
    held = io.BytesIO()
    canvas = Canvas(held, pagesize=A4, pageCompression=1)
    canvas.setTitle(title)
    canvas.setAuthor("Linli")
    for sheet in sheets:
        _page(canvas, sheet)
        canvas.showPage()
    canvas.save()
    return held.getvalue()


def _page(canvas: Canvas, sheet: Sheet) -> None:
    top = _head(canvas, sheet, PAPER_HEIGHT - 14 * MM)
    top = _box(canvas, top, sheet.what, rows=_rows_left(sheet, top))
    top = _box(canvas, top, sheet.where, rows=2)
    top = _box(canvas, top, sheet.when, rows=1)
    top = _ticks(canvas, top, sheet.kind, sheet.kinds)
    top = _who(canvas, top, sheet)
    _foot(canvas, top, sheet)
    _slip(canvas, SLIP, sheet)


def _rows_left(sheet: Sheet, top: float) -> int:
    """How many lines there are to write on: what head and foot leave, for the slip stays where it is."""
    foot = len(list(paper.lines(sheet.hand_in, 15, FULL))) * 15 * 1.45
    foot += len(list(paper.lines(sheet.private, SMALL, FULL))) * SMALL * 1.45 + 12 * MM
    fixed = (2 * 10.5 + 3 * 10 + 16 + 8 + 8.5 * len(sheet.wishes)) * MM
    fixed += 0 if _beside(sheet) else 9 * MM
    return max(2, min(6, int((top - SLIP - fixed - foot - 10.5 * MM) // ROW)))


def _head(canvas: Canvas, sheet: Sheet, top: float) -> float:
    side, room = 29 * MM, FULL - 36 * MM
    paper.code(canvas, RIGHT - side, top - side, side, sheet.address)
    paper.put(canvas, RIGHT - side, top - side - 4 * MM, next(paper.lines(sheet.scan, 8.5, 34 * MM), ""), 8.5)
    paper.put(canvas, LEFT, top - 8 * MM, sheet.title, 24, colour=BRAND, bold=True)
    y = top - 15.5 * MM
    y = paper.paragraph(canvas, LEFT, y, sheet.place, LABEL, room)
    y = paper.paragraph(canvas, LEFT, y - 1 * MM, sheet.how, 13, room)
    y = paper.paragraph(canvas, LEFT, y, sheet.danger, 13, room, colour=GRAVE)
    return min(y, top - side - 6 * MM) - 0.5 * MM


def _box(canvas: Canvas, top: float, label: str, *, rows: int) -> float:
    """A frame with its question, and lines to write on; where the next begins."""
    height = 8 * MM + rows * ROW
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(1)
    canvas.roundRect(LEFT, top - height, FULL, height, 2 * MM)
    paper.put(canvas, LEFT + 3 * MM, top - 6.5 * MM, label, LABEL, bold=True)
    canvas.setStrokeColor(SOFT)
    canvas.setLineWidth(0.4)
    for row in range(1, rows):
        y = top - 8 * MM - row * ROW
        canvas.line(LEFT + 3 * MM, y, RIGHT - 3 * MM, y)
    return top - height - 2.5 * MM


def _tick(canvas: Canvas, x: float, y: float, words: str) -> float:
    """A box to tick with its words; where the next may stand."""
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(1)
    canvas.rect(x, y - 0.8 * MM, 4.4 * MM, 4.4 * MM)
    paper.put(canvas, x + 6.2 * MM, y, words, TICK)
    return x + 6.2 * MM + paper.width(words, TICK) + 5 * MM


def _ticks(canvas: Canvas, top: float, label: str, choices: Sequence[str]) -> float:
    y = top - 5 * MM
    paper.put(canvas, LEFT, y, label, LABEL, bold=True)
    start = x = LEFT + paper.width(label, LABEL, bold=True) + 6 * MM
    for words in choices:
        if x + 6.2 * MM + paper.width(words, TICK) > RIGHT:
            x, y = start, y - 8 * MM
        x = _tick(canvas, x, y, words)
    return y - 3 * MM


def _line(canvas: Canvas, x: float, y: float, end: float, label: str) -> None:
    paper.put(canvas, x, y, label, LABEL, bold=True)
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.6)
    canvas.line(x + paper.width(label, LABEL, bold=True) + 2 * MM, y - 1 * MM, end, y - 1 * MM)


def _beside(sheet: Sheet) -> float:
    """Where the phone begins beside the name; 0 where there is no room for both."""
    half = max(LEFT + FULL * 0.45, LEFT + paper.width(sheet.name, LABEL, bold=True) + 48 * MM)
    return half if half + paper.width(sheet.phone, LABEL, bold=True) + 40 * MM <= RIGHT else 0.0


def _who(canvas: Canvas, top: float, sheet: Sheet) -> float:
    """Name and phone beside each other, or below each other where the words are long; then what to tick."""
    y = top - 8 * MM
    half = _beside(sheet)
    if half:
        _line(canvas, LEFT, y, half - 5 * MM, sheet.name)
        _line(canvas, half, y, RIGHT, sheet.phone)
    else:
        _line(canvas, LEFT, y, RIGHT, sheet.name)
        y -= 9 * MM
        _line(canvas, LEFT, y, RIGHT, sheet.phone)
    for words in sheet.wishes:
        y -= 8.5 * MM
        _tick(canvas, LEFT, y, words)
    return y - 5 * MM


def _foot(canvas: Canvas, top: float, sheet: Sheet) -> None:
    y = paper.paragraph(canvas, LEFT, top - 4 * MM, sheet.hand_in, 15, FULL, colour=BRAND)
    y = paper.paragraph(canvas, LEFT, y, sheet.private, SMALL, FULL, colour=SOFT)
    paper.put(canvas, LEFT, y - 1 * MM, sheet.office, SMALL, colour=SOFT)


def _slip(canvas: Canvas, top: float, sheet: Sheet) -> None:
    """What the writer keeps: room for number and code, copied there by hand or covered by a printed receipt."""
    canvas.setStrokeColor(SOFT)
    canvas.setLineWidth(0.8)
    canvas.setDash(3, 3)
    canvas.line(0, top, PAPER_WIDTH, top)
    canvas.setDash()
    y = top - 7 * MM
    paper.put(canvas, LEFT, y, sheet.slip, LABEL, bold=True)
    for label, length in ((sheet.number, NUMBER_LENGTH), (sheet.code, CODE_LENGTH)):
        y -= 9.5 * MM
        paper.put(canvas, LEFT, y, label, TICK)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.7)
        for place in range(length):
            canvas.rect(LEFT + 32 * MM + place * BOX + place // 4 * 2.5 * MM, y - 2 * MM, BOX, 7.5 * MM)
    paper.paragraph(canvas, LEFT, y - 8 * MM, sheet.follow, SMALL, FULL, colour=SOFT)
