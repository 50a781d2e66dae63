"""WebM, as browsers record it: checked element by element, measured, and wiped of tags.

Tags, attachments, chapters, titles, dates and track names become empty space of the same length; the names of
the recording programs are overwritten. What a recorder writes into the coded frames stays.
"""

from __future__ import annotations

import math
import struct
from typing import NamedTuple

from linli.kernel.media.movie import Film
from linli.kernel.media.refusal import MediaRefused

EBML, SEGMENT, DOC_TYPE = 0x1A45DFA3, 0x18538067, 0x4282
INFO, TRACKS, CLUSTER = 0x1549A966, 0x1654AE6B, 0x1F43B675
TRACK, VIDEO = 0xAE, 0xE0
SCALE, DURATION, TIMECODE, BLOCK_GROUP = 0x2AD7B1, 0x4489, 0xE7, 0xA0
BLOCKS = frozenset({0xA3, 0xA1})
TRACK_TYPE, PIXEL_WIDTH, PIXEL_HEIGHT = 0x83, 0xB0, 0xBA
VOID, CRC = 0xEC, 0xBF
# Tags, attachments, chapters · title, date, file names · track name · empty space · checksums.
WIPED = frozenset(
    {0x1254C367, 0x1941A469, 0x1043A770, 0x7BA9, 0x4461, 0x7384, 0x3C83AB, 0x3E83BB, 0x536E, VOID, CRC}
)
PROGRAMS = frozenset({0x4D80, 0x5741})
ENTERED = frozenset({SEGMENT, INFO, TRACKS, TRACK, VIDEO, CLUSTER, BLOCK_GROUP})
NANOSECONDS = 1_000_000_000


class Element(NamedTuple):
    """An element: its id, where it begins, its content begins and ends (None: size not known)."""

    kind: int
    start: int
    body: int
    end: int | None


class _Found:
    def __init__(self) -> None:
        self.doc_type = b""
        self.scale = 1_000_000
        self.duration = 0.0
        self.cluster = 0
        self.last = 0
        self.types: set[int] = set()
        self.width = 0
        self.height = 0


def read(source: bytes) -> Film:
    """Check, measure and wipe one file.

    :raises MediaRefused: `broken` where elements do not fill the file, `unknown_type` for other Matroska
        files.
    """
    data = bytearray(source)
    found = _Found()
    place = 0
    while place < len(data):
        element = _element(data, place)
        # Going through the children of a container is the same as going past its head.
        place = element.body if element.kind in ENTERED or element.end is None else element.end
        if element.kind == EBML:
            found.doc_type = _doc_type(data, element)
        elif element.kind in WIPED:
            _wipe(data, element)
        else:
            _note(data, element, found)
    if found.doc_type != b"webm":
        raise MediaRefused("unknown_type")
    if not found.types & {1, 2}:
        raise MediaRefused("broken")
    return _film(bytes(data), found)


def _film(data: bytes, found: _Found) -> Film:
    is_video = 1 in found.types
    units = max(found.duration, float(found.last))
    return Film(
        data=data,
        kind="video" if is_video else "voice",
        seconds=units * found.scale / NANOSECONDS or None,
        width=found.width or None,
        height=found.height or None,
        wiped=True,
        extension="webm" if is_video else "weba",
        content_type="video/webm" if is_video else "audio/webm",
    )


def _element(data: bytearray, place: int) -> Element:
    kind, after = _number(data, place, keep_marker=True)
    size, body = _number(data, after, keep_marker=False)
    unknown = size == (1 << (7 * (body - after))) - 1
    if unknown:
        if kind not in {SEGMENT, CLUSTER}:
            raise MediaRefused("broken")
        return Element(kind, place, body, None)
    if body + size > len(data):
        raise MediaRefused("broken")
    return Element(kind, place, body, body + size)


def _number(data: bytearray, place: int, *, keep_marker: bool) -> tuple[int, int]:
    """A variable-length number (RFC 8794) and the place after it."""
    if place >= len(data) or not data[place]:
        raise MediaRefused("broken")
    length = 9 - data[place].bit_length()
    if place + length > len(data):
        raise MediaRefused("broken")
    value = int.from_bytes(data[place : place + length], "big")
    return (value if keep_marker else value & ((1 << (7 * length)) - 1)), place + length


def _doc_type(data: bytearray, head: Element) -> bytes:
    place = head.body
    while head.end is not None and place < head.end:
        element = _element(data, place)
        if element.end is None or element.end > head.end:
            raise MediaRefused("broken")
        if element.kind == DOC_TYPE:
            return bytes(data[element.body : element.end]).rstrip(b"\x00")
        place = element.end
    return b""


def _wipe(data: bytearray, element: Element) -> None:
    """Make it a Void element of the same length."""
    if element.end is None:
        raise MediaRefused("broken")
    length = element.end - element.start
    size = 8 if length >= 9 else 1
    marked = (length - 1 - size) | (1 << (7 * size))
    data[element.start : element.end] = (
        bytes([VOID]) + marked.to_bytes(size, "big") + bytes(length - 1 - size)
    )


def _note(data: bytearray, element: Element, found: _Found) -> None:
    if element.end is None or element.kind in ENTERED:
        return
    body = data[element.body : element.end]
    if element.kind in PROGRAMS:
        data[element.body : element.end] = b"-" * len(body)
    elif element.kind == DURATION and len(body) in {4, 8}:
        (units,) = struct.unpack(">f" if len(body) == 4 else ">d", bytes(body))
        found.duration = units if math.isfinite(units) and units > 0 else 0.0
    elif element.kind in BLOCKS and len(body) > 3:
        # track number (one byte for the first 127 tracks), then the time within the cluster
        found.last = max(found.last, found.cluster + int.from_bytes(body[1:3], "big", signed=True))
    elif len(body) <= 8:
        _note_number(int.from_bytes(body, "big"), element.kind, found)


def _note_number(value: int, kind: int, found: _Found) -> None:
    if kind == SCALE:
        found.scale = value
    elif kind == TIMECODE:
        found.cluster = value
        found.last = max(found.last, value)
    elif kind == TRACK_TYPE:
        found.types.add(value)
    elif kind == PIXEL_WIDTH:
        found.width = value
    elif kind == PIXEL_HEIGHT:
        found.height = value
