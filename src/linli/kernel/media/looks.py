"""What a picture looks like in 64 bits, so that it is found again after it was scaled or saved anew.

A difference hash (N. Krawetz, 2013): the picture in grey, 9 by 8 points; each bit says whether a point is brighter than its
right neighbour. Only for pictures that `pictures.renew` has written: those that come from outside are opened nowhere else.
"""

from __future__ import annotations

import io

from PIL import Image

WIDTH, HEIGHT = 9, 8
_SIGN = 1 << 63


def look_of(jpeg: bytes) -> int:
    """The look of a picture of ours, 0 to 2**64 - 1; one colour all over looks like 0."""
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
        grey = picture.convert("L").resize((WIDTH, HEIGHT), Image.Resampling.BOX)
    points = grey.tobytes()
    look = 0
    for row in range(HEIGHT):
        for column in range(WIDTH - 1):
            at = row * WIDTH + column
            look = look << 1 | (points[at] > points[at + 1])
    return look


def signed(look: int) -> int:
    """A look as a column of eight bytes holds it."""
    return look - (1 << 64) if look & _SIGN else look


def unsigned(column: int) -> int:
    """The look again."""
    return column % (1 << 64)
