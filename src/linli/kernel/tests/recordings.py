"""Small recordings for tests, written byte by byte from the standards, with canaries in every place for metadata."""

from __future__ import annotations

import io
import math
import struct
import wave

CANARY = b"CANARY+26.6470+106.6302/"


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def _full(kind: bytes, *parts: bytes) -> bytes:
    return box(kind, bytes(4), *parts)


def mp4(
    handlers: tuple[bytes, ...] = (b"vide", b"soun"), *, seconds: int = 5, brand: bytes = b"isom"
) -> bytes:
    date = (3_900_000_000).to_bytes(4, "big")
    movie_head = _full(b"mvhd", date, date, struct.pack(">II", 1000, seconds * 1000), bytes(80))
    tracks = b"".join(_track(number, handler, date) for number, handler in enumerate(handlers, 1))
    told = box(b"udta", box(b"\xa9xyz", CANARY)) + _full(b"meta", CANARY)
    return b"".join(
        (
            box(b"ftyp", brand, bytes(4), brand),
            box(b"free", CANARY),
            box(b"moov", movie_head, tracks, told),
            box(b"mdat", b"samples" * 10),
            box(b"uuid", bytes(16), CANARY),
        )
    )


def _track(number: int, handler: bytes, date: bytes) -> bytes:
    size = struct.pack(">HHHH", 640, 0, 360, 0) if handler == b"vide" else bytes(8)
    return box(
        b"trak",
        _full(b"tkhd", date, date, struct.pack(">III", number, 0, 5000), bytes(52), size),
        box(
            b"mdia",
            _full(b"mdhd", date, date, struct.pack(">II", 1000, 5000), bytes(4)),
            _full(b"hdlr", bytes(4), handler, bytes(12), CANARY + b"\x00"),
        ),
        box(b"udta", box(b"name", CANARY)),
    )


def fragmented_mp4(fragments: int = 3) -> bytes:
    """Each fragment holds 50 samples of 20 ms."""
    date = bytes(4)
    moov = box(
        b"moov", _full(b"mvhd", date, date, struct.pack(">II", 1000, 0), bytes(80)), _track(1, b"soun", date)
    )
    whole = box(b"ftyp", b"iso5", bytes(4), b"iso5") + moov
    for number in range(fragments):
        traf = box(
            b"traf",
            box(b"tfhd", b"\x00\x00\x00\x08", struct.pack(">II", 1, 20)),
            _full(b"tfdt", (number * 1000).to_bytes(4, "big")),
            box(b"trun", b"\x00\x00\x00\x01", struct.pack(">II", 50, 0)),
        )
        whole += box(b"moof", traf) + box(b"mdat", b"samples")
    return whole


def element(kind: int, body: bytes) -> bytes:
    head = kind.to_bytes((kind.bit_length() + 7) // 8, "big")
    return head + (len(body) | 1 << 56).to_bytes(8, "big") + body


def webm(*, video: bool = True, live: bool = False, doc_type: bytes = b"webm") -> bytes:
    """Three clusters of one second."""
    info = (
        element(0x2AD7B1, (1_000_000).to_bytes(3, "big")) + element(0x7BA9, CANARY) + element(0x5741, CANARY)
    )
    info += element(0x4461, bytes(8)) + (b"" if live else element(0x4489, struct.pack(">d", 3000.0)))
    sound = element(0xAE, element(0xD7, b"\x02") + element(0x83, b"\x02") + element(0x536E, CANARY))
    picture = element(0xE0, element(0xB0, b"\x02\x80") + element(0xBA, b"\x01\x68"))
    film = element(0xAE, element(0xD7, b"\x01") + element(0x83, b"\x01") + picture) if video else b""
    clusters = b"".join(_cluster(second, live) for second in range(3))
    tags = element(0x1254C367, element(0x7373, CANARY))
    body = element(0x1549A966, info) + element(0x1654AE6B, film + sound) + clusters + tags
    head = element(0x1A45DFA3, element(0x4282, doc_type))
    return head + (b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + body if live else element(0x18538067, body))


def _cluster(second: int, live: bool) -> bytes:
    body = element(0xE7, (second * 1000).to_bytes(2, "big"))
    body += element(0xA3, b"\x81" + (980).to_bytes(2, "big") + b"\x80sound")
    return b"\x1f\x43\xb6\x75\x01" + b"\xff" * 7 + body if live else element(0x1F43B675, body)


def ogg_crc(page: bytes) -> int:
    """Bit by bit as RFC 3533 writes it, to check the fast one."""
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = ((crc << 1) ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    return crc


def ogg_page(flags: int, position: int, number: int, packets: list[bytes], *, serial: int = 7) -> bytes:
    lacing = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    head = b"OggS\x00" + bytes([flags]) + struct.pack("<qII", position, serial, number)
    rest = bytes([len(lacing)]) + lacing + b"".join(packets)
    return head + struct.pack("<I", ogg_crc(head + bytes(4) + rest)) + rest


def opus(*, comment: bytes = CANARY, seconds: int = 2) -> bytes:
    head = b"OpusHead\x01\x01" + struct.pack("<HIhB", 312, 48000, 0, 0)
    note = struct.pack("<I", len(comment)) + comment
    tags = b"OpusTags" + struct.pack("<I", 6) + b"CANARY" + struct.pack("<I", 1) + note
    sound = [ogg_page(0, 48000 * n + 312, 1 + n, [b"sound" * 20] * 5) for n in range(1, seconds)]
    last = ogg_page(4, 48000 * seconds + 312, 1 + seconds, [b"sound" * 20] * 5)
    return ogg_page(2, 0, 0, [head]) + ogg_page(0, 0, 1, [tags]) + b"".join(sound) + last


def vorbis() -> bytes:
    head = b"\x01vorbis" + struct.pack("<IBIiiiBB", 0, 1, 44100, 0, 0, 0, 0xB8, 1)
    comments = (
        b"\x03vorbis"
        + struct.pack("<I", 6)
        + b"CANARY"
        + struct.pack("<II", 1, len(CANARY))
        + CANARY
        + b"\x01"
    )
    pages = [
        ogg_page(2, 0, 0, [head]),
        ogg_page(0, 0, 1, [comments, b"\x05vorbis" + b"setup" * 100]),
        ogg_page(4, 88200, 2, [b"sound"]),
    ]
    return b"".join(pages)


def wav(*, seconds: float = 1.5) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        samples = (int(9000 * math.sin(n / 3)) for n in range(int(8000 * seconds)))
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    data = out.getvalue()
    note = b"LIST" + struct.pack("<I", len(CANARY)) + CANARY
    return data[:12] + note + data[12:] + note


def mp3(*, frames: int = 50) -> bytes:
    frame = b"\xff\xfb\x90\x00" + bytes(413)  # 128 kbit/s, 44.1 kHz: 417 bytes
    tag = b"ID3\x04\x00\x00" + bytes([0, 0, 0, len(CANARY)]) + CANARY
    ape = b"APETAGEX" + struct.pack("<IIII", 2000, 32, 0, 0) + bytes(8)
    return tag + frame * frames + ape + b"TAG" + CANARY.ljust(125, b"\x00")


def aac(*, frames: int = 50) -> bytes:
    size = 107
    head = bytes([0xFF, 0xF1, 0x50, 0x40 | size >> 11, size >> 3 & 0xFF, (size & 7) << 5 | 0x1F, 0xFC])
    return (head + bytes(size - 7)) * frames


def amr(*, frames: int = 50) -> bytes:
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * frames
