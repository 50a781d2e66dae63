"""Recorded voices in simple formats: walked frame by frame, measured, and written anew without their tags."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from linli.kernel.media import ogg
from linli.kernel.media.refusal import MediaRefused

# A file may end in a cut frame or carry a strange tag, but most of it must be sound.
LEAST_SOUND = 0.9


@dataclass(frozen=True, slots=True)
class Sound:
    """A checked recording without tags; seconds None where the file does not say."""

    data: bytes
    seconds: float | None
    extension: str
    content_type: str


class _Frame(NamedTuple):
    size: int
    seconds: float


_MPEG_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_MPEG1_LAYER3 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG1_LAYER2 = (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384)
_MPEG2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_AMR_SIZES = (12, 13, 15, 17, 19, 20, 26, 31, 5)
_AMR_WIDE_SIZES = (17, 23, 32, 36, 40, 46, 50, 58, 60, 5)
_NOTHING_SIZE = 15  # an AMR frame in which nothing was sent


def read(data: bytes, kind: str) -> Sound:
    """Check, measure and write anew.

    :param kind: wav mp3 aac amr ogg, as `sniff.recognise` names them.
    :raises MediaRefused: `broken`, or `unknown_type` for what a container may hold besides voices.
    """
    return _READERS[kind](data)


def _wav(data: bytes) -> Sound:
    format_chunk, samples = b"", b""
    place = 12
    while place + 8 <= len(data) and not samples:
        name, size = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "little")
        body = data[place + 8 : place + 8 + size]
        if name == b"fmt ":
            format_chunk = body
        elif name == b"data":
            # Recorders that cannot go back leave 0 or -1 as the size.
            samples = data[place + 8 :] if size in {0, 0xFFFFFFFF} else body
            if size not in {0, 0xFFFFFFFF} and len(body) < size:
                raise MediaRefused("broken")
        place += 8 + size + size % 2
    bytes_per_second = int.from_bytes(format_chunk[8:12], "little")
    if len(format_chunk) < 16 or not samples or not bytes_per_second:
        raise MediaRefused("broken")
    chunks = _chunk(b"fmt ", format_chunk) + _chunk(b"data", samples)
    clean = b"RIFF" + (4 + len(chunks)).to_bytes(4, "little") + b"WAVE" + chunks
    return Sound(clean, len(samples) / bytes_per_second, "wav", "audio/wav")


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + len(body).to_bytes(4, "little") + body + b"\x00" * (len(body) % 2)


def _mp3(data: bytes) -> Sound:
    start = 0
    while data[start : start + 3] == b"ID3" and len(data) >= start + 10:
        size = sum(
            (byte & 0x7F) << shift
            for byte, shift in zip(data[start + 6 : start + 10], (21, 14, 7, 0), strict=True)
        )
        start += 10 + size + (10 if data[start + 5] & 0x10 else 0)
    return _framed(data, start, _mpeg_frame, "mp3", "audio/mpeg", tail=_mp3_tail(data))


def _mp3_tail(data: bytes) -> int:
    """How many bytes of tags stand at the end (ID3v1, APE)."""
    tail = 128 if data[-128:-125] == b"TAG" else 0
    footer = data[len(data) - tail - 32 : len(data) - tail]
    if footer[:8] == b"APETAGEX":
        has_header = footer[23] & 0x80
        tail += int.from_bytes(footer[12:16], "little") + (32 if has_header else 0)
    return tail


def _aac(data: bytes) -> Sound:
    return _framed(data, 0, _adts_frame, "aac", "audio/aac")


def _amr(data: bytes) -> Sound:
    wide = data.startswith(b"#!AMR-WB\n")
    sizes = _AMR_WIDE_SIZES if wide else _AMR_SIZES
    head = 9 if wide else 6

    def frame(data: bytes, place: int) -> _Frame | None:
        mode = data[place] >> 3 & 0x0F
        if data[place] & 0x83 or (mode >= len(sizes) and mode != _NOTHING_SIZE):
            return None
        return _Frame(1 + (0 if mode == _NOTHING_SIZE else sizes[mode]), 0.02)

    sound = _framed(data, head, frame, "amr", "audio/amr-wb" if wide else "audio/amr")
    return Sound(data[:head] + sound.data, sound.seconds, sound.extension, sound.content_type)


def _framed(
    data: bytes,
    start: int,
    frame: Callable[[bytes, int], _Frame | None],
    extension: str,
    content_type: str,
    tail: int = 0,
) -> Sound:
    """Keep the unbroken row of frames from `start`, drop what follows it."""
    place, seconds, frames = start, 0.0, 0
    end = len(data) - tail
    while place < end:
        found = frame(data, place)
        if found is None or place + found.size > end:
            break
        place += found.size
        seconds += found.seconds
        frames += 1
    if frames < 3 or place - start < LEAST_SOUND * (end - start):
        raise MediaRefused("broken")
    return Sound(data[start:place], seconds, extension, content_type)


def _mpeg_frame(data: bytes, place: int) -> _Frame | None:
    """A layer II or III frame (ISO/IEC 11172-3, 13818-3)."""
    head = int.from_bytes(data[place : place + 4], "big")
    version, layer = head >> 19 & 3, head >> 17 & 3
    bitrate_index, rate_index, padding = head >> 12 & 15, head >> 10 & 3, head >> 9 & 1
    if (
        head >> 21 != 0x7FF
        or version == 1
        or layer not in {1, 2}
        or bitrate_index in {0, 15}
        or rate_index == 3
    ):
        return None
    table = _MPEG2 if version != 3 else (_MPEG1_LAYER3 if layer == 1 else _MPEG1_LAYER2)
    rate = _MPEG_RATES[version][rate_index]
    samples = 576 if layer == 1 and version != 3 else 1152
    return _Frame(samples // 8 * table[bitrate_index] * 1000 // rate + padding, samples / rate)


def _adts_frame(data: bytes, place: int) -> _Frame | None:
    """An AAC frame with its own header (ISO/IEC 13818-7)."""
    head = data[place : place + 7]
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return None
    rate_index = head[2] >> 2 & 15
    size = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    if rate_index >= len(_AAC_RATES) or size < 7:
        return None
    blocks = 1 + (head[6] & 3)
    return _Frame(size, 1024 * blocks / _AAC_RATES[rate_index])


def _ogg(data: bytes) -> Sound:
    clean, seconds = ogg.read(data)
    return Sound(clean, seconds, "ogg", "audio/ogg")


_READERS: dict[str, Callable[[bytes], Sound]] = {
    "wav": _wav,
    "mp3": _mp3,
    "aac": _aac,
    "amr": _amr,
    "ogg": _ogg,
}
