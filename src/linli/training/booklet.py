"""The handbook on paper: A4, a page begins where the one before it ends, each sheet with its title and number."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from linli.faces import paper
from linli.faces.paper import BRAND, INK, LINE, SOFT
from linli.training.rules import markup
from linli.training.rules.markup import Block, BlockKind

MM = float(mm)
WIDTH, HEIGHT = float(A4[0]), float(A4[1])
LEFT, RIGHT, TOP, FOOT = 20 * MM, WIDTH - 20 * MM, HEIGHT - 22 * MM, 20 * MM
BODY, LEADING = 11, 1.6
SIZES = {2: 14, 3: 12, 4: 11}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the handbook, in one language. ``foot`` says which version it is."""

    chapter: str
    title: str
    words: str
    foot: str


def draw(sheets: Sequence[Sheet], *, title: str, owner: str) -> bytes:
    """The PDF file. Every page of the handbook begins on a new sheet."""
    paper.ready()
    held = io.BytesIO()
    canvas = Canvas(held, pagesize=A4, pageCompression=1)
    canvas.setTitle(title)
    canvas.setAuthor(owner)
    roll = _Roll(canvas, title, owner)
    for sheet in sheets:
        roll.begin(sheet)
        for block in markup.read(sheet.words):
            roll.block(block)
        roll.end()
    canvas.save()
    return held.getvalue()


class _Roll:
    """Where on which sheet of paper the next line stands."""

    def __init__(self, canvas: Canvas, title: str, owner: str) -> None:
        self.canvas, self.title, self.owner = canvas, title, owner
        self.y, self.number, self.foot = TOP, 1, ""

    def begin(self, sheet: Sheet) -> None:
        self.foot = sheet.foot
        paper.put(self.canvas, LEFT, self.y, sheet.chapter, 10, colour=BRAND)
        self.y -= 24
        for line in paper.lines(sheet.title, 19, RIGHT - LEFT):
            paper.put(self.canvas, LEFT, self.y, line, 19, bold=True)
            self.y -= 27
        self.y -= 4

    def end(self) -> None:
        self.canvas.setStrokeColor(LINE)
        self.canvas.line(LEFT, FOOT - 8, RIGHT, FOOT - 8)
        paper.put(self.canvas, LEFT, FOOT - 20, f"{self.owner}　{self.title}　{self.foot}", 8, colour=SOFT)
        number = str(self.number)
        paper.put(self.canvas, RIGHT - paper.width(number, 8), FOOT - 20, number, 8, colour=SOFT)
        self.canvas.showPage()
        self.y, self.number = TOP, self.number + 1

    def line(
        self, words: str, *, x: float = LEFT, size: float = BODY, bold: bool = False, mark: str = ""
    ) -> None:
        """Words in as many lines as they need, on as many sheets."""
        for number, piece in enumerate(paper.lines(words, size, RIGHT - x)):
            if self.y < FOOT + size:
                self.end()
            if mark and not number:
                paper.put(self.canvas, x - 16, self.y, mark, size, colour=SOFT)
            paper.put(self.canvas, x, self.y, piece, size, bold=bold)
            self.y -= size * LEADING

    def block(self, block: Block) -> None:
        if block.kind is BlockKind.HEADING:
            self._heading(block)
        elif block.kind is BlockKind.TABLE:
            self._table(block)
        elif block.kind is BlockKind.RULE:
            self.y -= BODY
        else:
            self._lines(block)
        self.y -= BODY * 0.5

    def _heading(self, block: Block) -> None:
        if self.y < FOOT + 60:  # a heading does not stand alone at the foot
            self.end()
        self.y -= 6
        self.line(markup.plain_line(block.rows[0][0]), size=SIZES[block.level], bold=True)

    def _lines(self, block: Block) -> None:
        inset = {BlockKind.BULLETS: 18, BlockKind.NUMBERS: 20, BlockKind.QUOTE: 14}.get(block.kind, 0)
        for number, row in enumerate(block.rows, start=1):
            marks = {BlockKind.BULLETS: "-", BlockKind.NUMBERS: f"{number}.", BlockKind.QUOTE: "|"}
            self.line(markup.plain_line(row[0]), x=LEFT + inset, mark=marks.get(block.kind, ""))

    def _table(self, block: Block) -> None:
        columns = max(len(row) for row in block.rows)
        width = (RIGHT - LEFT) / columns
        for number, row in enumerate(block.rows):
            cells = [list(paper.lines(markup.plain_line(cell), 10, width - 8)) for cell in row]
            high = max(len(cell) for cell in cells) * 10 * 1.4 + 6
            if self.y - high < FOOT:
                self.end()
            for place, cell in enumerate(cells):
                for down, piece in enumerate(cell):
                    y = self.y - down * 10 * 1.4
                    paper.put(self.canvas, LEFT + place * width, y, piece, 10, bold=not number, colour=INK)
            self.y -= high
            self.canvas.setStrokeColor(LINE)
            self.canvas.line(LEFT, self.y + 11, RIGHT, self.y + 11)
