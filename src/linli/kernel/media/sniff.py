"""What a file is, by its bytes alone; its name is never believed."""

from __future__ import annotations

import io
import re
import zipfile

HEIC_BRANDS = frozenset("heic heix heim heis hevc hevx hevm hevs mif1 msf1 avif avis".split())
FILM_BRANDS = frozenset(
    "isom iso2 iso3 iso4 iso5 iso6 mp41 mp42 mp4v avc1 qt M4A M4B M4V MSNV f4v dash".split()
)
# Beginnings of other kinds of files inside a picture or a sound: archives, documents, pages, scripts. All are
# long enough that compressed data does not hold them by chance.
_STRANGERS = re.compile(
    rb"%PDF-[12]\.|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|<\?php"
    rb"|(?i:<script[\s>]|<!doctype html|<html[\s>]|<iframe[\s>]|<svg[\s>]|javascript:)"
)
_GIF_SCRIPT = re.compile(rb"GIF8[79]a\s*(?:/\*|=|//)")


def recognise(data: bytes) -> str | None:
    """The type, None for any other file.

    One of jpeg png gif webp heic · wav mp3 aac amr ogg · isom (mp4, m4a, mov, 3gp) webm · pdf.
    """
    for name, mark in (
        ("jpeg", b"\xff\xd8\xff"),
        ("png", b"\x89PNG\r\n\x1a\n"),
        ("gif", b"GIF87a"),
        ("gif", b"GIF89a"),
        ("ogg", b"OggS\x00"),
        ("amr", b"#!AMR\n"),
        ("amr", b"#!AMR-WB\n"),
        ("webm", b"\x1aE\xdf\xa3"),
        ("mp3", b"ID3"),
        ("pdf", b"%PDF-"),
    ):
        if data.startswith(mark):
            return name
    if data.startswith(b"RIFF"):
        return {b"WEBP": "webp", b"WAVE": "wav"}.get(data[8:12])
    return _brand(data) or _frames(data)


def hides_another_file(data: bytes) -> bool:
    """Whether another program would read this as an archive, a document, a page or a script."""
    return (
        _STRANGERS.search(data) is not None
        or _GIF_SCRIPT.match(data) is not None
        or zipfile.is_zipfile(io.BytesIO(data))
    )


def _brand(data: bytes) -> str | None:
    if data[4:8] != b"ftyp":
        return None
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[place : place + 4].decode("latin-1").strip() for place in (8, *range(16, length, 4))}
    major = data[8:12].decode("latin-1").strip()
    if major in HEIC_BRANDS:
        return "heic"
    return (
        "isom"
        if brands & FILM_BRANDS or major.startswith("3g")
        else ("heic" if brands & HEIC_BRANDS else None)
    )


def _frames(data: bytes) -> str | None:
    if len(data) < 2 or data[0] != 0xFF:
        return None
    if data[1] & 0xF6 == 0xF0:
        return "aac"
    return "mp3" if data[1] & 0xE0 == 0xE0 and data[1] & 0x06 == 0x02 else None
