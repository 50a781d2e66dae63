"""The MP4 family (ISO/IEC 14496-12; also m4a, mov, 3gp): checked box by box, measured, and wiped of metadata.

Wiped in place, so that no offset moves: user data (where phones put the GPS position), metadata and private
boxes, free space, dates, and handler names. Not wiped, because it lies inside the samples: what a camera
writes into the coded picture itself, and tracks of timed metadata; those are reported by `Film.wiped`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from linli.kernel.media.refusal import MediaRefused

CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"edts", b"mvex", b"moof", b"traf"})
METADATA = frozenset({b"udta", b"meta", b"uuid", b"free", b"skip", b"wide", b"XMP_", b"pnot", b"PICT"})
TOP_LEVEL = METADATA | frozenset(
    {
        b"ftyp",
        b"moov",
        b"mdat",
        b"moof",
        b"mfra",
        b"sidx",
        b"styp",
        b"ssix",
        b"prft",
        b"emsg",
        b"pdin",
        b"imda",
    }
)
MEDIA_HANDLERS = frozenset({b"vide", b"soun"})
DEEPEST = 6


class Box(NamedTuple):
    """A box: its type, where it begins, where its content begins and ends."""

    kind: bytes
    start: int
    body: int
    end: int


@dataclass(frozen=True, slots=True)
class Film:
    """A checked file; `kind` is video or voice, seconds None where the file does not say."""

    data: bytes
    kind: str
    seconds: float | None
    width: int | None
    height: int | None
    wiped: bool
    extension: str
    content_type: str


def read(source: bytes) -> Film:
    """Check, measure and wipe one file.

    :raises MediaRefused: `broken` where boxes do not fill the file or nothing plays; `hidden_content` for
        foreign bytes between the boxes.
    """
    data = bytearray(source)
    top = list(_boxes(data, 0, len(data)))
    if any(box.kind not in TOP_LEVEL for box in top):
        raise MediaRefused("hidden_content")
    if not any(box.kind == b"moov" for box in top) or not any(
        box.kind in {b"mdat", b"moof", b"imda"} for box in top
    ):
        raise MediaRefused("broken")
    found = _Found()
    for box in top:
        _visit(data, box, found, 0)
    if not found.handlers & MEDIA_HANDLERS:
        raise MediaRefused("broken")
    return _film(bytes(data), found)


class _Found:
    """What the visit has seen so far."""

    def __init__(self) -> None:
        self.handlers: set[bytes] = set()
        self.seconds = 0.0
        self.sizes: list[tuple[int, int]] = []
        self.track = 0
        self.scales: dict[int, int] = {}
        self.sample_units = 0
        self.start = 0


def _film(data: bytes, found: _Found) -> Film:
    is_video = b"vide" in found.handlers
    width, height = max(found.sizes, default=(0, 0)) if is_video else (0, 0)
    is_quicktime = data[8:12] == b"qt  "
    extension = ("mov" if is_quicktime else "mp4") if is_video else "m4a"
    content_type = {"mov": "video/quicktime", "mp4": "video/mp4", "m4a": "audio/mp4"}[extension]
    return Film(
        data=data,
        kind="video" if is_video else "voice",
        seconds=found.seconds or None,
        width=width or None,
        height=height or None,
        wiped=not found.handlers - MEDIA_HANDLERS,
        extension=extension,
        content_type=content_type,
    )


def _boxes(data: bytearray, start: int, end: int) -> Iterator[Box]:
    while start < end:
        if end - start < 8:
            raise MediaRefused("broken")
        size, kind, head = (
            int.from_bytes(data[start : start + 4], "big"),
            bytes(data[start + 4 : start + 8]),
            8,
        )
        if size == 1:
            size, head = int.from_bytes(data[start + 8 : start + 16], "big"), 16
        elif size == 0:
            size = end - start
        if size < head or start + size > end:
            raise MediaRefused("broken")
        yield Box(kind, start, start + head, start + size)
        start += size


def _visit(data: bytearray, box: Box, found: _Found, depth: int) -> None:
    if box.kind in METADATA:
        data[box.start + 4 : box.start + 8] = b"free"
        data[box.body : box.end] = bytes(box.end - box.body)
    elif box.kind in {b"mvhd", b"tkhd", b"mdhd"}:
        _header(data, box, found)
    elif box.kind in {b"tfhd", b"tfdt", b"trun"}:
        _fragment(memoryview(data)[box.body : box.end], box.kind, found)
    elif box.kind == b"hdlr" and box.end - box.body >= 12:
        found.handlers.add(bytes(data[box.body + 8 : box.body + 12]))
        data[box.body + 24 : box.end] = bytes(max(0, box.end - box.body - 24))
    elif box.kind in CONTAINERS and depth < DEEPEST:
        for inner in _boxes(data, box.body, box.end):
            _visit(data, inner, found, depth + 1)


def _header(data: bytearray, box: Box, found: _Found) -> None:
    """Forget when it was made; note how long and how large it is."""
    wide = data[box.body] == 1
    size = 8 if wide else 4
    if box.end - box.body < 8 + 3 * size:
        raise MediaRefused("broken")
    after_dates = box.body + 4 + 2 * size
    data[box.body + 4 : after_dates] = bytes(2 * size)
    first = int.from_bytes(data[after_dates : after_dates + 4], "big")
    if box.kind == b"mvhd":
        length = int.from_bytes(data[after_dates + 4 : after_dates + 4 + size], "big")
        unknown = length == (1 << (8 * size)) - 1
        found.seconds = 0.0 if unknown or not first else length / first
    elif box.kind == b"mdhd":
        found.scales[found.track] = first
    else:
        found.track = first
        width, height = (int.from_bytes(data[box.end - back : box.end - back + 2], "big") for back in (8, 4))
        found.sizes.append((width, height))


def _fragment(body: memoryview, kind: bytes, found: _Found) -> None:
    """Recorders that write as they go say only in the fragments how long it is."""
    flags = _number(body, 0, 4) & 0xFFFFFF
    if kind == b"tfhd":
        found.track, found.start, found.sample_units = _number(body, 4, 4), 0, 0
        place = 8 + (8 if flags & 1 else 0) + (4 if flags & 2 else 0)
        if flags & 8:
            found.sample_units = _number(body, place, 4)
    elif kind == b"tfdt":
        found.start = _number(body, 4, 8 if body[0] == 1 else 4)
    else:
        found.start += _run_units(body, flags, found.sample_units)
        scale = found.scales.get(found.track) or 0
        found.seconds = max(found.seconds, found.start / scale if scale else 0)


def _run_units(body: memoryview, flags: int, default: int) -> int:
    """The length of a run of samples, in units of its track."""
    count = _number(body, 4, 4)
    if not flags & 0x100:
        return count * default
    start = 8 + (4 if flags & 1 else 0) + (4 if flags & 4 else 0)
    step = 4 * (flags >> 8 & 0xF).bit_count()
    if start + count * step > len(body):
        raise MediaRefused("broken")
    return sum(_number(body, start + step * place, 4) for place in range(count))


def _number(body: memoryview, place: int, size: int) -> int:
    if place + size > len(body):
        raise MediaRefused("broken")
    return int.from_bytes(body[place : place + size], "big")
