"""Cuts the face that pictures are written in (faces/cards.py) out of Noto Sans CJK: what Chinese pages hold, and no more.

    python tools/fonts.py NotoSansCJK-Bold.ttc

Needs fonttools, which is no dependency of the project: the result is checked in. The same file in gives the same file out.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

OUT = Path(__file__).resolve().parents[1] / "src" / "linli" / "faces" / "fonts" / "linli-sans.otf"
FAMILY = "Noto Sans CJK SC"


def characters() -> set[int]:
    """Latin, kana, punctuation, and the 6,763 ideographs of GB 2312."""
    found = {*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2027), *range(0x3000, 0x3100), 0x20AC}
    found |= {*range(0xFF01, 0xFF5F), *range(0x2460, 0x2474), 0x2190, 0x2191, 0x2192, 0x2193, 0x25A0, 0x25CF}
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes([high, low]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def main() -> int:
    if len(sys.argv) != 2:
        sys.stderr.write(__doc__ or "")
        return 2
    faces: list[TTFont] = TTCollection(sys.argv[1]).fonts
    font = next(face for face in faces if face["name"].getDebugName(1) == FAMILY)
    options = subset.Options(
        layout_features=["kern"], hinting=False, desubroutinize=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
        notdef_outline=True, recalc_timestamp=False,
    )  # fmt: skip
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters())
    cutter.subset(font)
    subset.save_font(font, str(OUT), options)
    sys.stdout.write(f"{OUT.name}: {OUT.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
