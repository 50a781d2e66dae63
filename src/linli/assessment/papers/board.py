"""The picture of a result for a group: a bar for each place, in the order of ranks, as many as the community wants."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image, ImageDraw

from linli.faces import cards
from linli.faces.cards import BRAND, INK, LIGHT, SOFT, WHITE

WIDE, EDGE = 1080, 56
HEAD, STEP, FOOT, GROUP = 300, 96, 150, 52
DRAWN_BY = "2"


@dataclass(frozen=True, slots=True)
class Line:
    """One place: its rank, by which name, how it is said, the part of the full score (0 to 1).

    The first of those ranked among each other carries what they have in common (``group``).
    """

    rank: str
    words: str
    points: str
    share: float
    stars: int = 0
    group: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """What stands on the picture, already in words."""

    place: str
    title: str
    line: str
    lines: Sequence[Line] = field(default=())
    foot: str = ""

    @property
    def digest(self) -> str:
        """Of everything that is drawn."""
        return hashlib.sha256(f"{DRAWN_BY}\0{self!r}".encode()).hexdigest()[:16]


def draw(board: Board) -> bytes:
    """The picture (PNG), as tall as its lines need."""
    tall = HEAD + sum(STEP + (GROUP if line.group else 0) for line in board.lines) + FOOT
    made = Image.new("RGB", (WIDE, tall), WHITE)
    on = ImageDraw.Draw(made)
    on.rectangle((0, 0, WIDE, HEAD - 40), fill=BRAND)
    cards.mark(on, EDGE, 40, 72)
    cards.put(on, (EDGE + 96, 52), cards.known(board.place), 36, LIGHT, (WIDE - EDGE, 104))
    cards.put(on, (EDGE, 128), cards.known(board.title), 52, WHITE, (WIDE - EDGE, 202))
    cards.put(on, (EDGE, 204), cards.known(board.line), 30, LIGHT, (WIDE - EDGE, 250))
    top = HEAD
    for line in board.lines:
        if line.group:
            cards.put(on, (EDGE, top), cards.known(line.group), 26, SOFT, (WIDE - EDGE, top + GROUP))
            top += GROUP
        _line(on, line, top)
        top += STEP
    cards.put(on, (EDGE, tall - FOOT + 30), cards.known(board.foot), 26, SOFT, (WIDE - EDGE, tall - 20))
    held = io.BytesIO()
    made.quantize(64).save(held, "PNG", optimize=True)
    return held.getvalue()


def _line(on: ImageDraw.ImageDraw, line: Line, top: int) -> None:
    left, right = EDGE + 100, WIDE - EDGE - 170
    cards.put(on, (EDGE, top + 4), line.rank, 40, BRAND, (left, top + 64))
    cards.put(on, (left, top), cards.known(line.words), 34, INK, (right - 200, top + 52))
    for star in range(line.stars):
        _star(on, right - 20 - 38 * star, top + 24, 15)
    on.rounded_rectangle((left, top + 56, right, top + 74), 9, fill=LIGHT)
    reach = left + round((right - left) * min(max(line.share, 0.0), 1.0))
    if reach - left >= 18:
        on.rounded_rectangle((left, top + 56, reach, top + 74), 9, fill=BRAND)
    cards.put(on, (right + 20, top + 38), line.points, 36, INK, (WIDE - 10, top + 92))


def _star(on: ImageDraw.ImageDraw, x: int, y: int, size: int) -> None:
    """A star of five points around its middle."""
    outer = ((0, -1), (0.951, -0.309), (0.588, 0.809), (-0.588, 0.809), (-0.951, -0.309))
    inner = ((0.225, -0.309), (0.363, 0.118), (0, 0.382), (-0.363, 0.118), (-0.225, -0.309))
    points = [(x + a * size, y + b * size) for pair in zip(outer, inner, strict=True) for a, b in pair]
    on.polygon(points, fill="#C98A12")
