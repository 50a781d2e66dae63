"""A few drawn pictures for the demo's reports and proofs: what is wrong, and the same put right; of no real place."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import product

from PIL import Image, ImageDraw

from linli.cases.actions import upload
from linli.kernel import access, media

SIZE = (800, 600)
Colour = tuple[int, int, int]
Pen = ImageDraw.ImageDraw

SKY, NIGHT = (172, 198, 219), (38, 47, 66)
GROUND, ROAD, NIGHT_GROUND = (158, 163, 150), (106, 110, 114), (52, 56, 62)
TOWERS = ((205, 192, 172), (190, 184, 166), (212, 202, 186))
GLASS, GLOW = (122, 146, 162), (250, 222, 142)
WALL, STAIN, STEEL, DARK = (226, 221, 208), (182, 160, 122), (172, 178, 184), (58, 62, 68)
GREEN, LEAF, RED, AMBER = (58, 128, 92), (84, 140, 84), (190, 70, 58), (232, 164, 60)


def _outside(pen: Pen, *, night: bool = False) -> None:
    """Three towers with windows on a street."""
    pen.rectangle((0, 0, *SIZE), fill=NIGHT if night else SKY)
    pen.rectangle((0, 440, *SIZE), fill=NIGHT_GROUND if night else GROUND)
    for tower, (left, top) in enumerate(((40, 120), (300, 70), (560, 160))):
        face = TOWERS[tower]
        pen.rectangle((left, top, left + 200, 450), fill=tuple(part // 3 for part in face) if night else face)
        for row in range((430 - top) // 62):
            for column in range(4):
                x, y = left + 18 + column * 46, top + 20 + row * 62
                lit = night and (row * 5 + column * 3 + tower) % 7 < 2
                pen.rectangle((x, y, x + 28, y + 36), fill=GLOW if lit else (64, 74, 92) if night else GLASS)


def _lamp(pen: Pen, *, mended: bool) -> None:
    _outside(pen, night=True)
    if mended:
        pen.polygon(((600, 200), (430, 600), (770, 600)), fill=(112, 106, 78))
    pen.line((700, 560, 700, 200), fill=(92, 98, 104), width=12)
    pen.line((704, 204, 600, 186), fill=(92, 98, 104), width=10)
    pen.ellipse((570, 176, 632, 212), fill=(255, 240, 180) if mended else (24, 28, 34))


def _stairs(pen: Pen, *, mended: bool) -> None:
    """A stairway with its lamp."""
    pen.rectangle((0, 0, *SIZE), fill=WALL if mended else (66, 66, 70))
    for step in range(7):
        tone = 176 - step * 8 if mended else 58 - step * 3
        pen.rectangle((90 + step * 80, 560 - step * 62, 800, 600), fill=(tone, tone, tone - 4))
    if mended:
        pen.ellipse((300, 20, 460, 150), fill=(255, 243, 196))
    pen.ellipse((346, 52, 414, 104), fill=(255, 232, 150) if mended else (34, 34, 38))


def _lift(pen: Pen, *, mended: bool) -> None:
    pen.rectangle((0, 0, *SIZE), fill=WALL)
    pen.rectangle((200, 90, 600, 600), fill=(118, 124, 130))
    pen.rectangle((220, 110, 580, 600), fill=(36, 38, 42))
    gap = 3 if mended else 96
    pen.rectangle((220, 110, 400 - gap, 600), fill=STEEL)
    pen.rectangle((400 + (gap if mended else 34), 110, 580, 600), fill=STEEL)
    pen.rectangle((340, 40, 460, 82), fill=DARK)
    pen.polygon(((386, 72), (400, 48), (414, 72)), fill=(120, 220, 140) if mended else RED)
    pen.rectangle((640, 300, 690, 400), fill=DARK)
    pen.ellipse((654, 330, 676, 352), fill=(120, 220, 140) if mended else RED)
    if not mended:
        pen.polygon(((110, 560), (60, 470), (160, 470)), fill=AMBER)


def _leak(pen: Pen, *, mended: bool) -> None:
    """The corner of a room below the roof."""
    pen.rectangle((0, 0, *SIZE), fill=WALL)
    pen.polygon(((0, 0), (800, 0), (620, 170), (180, 170)), fill=(240, 237, 228))
    pen.line((180, 170, 180, 600), fill=(204, 198, 184), width=4)
    pen.rectangle((330, 300, 520, 600), fill=(168, 132, 96))
    if not mended:
        for box in ((210, 40, 470, 150), (320, 90, 640, 240), (540, 170, 690, 360)):
            pen.ellipse(box, fill=STAIN)
        pen.ellipse((380, 110, 560, 200), fill=(158, 134, 98))
        for x, y in ((420, 240), (470, 290), (600, 400), (250, 220)):
            pen.ellipse((x, y, x + 14, y + 24), fill=(96, 140, 176))
        pen.ellipse((200, 560, 420, 598), fill=(150, 178, 196))


def _rubbish(pen: Pen, *, mended: bool) -> None:
    _outside(pen)
    for left, colour in ((210, GREEN), (350, (62, 98, 150)), (490, DARK)):
        pen.rectangle((left, 360, left + 110, 540), fill=colour)
        pen.rectangle((left - 8, 340, left + 118, 364), fill=tuple(part + 20 for part in colour))
    if not mended:
        for x, y, wide in (
            (120, 480, 110),
            (200, 520, 120),
            (590, 500, 120),
            (420, 540, 110),
            (660, 540, 90),
        ):
            pen.ellipse((x, y, x + wide, y + 66), fill=(44, 46, 50))
        pen.rectangle((330, 500, 420, 580), fill=(176, 138, 92))
        pen.polygon(((230, 345), (300, 345), (266, 300)), fill=(44, 46, 50))


def _car(pen: Pen, *, mended: bool) -> None:
    """A lane kept free for the fire brigade, and who stands in it."""
    _outside(pen)
    pen.rectangle((0, 440, *SIZE), fill=ROAD)
    for x in range(-200, 900, 110):
        pen.polygon(((x, 600), (x + 26, 600), (x + 146, 450), (x + 120, 450)), fill=(214, 186, 76))
    if not mended:
        pen.rectangle((180, 420, 620, 520), fill=RED)
        pen.polygon(((250, 424), (310, 340), (500, 340), (560, 424)), fill=(160, 58, 48))
        pen.polygon(((276, 418), (322, 354), (396, 354), (396, 418)), fill=GLASS)
        pen.polygon(((410, 418), (410, 354), (490, 354), (532, 418)), fill=GLASS)
        for x in (230, 480):
            pen.ellipse((x, 474, x + 92, 566), fill=(30, 32, 34))
            pen.ellipse((x + 28, 502, x + 64, 538), fill=STEEL)


def _ground(pen: Pen, *, mended: bool) -> None:
    """A pavement with a cover in it."""
    pen.rectangle((0, 0, *SIZE), fill=(176, 172, 162))
    for y in range(0, 600, 100):
        for x in range(-100, 800, 200):
            shift = 100 if y % 200 else 0
            pen.rectangle((x + shift, y, x + shift + 196, y + 96), fill=(188, 184, 174))
    pen.ellipse((230, 150, 570, 450), fill=(92, 94, 98))
    pen.ellipse((250, 168, 550, 432), fill=(128, 130, 134) if mended else (22, 22, 26))
    if mended:
        for shift in range(-90, 91, 45):
            pen.line((400 + shift, 210, 400 + shift, 390), fill=(92, 94, 98), width=10)
    else:
        pen.chord((330, 190, 640, 460), 20, 200, fill=(128, 130, 134))
        pen.line(((40, 40), (150, 130), (190, 110), (260, 200)), fill=DARK, width=7)
        pen.line(((560, 420), (640, 480), (660, 560)), fill=DARK, width=7)


def _tree(pen: Pen, *, mended: bool) -> None:
    """A tree before the windows."""
    _outside(pen)
    pen.rectangle((386, 330, 414, 520), fill=(112, 84, 60))
    crowns: tuple[tuple[int, int, int], ...] = ((330, 250, 150),)
    if not mended:
        crowns = ((250, 130, 230), (330, 60, 230), (400, 150, 240), (320, 210, 190))
    for x, y, wide in crowns:
        pen.ellipse((x, y, x + wide, y + int(wide * 0.85)), fill=LEAF)


def _street(pen: Pen, *, mended: bool) -> None:
    """Whatever else it is about: the street, by day; at the end with nobody and nothing in the way."""
    _outside(pen)
    pen.rectangle((0, 490, 800, 600), fill=ROAD)
    for x in range(30, 800, 130):
        pen.rectangle((x, 540, x + 70, 550), fill=(222, 222, 214))
    if not mended:
        pen.rectangle((420, 400, 600, 480), fill=AMBER)
        for x in range(430, 560, 44):
            pen.polygon(((x, 480), (x + 18, 480), (x + 38, 400), (x + 20, 400)), fill=DARK)
        for x in (440, 568):
            pen.rectangle((x, 480, x + 12, 530), fill=DARK)


#: By category, by the first part of a category, and for all others.
SCENES: dict[str, Callable[..., None]] = {
    "facilities.streetlight": _lamp,
    "facilities": _ground,
    "building.lift": _lift,
    "building.leak": _leak,
    "building": _stairs,
    "environment": _rubbish,
    "parking": _car,
    "safety.fire_lane": _car,
    "greenery": _tree,
    "": _street,
}


def scene(category: str) -> str:
    """The name of the scene of a category: its own, that of its first part, or the street."""
    return next(name for name in (category, category.split(".")[0], "") if name in SCENES)


def draw(category: str, *, mended: bool) -> bytes:
    """A small JPEG of what a case of this category is about: as it was found, or put right."""
    image = Image.new("RGB", SIZE)
    pen = ImageDraw.Draw(image)
    SCENES[scene(category)](pen, mended=mended)
    pen.text((16, 580), "EXAMPLE", fill=(240, 242, 240))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


def _stored(one: tuple[str, bool]) -> media.Stored:
    name, mended = one
    return media.accept(io.BytesIO(draw(name, mended=mended)), purpose="report")


class Album:
    """The demo's pictures, kept once and shown in many cases."""

    def __init__(self) -> None:
        wanted = list(product(SCENES, (False, True)))
        with ThreadPoolExecutor() as together:  # each is cleaned in a process of its own
            self.stored = dict(zip(wanted, together.map(_stored, wanted), strict=True))

    def ticket(self, community_id: int, at: datetime, category: str, *, mended: bool) -> str:
        """The ticket of an upload, ready to be tied to a case of this category."""
        stored = self.stored[scene(category), mended]
        kept = upload.keep(actor=access.SYSTEM, community_id=community_id, stored=stored, at=at)
        return str(kept.ticket)
