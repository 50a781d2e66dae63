"""What goes on paper (PDF): the faces, the colours, a code to scan.

Chinese is set in a face of our own (`fonts/linli-sans.ttf`, cut by tools/fonts.py), of which each file carries the
characters it uses: phones and printers know no Chinese by name. What is Latin alone is in Helvetica. A line with a
character that our face lacks, in a rare name, is set in STSong-Light, which readers of PDF should know
(ISO 32000-1, 9.7.5.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import segno
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from linli.faces import wrapping

FACE, RARE = "Linli-Sans", "STSong-Light"
FILE = Path(__file__).with_name("fonts") / "linli-sans.ttf"
LATIN, LATIN_BOLD = "Helvetica", "Helvetica-Bold"
INK, SOFT, BRAND, GRAVE, LINE = (
    HexColor(one) for one in ("#1B2420", "#55615B", "#0B6B5C", "#B3261E", "#DFE3DE")
)
_LAST_LATIN = "\u00ff"


def ready() -> None:
    """Let the faces for Chinese be used."""
    if FACE not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(RARE))
        pdfmetrics.registerFont(TTFont(FACE, str(FILE)))


def face_for(words: str, *, bold: bool = False) -> str:
    """The face in which all of these words can be set."""
    if max(words, default=" ") <= _LAST_LATIN:
        return LATIN_BOLD if bold else LATIN
    ready()
    held = pdfmetrics.getFont(FACE).face.charToGlyph
    return FACE if all(ord(letter) in held for letter in words) else RARE


def width(words: str, size: float, *, bold: bool = False) -> float:
    """How wide a line is, in points."""
    return float(pdfmetrics.stringWidth(words, face_for(words, bold=bold), size))


def put(
    canvas: Canvas, x: float, y: float, words: str, size: float, *, colour: Color = INK, bold: bool = False
) -> None:
    """Set one line with its foot at a point. The Chinese face has no bold cut: its strokes are drawn a little wider."""
    face = face_for(words, bold=bold)
    text = canvas.beginText(x, y)
    text.setFont(face, size)
    text.setFillColor(colour)
    if bold and face in {FACE, RARE}:
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(size / 40)
        text.setTextRenderMode(2)
    text.textOut(words)
    if bold and face in {FACE, RARE}:
        text.setTextRenderMode(0)
    canvas.drawText(text)


def lines(words: str, size: float, most: float) -> Iterator[str]:
    """The words in lines no wider than this many points."""
    return wrapping.lines(words, lambda line: width(line, size) <= most)


def paragraph(
    canvas: Canvas, x: float, y: float, words: str, size: float, most: float, *, colour: Color = INK
) -> float:
    """Set words in as many lines as they need; where the next line would stand."""
    for line in lines(words, size, most):
        put(canvas, x, y, line, size, colour=colour)
        y -= size * 1.45
    return y


def code(canvas: Canvas, x: float, y: float, side: float, address: str) -> None:
    """A QR code of an address, as one path of squares; a quarter of it may be worn off (error correction Q)."""
    rows = [list(row) for row in segno.make(address, error="q", micro=False).matrix_iter(border=0)]
    unit = side / len(rows)
    path = canvas.beginPath()
    for down, row in enumerate(rows):
        for right, dark in enumerate(row):
            if dark:
                path.rect(x + right * unit, y + side - (down + 1) * unit, unit, unit)
    canvas.setFillColor(INK)
    canvas.drawPath(path, stroke=0, fill=1)
