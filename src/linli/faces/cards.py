"""What a page looks like where its address is shared: a title, a line, and a picture drawn of both (Open Graph).

Nothing of a person stands there: a page says of itself only what everybody may read. The address of a picture holds a
digest of its words, so whoever keeps it may keep it for ever.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from PIL import Image, ImageDraw, ImageFont

from linli.faces import wrapping

FACE = Path(__file__).with_name("fonts") / "linli-sans.otf"
#: Wide for most places, square for a chat (a WeChat card wants at least 300 pixels).
SHAPES = {"wide": (1200, 630), "square": (500, 500)}
DRAWN_BY = "1"  # raise it when the drawing changes: old pictures are then asked for anew
BRAND, DEEP, LIGHT, WHITE, INK, SOFT = "#0B6B5C", "#095548", "#E4F2EE", "#FFFFFF", "#1B2420", "#55615B"
TONGUES = {"zh": "zh-hans", "en": "en"}
KEEP_SECONDS = 60 * 60 * 24
YEAR = "public, max-age=31536000, immutable"
LONGEST_LINE = 120


@dataclass(frozen=True, slots=True)
class Card:
    """What is shared of a page: ``title``, a ``line`` below it, ``place`` (whose page it is), in ``zh`` or ``en``."""

    title: str
    line: str
    place: str
    language: str

    @property
    def digest(self) -> str:
        """Of everything that is drawn."""
        return hashlib.sha256("\0".join([DRAWN_BY, *astuple(self)]).encode()).hexdigest()[:16]

    @property
    def short(self) -> str:
        """The line, cut to what cards show."""
        words = " ".join(self.line.split())
        return words if len(words) <= LONGEST_LINE else f"{words[: LONGEST_LINE - 1]}…"


def absolute(request: HttpRequest, path: str) -> str:
    """The full address of a page of ours, as others reach it."""
    base = urlsplit(settings.LINLI_BASE_URL)
    if not base.netloc:
        return request.build_absolute_uri(path)
    asked = urlsplit(path)
    return base._replace(path=asked.path, query=asked.query).geturl()


def tongue(given: str) -> str:
    """The language in which a picture is asked for, as Django calls it.

    :raises Http404: pictures are drawn in Chinese and in English.
    """
    if given not in TONGUES:
        raise Http404(given)
    return TONGUES[given]


def tags(request: HttpRequest, card: Card, folder: str) -> dict[str, str]:
    """What the head of the page says (faces/parts/share.html).

    :param folder: the address under which the pictures of this card are served, with its slash.
    """
    paths = {shape: f"{folder}{card.language}-{shape}-{card.digest}.png" for shape in SHAPES}
    return {
        "title": card.title,
        "line": card.short,
        "place": card.place,
        "url": absolute(request, request.path),
        "locale": "en_US" if card.language == "en" else "zh_CN",
        "path": paths["square"],  # for what reads the page itself
        **{shape: absolute(request, path) for shape, path in paths.items()},
    }


def picture(card: Card, shape: str, digest: str) -> HttpResponse:
    """The picture of a card (PNG). An old address leads to what the page says now.

    :raises Http404: a shape there is none of.
    """
    if shape not in SHAPES:
        raise Http404(shape)
    if digest != card.digest:
        return HttpResponseRedirect(f"{card.language}-{shape}-{card.digest}.png")
    drawn = cache.get_or_set(f"card:{shape}:{digest}", lambda: draw(card, shape), KEEP_SECONDS)
    answer = HttpResponse(drawn, content_type="image/png")
    answer["Cache-Control"] = YEAR
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"  # it is shown elsewhere: that is what it is for
    return answer


@lru_cache(maxsize=8)
def face_of(size: int) -> ImageFont.FreeTypeFont:
    """The face of pictures in a size of pixels."""
    return ImageFont.truetype(FACE, size)


@lru_cache(maxsize=1)
def _nothing() -> bytes:
    return bytes(face_of(32).getmask("\U0010ffff"))


@lru_cache(maxsize=4096)
def _has(character: str) -> bool:
    return character.isspace() or bytes(face_of(32).getmask(character)) != _nothing()


def known(words: str) -> str:
    """The words without what the face has no drawing of (faces, rare signs)."""
    return "".join(character for character in words if _has(character))


def draw(card: Card, shape: str) -> bytes:
    """The picture itself."""
    size = SHAPES[shape]
    made = Image.new("RGB", size, LIGHT if shape == "wide" else BRAND)
    (_wide if shape == "wide" else _square)(ImageDraw.Draw(made), card)
    held = io.BytesIO()
    made.quantize(64).save(held, "PNG", optimize=True)
    return held.getvalue()


def _wide(on: ImageDraw.ImageDraw, card: Card) -> None:
    on.rectangle((0, 0, 1200, 150), fill=BRAND)
    _houses(on, 630)
    mark(on, 60, 35, 80)
    put(on, (164, 48), known(card.place), 44, WHITE, (1144, 130))
    below = put(on, (60, 196), known(card.title), 68, INK, (1140, 400))
    put(on, (60, below + 18), known(card.short), 36, SOFT, (1140, 520))


def _square(on: ImageDraw.ImageDraw, card: Card) -> None:
    mark(on, 40, 40, 72)
    put(on, (130, 54), known(card.place), 32, LIGHT, (460, 100))
    below = put(on, (40, 150), known(card.title), 54, WHITE, (460, 380))
    put(on, (40, below + 14), known(card.short), 28, LIGHT, (460, 480))


def put(
    on: ImageDraw.ImageDraw,
    corner: tuple[int, int],
    words: str,
    size: int,
    colour: str,
    end: tuple[int, int],
) -> int:
    """Words in as many lines as there is room for between two corners; where the next line would stand."""
    (x, y), (right, bottom), step = corner, end, round(size * 1.4)
    face, most = face_of(size), max(1, (bottom - y) // step)
    found = list(wrapping.lines(words, lambda line: face.getlength(line) <= right - x))
    if len(found) > most:
        found = [*found[: most - 1], found[most - 1] + "…"]
    for line in found:
        while len(line) > 1 and face.getlength(line) > right - x:
            line = line.rstrip("…")[:-1] + "…"
        on.text((x, y), line, font=face, fill=colour)
        y += step
    return y


def mark(on: ImageDraw.ImageDraw, x: int, y: int, side: int) -> None:
    """Our two roofs, as in mark.svg (32 by 32), drawn at a corner."""
    unit = side / 32
    on.rounded_rectangle((x, y, x + side, y + side), 8 * unit, fill=DEEP)
    for points in (
        [(7, 24), (7, 16.5), (13, 11), (19, 16.5), (19, 24), (7, 24)],
        [(15.5, 13.2), (19, 10), (25, 15.5), (25, 24), (19, 24)],
    ):
        on.line(
            [(x + a * unit, y + b * unit) for a, b in points],
            fill=WHITE,
            width=round(2 * unit),
            joint="curve",
        )


def _houses(on: ImageDraw.ImageDraw, ground: int) -> None:
    """A row of buildings along the foot, always the same."""
    for x, width, height in ((0, 170, 74), (180, 120, 104), (310, 210, 58), (530, 130, 92), (670, 180, 70),
                             (860, 110, 112), (980, 220, 64)):  # fmt: skip
        on.rectangle((x, ground - height, x + width, ground), fill="#CFE5DF")
        for left in range(x + 16, x + width - 20, 34):
            for top in range(ground - height + 16, ground - 16, 28):
                on.rectangle((left, top, left + 14, top + 12), fill=LIGHT)
