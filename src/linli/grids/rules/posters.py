"""What hangs at doors: sizes, where each sticker lies, how a name fits. Pure; millimetres from the lower left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

PAGE = (210.0, 297.0)  # A4
MOST = 5_000  # codes of one print run; more are drawn grid by grid
WIDE_FROM = 0x2E80  # from here on characters are as wide as high
NARROW = 0.56  # of their height, all others, about


class Layout(StrEnum):
    """A sheet for each door, or 24 stickers on a sheet (70 by 37 mm, as labels are sold)."""

    A4 = "a4"
    STICKERS = "stickers"


COLUMNS, ROWS = 3, 8
PER_SHEET = {Layout.A4: 1, Layout.STICKERS: COLUMNS * ROWS}


@dataclass(frozen=True, slots=True)
class Sign:
    """What stands at one door: the names from the community down in Chinese, the last one in English, and the address."""

    names: tuple[str, ...]
    english: str
    address: str
    example: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a sticker lies on its sheet: lower left corner, width and height."""

    left: float
    bottom: float
    width: float
    height: float


def spots() -> list[Spot]:
    """The stickers of a sheet, row by row from the top."""
    width, height = PAGE[0] / COLUMNS, PAGE[1] / ROWS
    return [
        Spot(column * width, PAGE[1] - (row + 1) * height, width, height)
        for row in range(ROWS)
        for column in range(COLUMNS)
    ]


def sheets(layout: Layout, codes: int) -> int:
    """How many pages so many codes fill."""
    return -(-codes // PER_SHEET[layout])


def width_of(text: str) -> float:
    """How wide a text is, about, in heights of its letters."""
    return sum(1.0 if ord(one) >= WIDE_FROM else NARROW for one in text)


def fitted(text: str, *, room: float, size: float, least: float) -> tuple[float, list[str]]:
    """The size at which a text fits, and its lines: smaller first, two lines if need be, cut at last.

    :param room: width, in the unit of the sizes.
    """
    wide = width_of(text)
    if wide * size <= room:
        return size, [text]
    if wide * least <= room:
        return room / wide, [text]
    half = list(_lines(text, room / least))
    if len(half) > 2:
        half = [half[0], f"{half[1][:-1]}…"]
    return least, half


def _lines(text: str, room: float) -> Iterator[str]:
    line = ""
    for one in text:
        if line and width_of(line + one) > room:
            yield line
            line = ""
        line += one
    yield line


def runs(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The dark stretches of a row of a code: from which column, how many. One rectangle each keeps files small."""
    start = None
    for column, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            yield start, column - start
            start = None
