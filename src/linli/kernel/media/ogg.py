"""Ogg (RFC 3533) with Opus (RFC 7845) or Vorbis inside: every page checked, the comments emptied."""

from __future__ import annotations

import zlib
from typing import NamedTuple

from linli.kernel.media.refusal import MediaRefused

OPUS_RATE = 48_000
CONTINUED, FIRST, LAST = 1, 2, 4
NO_POSITION = 0xFFFFFFFFFFFFFFFF
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_VENDOR = b"linli"
_EMPTY_COMMENTS = len(_VENDOR).to_bytes(4, "little") + _VENDOR + bytes(4)


class Page(NamedTuple):
    """A page: its flags, position of its last finished sample, and how its body falls into segments."""

    flags: int
    position: int
    serial: int
    segments: bytes
    body: bytes


def read(data: bytes) -> tuple[bytes, float | None]:
    """The file without comments, and its seconds.

    :raises MediaRefused: `broken` for a damaged page; `unknown_type` for anything but one Opus or Vorbis
        stream.
    """
    pages = _pages(data)
    if len({page.serial for page in pages}) != 1 or not pages[0].flags & FIRST:
        raise MediaRefused("unknown_type")
    first = pages[0].body
    if first.startswith(b"OpusHead") and len(first) >= 19:
        headers, rate, skip = 1, OPUS_RATE, int.from_bytes(first[10:12], "little")
        comment = b"OpusTags" + _EMPTY_COMMENTS
    elif first.startswith(b"\x01vorbis") and len(first) >= 30:
        headers, rate, skip = 2, int.from_bytes(first[12:16], "little"), 0
        comment = b"\x03vorbis" + _EMPTY_COMMENTS + b"\x01"
    else:
        raise MediaRefused("unknown_type")
    packets, sound = _packets(pages[1:], headers)
    clean = [pages[0], *_paged([comment, *packets[1:]], pages[0].serial), *sound]
    ends = [page.position for page in sound if page.position != NO_POSITION]
    seconds = max(0, ends[-1] - skip) / rate if ends and rate else None
    return b"".join(_written(page, number) for number, page in enumerate(clean)), seconds


def _pages(data: bytes) -> list[Page]:
    pages: list[Page] = []
    place = 0
    while place < len(data):
        count = data[place + 26] if place + 27 <= len(data) else 0
        segments = data[place + 27 : place + 27 + count]
        start, end = place + 27 + count, place + 27 + count + sum(segments)
        if data[place : place + 5] != b"OggS\x00" or len(segments) != count or end > len(data):
            raise MediaRefused("broken")
        head = data[place : place + 22] + bytes(4) + data[place + 26 : start]
        if _checksum(head + data[start:end]) != int.from_bytes(data[place + 22 : place + 26], "little"):
            raise MediaRefused("broken")
        position, serial = (
            int.from_bytes(data[place + a : place + b], "little") for a, b in ((6, 14), (14, 18))
        )
        pages.append(Page(data[place + 5], position, serial, segments, data[start:end]))
        place = end
    if len(pages) < 3:
        raise MediaRefused("broken")
    return pages


def _packets(pages: list[Page], count: int) -> tuple[list[bytes], list[Page]]:
    """The next `count` packets, which end with a page, and the pages after them."""
    packets, open_packet = [], b""
    for number, page in enumerate(pages):
        place = 0
        for size in page.segments:
            open_packet += page.body[place : place + size]
            place += size
            if size < 255:
                packets.append(open_packet)
                open_packet = b""
        if len(packets) == count and not open_packet:
            return packets, pages[number + 1 :]
        if len(packets) >= count:
            break
    raise MediaRefused("broken")


def _paged(packets: list[bytes], serial: int) -> list[Page]:
    """The packets on as few pages as they need."""
    lengths: list[int] = []
    for packet in packets:
        lengths += [255] * (len(packet) // 255) + [len(packet) % 255]
    body = b"".join(packets)
    pages: list[Page] = []
    place = 0
    for start in range(0, len(lengths), 255):
        segments = lengths[start : start + 255]
        continued = CONTINUED if start and lengths[start - 1] == 255 else 0
        position = 0 if any(size < 255 for size in segments) else NO_POSITION
        pages.append(Page(continued, position, serial, bytes(segments), body[place : place + sum(segments)]))
        place += sum(segments)
    return pages


def _written(page: Page, number: int) -> bytes:
    head = b"OggS\x00" + bytes([page.flags]) + page.position.to_bytes(8, "little")
    head += page.serial.to_bytes(4, "little") + number.to_bytes(4, "little")
    rest = bytes([len(page.segments)]) + page.segments + page.body
    checksum = _checksum(head + bytes(4) + rest)
    return head + checksum.to_bytes(4, "little") + rest


def _checksum(page: bytes) -> int:
    """Ogg's CRC-32 runs the other way round than zlib's: reverse the bits of each byte, and of the result."""
    crc = zlib.crc32(page.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{crc:032b}"[::-1], 2)
