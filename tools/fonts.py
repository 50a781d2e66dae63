"""Cuts the faces of pictures (faces/cards.py) and papers (faces/paper.py) out of Noto Sans CJK: what Chinese pages hold,
and no more.

    python tools/fonts.py NotoSansCJK-Bold.ttc NotoSansCJK-Regular.ttc

Needs fonttools, which is no dependency of the project: the results are checked in. The same files in
give the same files out.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, newTable

FOLDER = Path(__file__).resolve().parents[1] / "src" / "linli" / "faces" / "fonts"
FAMILY = "Noto Sans CJK SC"
#: What the table `maxp` of outlines in TrueType says beside what is counted anew; there is no program in the glyphs.
NO_PROGRAMS = (
    "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
    "maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours", "maxCompositePoints",
    "maxCompositeContours", "maxComponentDepth",
)  # fmt: skip


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


def options(**more: object) -> subset.Options:
    """What is kept of a face: names, outlines, no hints; the time it was made."""
    return subset.Options(
        hinting=False, desubroutinize=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True,
        recalc_timestamp=False, **more,
    )  # fmt: skip


def cut(collection: str, options: subset.Options) -> TTFont:
    """The face of Chinese in a collection, with those characters alone."""
    font = next(face for face in TTCollection(collection).fonts if face["name"].getDebugName(1) == FAMILY)
    font.recalcTimestamp = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters())
    cutter.subset(font)
    return font


def with_quadratic_outlines(font: TTFont) -> TTFont:
    """The same face in TrueType's outlines, which a PDF can carry in part; off by 1/1000 em at most."""
    order, drawn = font.getGlyphOrder(), font.getGlyphSet()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphs, font["glyf"].glyphOrder = glyphs, order
    font["maxp"].tableVersion, font["maxp"].maxZones = 0x00010000, 1
    for name in NO_PROGRAMS:
        setattr(font["maxp"], name, 0)
    font["post"].formatType, font["post"].extraNames, font["post"].mapping = 3.0, [], {}
    del font["CFF "]
    font.sfntVersion = "\x00\x01\x00\x00"
    return font


def main() -> int:
    if len(sys.argv) != 3:
        sys.stderr.write(__doc__ or "")
        return 2
    bold, regular = sys.argv[1:]
    for_pictures = options(layout_features=["kern"])
    for_papers = options(layout_features=[], drop_tables=["BASE", "GPOS", "GSUB", "VORG", "vhea", "vmtx"])
    for name, font, how in (
        ("linli-sans.otf", cut(bold, for_pictures), for_pictures),
        ("linli-sans.ttf", with_quadratic_outlines(cut(regular, for_papers)), for_papers),
    ):
        subset.save_font(font, str(FOLDER / name), how)
        sys.stdout.write(f"{name}: {(FOLDER / name).stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
