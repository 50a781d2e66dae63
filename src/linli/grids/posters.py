"""Draws posters and stickers: PDF with codes as vectors, so that they are sharp at any size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO

import segno
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from linli.faces import paper
from linli.faces.paper import FACE, LATIN
from linli.grids.rows import PlaceRow
from linli.grids.rules.posters import PAGE, Layout, Sign, Spot, fitted, runs, spots
from linli.grids.rules.words import Level

INK, SOFT, BRAND, LINE = (HexColor(one) for one in ("#1B2420", "#55615B", "#0B6B5C", "#DFE3DE"))
#: Levels named on a sign, from the top; people leave out the committee.
NAMED = (Level.COMMUNITY, Level.GRID, Level.COURTYARD, Level.BUILDING, Level.UNIT)
#: Both languages stand on every sign: it hangs where anybody passes.
CALL_ZH, CALL_EN = "微信或相机扫一扫", "Scan with WeChat or your camera"
HELP_ZH = "反映问题、查办事指南、找网格员和民警、看办理结果"
HELP_EN = "Report a problem, see what you can get done, who serves here, and what was settled."
SHORT_ZH, SHORT_EN = "报事　办事　找人", "Report · Services · Who serves here"
APART = "　"  # the middle dot is not in every substitute of the face
EXAMPLE = "示例 EXAMPLE"
QUIET = 4  # modules of white around a code (ISO/IEC 18004)
EVERY = 25  # signs between two words of progress
BEYOND = 0x10000  # the face has nothing from here on


def signs(places: Sequence[PlaceRow], way: Iterable[PlaceRow], base: str) -> list[Sign]:
    """What stands at each of these places that has a code.

    :param way: the places above them, as far as they are not among them.
    :param base: the address of the scan, up to the code.
    """
    known = {place.id: place for place in (*way, *places)}
    return [_sign(place, known, base) for place in places if place.qr_code]


def _sign(place: PlaceRow, known: dict[int, PlaceRow], base: str) -> Sign:
    steps = [known[int(step)] for step in place.path.split(".") if step and int(step) in known]
    named = [step for step in steps if step.level in NAMED or step.id == place.id]
    english = " · ".join(step.name_en for step in named[-2:] if step.name_en)
    return Sign(
        names=tuple(_plain(step.name_zh) for step in named),
        english=_latin(english),
        address=f"{base}{place.qr_code}/",
        example=place.example,
    )


def _plain(text: str) -> str:
    return "".join(one for one in text if one.isprintable() and ord(one) < BEYOND)


def _latin(text: str) -> str:
    return text.encode("cp1252", "ignore").decode("cp1252")


def draw(
    file: BinaryIO, drawn: Sequence[Sign], layout: Layout, *, progress: Callable[[int], None] | None = None
) -> None:
    """Write the PDF.

    :param progress: told how many signs are drawn, now and then.
    """
    paper.ready()
    canvas = Canvas(file, pagesize=(PAGE[0] * mm, PAGE[1] * mm), pageCompression=1)
    canvas.setTitle(drawn[0].names[0] if drawn else "Linli")
    canvas.setAuthor("Linli")
    places = spots()
    for number, sign in enumerate(drawn):
        if layout is Layout.A4:
            _poster(canvas, sign)
        else:
            _sticker(canvas, sign, places[number % len(places)])
        if layout is Layout.A4 or (number + 1) % len(places) == 0 or number + 1 == len(drawn):
            canvas.showPage()
        if progress and (number + 1) % EVERY == 0:
            progress(number + 1)
    canvas.save()


def _poster(canvas: Canvas, sign: Sign) -> None:
    middle, room = PAGE[0] / 2, PAGE[0] - 36
    above, own = APART.join(sign.names[:-1]), sign.names[-1]
    canvas.setFillColor(BRAND)
    canvas.rect(0, (PAGE[1] - 16) * mm, PAGE[0] * mm, 16 * mm, stroke=0, fill=1)
    if sign.example:
        _centred(canvas, EXAMPLE, middle, PAGE[1] - 11, 14, HexColor("#FFFFFF"))
    _block(canvas, above, (middle, 262), room, size=20, least=12, colour=SOFT)
    _block(canvas, own, (middle, 240), room, size=46, least=26, colour=INK)
    _block(canvas, sign.english, (middle, 222), room, size=16, least=10, colour=SOFT, face=LATIN)
    _code(canvas, sign.address, Spot(middle - 60, 92, 120, 120))
    _centred(canvas, CALL_ZH, middle, 77, 26, BRAND)
    _centred(canvas, CALL_EN, middle, 67, 15, BRAND, LATIN)
    canvas.setStrokeColor(LINE)
    canvas.line(18 * mm, 58 * mm, (PAGE[0] - 18) * mm, 58 * mm)
    _block(canvas, HELP_ZH, (middle, 46), room, size=18, least=12, colour=INK)
    _block(canvas, HELP_EN, (middle, 36), room, size=12, least=8, colour=SOFT, face=LATIN)
    _block(canvas, sign.address, (middle, 16), room, size=9, least=6, colour=SOFT, face=LATIN)


def _sticker(canvas: Canvas, sign: Sign, spot: Spot) -> None:
    side = spot.height - 7
    _code(canvas, sign.address, Spot(spot.left + 2.5, spot.bottom + 3.5, side, side))
    left = spot.left + side + 4.5
    room = spot.width - side - 7
    lines = [
        (APART.join(sign.names[:-1][-2:]), 7.0, 5.0, SOFT, FACE),
        (sign.names[-1], 13.0, 8.0, INK, FACE),
        (SHORT_ZH, 8.0, 6.0, BRAND, FACE),
        (SHORT_EN, 6.0, 4.2, BRAND, LATIN),
        (EXAMPLE if sign.example else "", 6.0, 5.0, SOFT, FACE),
    ]
    top = spot.bottom + spot.height - 4.5
    for text, size, least, colour, face in lines:
        real, parts = fitted(text, room=room * mm, size=size, least=least)
        canvas.setFillColor(colour)
        canvas.setFont(paper.face_for(text) if face == FACE else face, real)
        for part in parts if text else ():
            top -= real * 1.5 / mm
            canvas.drawString(left * mm, top * mm, part)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.3)
    canvas.rect(spot.left * mm, spot.bottom * mm, spot.width * mm, spot.height * mm, stroke=1, fill=0)


def _block(
    canvas: Canvas,
    text: str,
    at: tuple[float, float],
    room: float,
    *,
    size: float,
    least: float,
    colour: Color,
    face: str = FACE,
) -> None:
    """A text of one or two lines, the last one standing at this height."""
    real, lines = fitted(text, room=room * mm, size=size, least=least)
    for above, line in enumerate(reversed(lines)):
        _centred(canvas, line, at[0], at[1] + above * real * 1.3 / mm, real, colour, face)


def _centred(
    canvas: Canvas, text: str, middle: float, base: float, size: float, colour: Color, face: str = FACE
) -> None:
    canvas.setFillColor(colour)
    canvas.setFont(paper.face_for(text) if face == FACE else face, size)
    canvas.drawCentredString(middle * mm, base * mm, text)


def _code(canvas: Canvas, address: str, box: Spot) -> None:
    """The code as one filled path, its quiet zone inside the box; a quarter of it may be worn off (Q)."""
    matrix = segno.make(address, error="q", micro=False, boost_error=False).matrix
    module = box.width * mm / (len(matrix) + 2 * QUIET)
    left, top = box.left * mm + QUIET * module, (box.bottom + box.height) * mm - QUIET * module
    path = canvas.beginPath()
    for row, modules in enumerate(matrix):
        for column, length in runs(modules):
            path.rect(left + column * module, top - (row + 1) * module, length * module, module)
    canvas.setFillColor(HexColor("#000000"))
    canvas.drawPath(path, stroke=0, fill=1)
