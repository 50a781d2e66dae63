"""Draws the icons of the installed page from our mark (`mark.svg`), so that they are one drawing.

    python tools/icons.py            writes src/linli/faces/static/linli/icon-*.png
    python tools/icons.py --check    says whether what is checked in is what would be drawn

The maskable one fills its square, with the mark inside the circle of 80 % that every phone leaves of it.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw

FOLDER = Path(__file__).resolve().parents[1] / "src" / "linli" / "faces" / "static" / "linli"
BRAND, WHITE = "#0b6b5c", "#ffffff"
UNITS = 32  # the mark is drawn on a square of 32
CORNER, STROKE = 8, 2
#: The two roofs of the mark, as in mark.svg.
ROOFS = (
    ((7, 16.5), (13, 11), (19, 16.5), (19, 24), (7, 24), (7, 16.5), (13, 11)),
    ((15.5, 13.2), (19, 10), (25, 15.5), (25, 24), (19, 24)),
)
FINE = 4  # drawn larger and made small, so that the edges are smooth
#: Name: side in pixels, how much of it the mark takes, whether its corners are round.
ICONS = {
    "icon-180.png": (180, 1.0, False),  # iPhones round the corners themselves, and want no transparency
    "icon-192.png": (192, 1.0, True),
    "icon-512.png": (512, 1.0, True),
    "icon-512-maskable.png": (512, 0.72, False),
}


def drawn(side: int, share: float, rounded: bool) -> Image.Image:
    """One icon."""
    large = side * FINE
    image = Image.new("RGBA", (large, large), (0, 0, 0, 0) if rounded else BRAND)
    pen = ImageDraw.Draw(image)
    if rounded:
        pen.rounded_rectangle((0, 0, large - 1, large - 1), CORNER * large / UNITS, fill=BRAND)
    unit = large * share / UNITS
    shift = large * (1 - share) / 2
    for roof in ROOFS:
        points = [(shift + x * unit, shift + y * unit) for x, y in roof]
        pen.line(points, fill=WHITE, width=round(STROKE * unit), joint="curve")
    small = image.resize((side, side), Image.Resampling.LANCZOS)
    return small if rounded else small.convert("RGB")


def differs(name: str, image: Image.Image) -> bool:
    """Whether the file is not this picture (another version of Pillow may round a pixel differently)."""
    path = FOLDER / name
    if not path.is_file():
        return True
    with Image.open(path) as held:
        if (held.size, held.mode) != (image.size, image.mode):
            return True
        spread = ImageChops.difference(held, image).getextrema()
    return max(high for _low, high in spread if isinstance(high, int)) > 24


def main() -> int:
    """Write them, or look at those that are there."""
    check = "--check" in sys.argv[1:]
    wrong = []
    for name, given in ICONS.items():
        image = drawn(*given)
        if check:
            wrong += [name] if differs(name, image) else []
            continue
        held = io.BytesIO()
        image.save(held, "PNG", optimize=True)
        (FOLDER / name).write_bytes(held.getvalue())
    for name in wrong:
        sys.stdout.write(f"{name} is not what tools/icons.py draws\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
