"""Pictures, voice notes, short films and documents that people send: recognised by content, cleaned, measured, kept
safely.

`accept` is the one way in. Names given by people are neither used nor kept. Pictures are opened in a bounded
process and written anew; sounds and films are checked frame by frame or box by box and lose their tags;
documents are taken only where a purpose wants them, and only those that do nothing by themselves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from linli.kernel.media import movie, pdf, pictures, sniff, sound, webm
from linli.kernel.media.refusal import CODES, MediaRefused, mega
from linli.kernel.media.storage import (
    DurableStorage,
    MediaMissing,
    content_type,
    keep,
    open_media,
    remove,
    store,
    sweep_orphans,
)

__all__ = [
    "CODES",
    "LIMITS",
    "PURPOSES",
    "DurableStorage",
    "Limit",
    "MediaMissing",
    "MediaRefused",
    "Stored",
    "accept",
    "content_type",
    "keep",
    "mega",
    "open_media",
    "remove",
    "sweep_orphans",
]


@dataclass(frozen=True, slots=True)
class Limit:
    """The most of one kind: bytes as sent, and seconds where it plays."""

    max_bytes: int
    max_seconds: int | None = None


LIMITS: Mapping[str, Limit] = {
    "picture": Limit(10_000_000),
    "voice": Limit(10_000_000, 300),
    "video": Limit(30_000_000, 120),
    "document": Limit(10_000_000),
}
# More bytes a second than any recorder writes for a voice (96 kHz, two channels of 32 bits): such a file plays
# longer than it says, or is no voice.
MOST_VOICE_RATE = 96_000 * 2 * 4
_MOST_BYTES = max(limit.max_bytes for limit in LIMITS.values())
# What may be sent for what.
PURPOSES: Mapping[str, frozenset[str]] = {
    "report": frozenset({"picture", "voice", "video"}),
    "proof": frozenset({"picture", "voice", "video"}),
    "message": frozenset({"picture", "voice", "video"}),
    "place": frozenset({"picture"}),
    "portrait": frozenset({"picture"}),
    "announcement": frozenset({"picture", "document"}),
    "group": frozenset({"picture"}),
}


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is safely stored. `sha256` and `bytes` are those of the stored file, not of what was sent.

    `wiped` is False where metadata may be left inside (timed metadata tracks in a film).
    """

    kind: str
    sha256: bytes
    path: str
    thumb_path: str | None
    bytes: int
    width: int | None
    height: int | None
    seconds: float | None
    content_type: str
    wiped: bool


@dataclass(frozen=True, slots=True)
class _Clean:
    kind: str
    data: bytes
    extension: str
    content_type: str
    small: bytes | None = None
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    wiped: bool = True


def accept(upload: bytes | BinaryIO, declared_name: str = "", *, purpose: str) -> Stored:
    """Check, clean and store what somebody sent. Do this before the transaction that names the file.

    :param upload: the bytes, or an open file, of which no more than the limit is read.
    :param declared_name: what the sender calls it; taken only so that nobody has to wonder: it is ignored.
    :param purpose: a key of `PURPOSES`.
    :raises MediaRefused: with the reason as `code` and the figures as `limits`.
    :raises KeyError: for an unknown purpose.
    """
    wanted = PURPOSES[purpose]
    data = upload if isinstance(upload, bytes) else upload.read(_MOST_BYTES + 1)
    if not data:
        raise MediaRefused("empty")
    if len(data) > _MOST_BYTES:
        raise MediaRefused("too_large", max_bytes=_MOST_BYTES)
    clean = _clean(data, wanted)
    path, thumb_path = store(clean.data, clean.extension, clean.small)
    return Stored(
        kind=clean.kind,
        sha256=hashlib.sha256(clean.data).digest(),
        path=path,
        thumb_path=thumb_path,
        bytes=len(clean.data),
        width=clean.width,
        height=clean.height,
        seconds=clean.seconds,
        content_type=clean.content_type,
        wiped=clean.wiped,
    )


def _clean(data: bytes, wanted: frozenset[str]) -> _Clean:
    name = sniff.recognise(data)
    if name is None:
        raise MediaRefused("unknown_type")
    if name == "heic":
        raise MediaRefused("heic")
    if name == "pdf":
        return _document(data, wanted)
    if name in pictures.FORMATS:
        _want("picture", wanted, len(data))
    if sniff.hides_another_file(data):
        raise MediaRefused("hidden_content")
    clean = _picture(data, name) if name in pictures.FORMATS else _recording(data, name)
    _want(clean.kind, wanted, len(data))
    longest = LIMITS[clean.kind].max_seconds
    if longest is not None and clean.seconds is not None and clean.seconds > longest:
        raise MediaRefused("too_long", max_seconds=longest)
    if clean.kind == "voice" and (
        not clean.seconds or len(clean.data) > MOST_VOICE_RATE * max(1, clean.seconds)
    ):
        raise MediaRefused("length_unclear")
    return clean


def _document(data: bytes, wanted: frozenset[str]) -> _Clean:
    if "document" not in wanted:
        raise MediaRefused("unknown_type")
    _want("document", wanted, len(data))
    if sniff.hides_another_file(data[len(pdf.HEAD) :]):
        raise MediaRefused("hidden_content")
    pdf.check(data)
    return _Clean("document", data, "pdf", "application/pdf", wiped=False)


def _want(kind: str, wanted: frozenset[str], size: int) -> None:
    if kind not in wanted:
        raise MediaRefused("kind_not_wanted", kinds=" ".join(sorted(wanted)))
    if size > LIMITS[kind].max_bytes:
        raise MediaRefused("too_large", max_bytes=LIMITS[kind].max_bytes)


def _picture(data: bytes, name: str) -> _Clean:
    found = pictures.renew(data, name)
    return _Clean(
        "picture", found.large, "jpg", "image/jpeg", found.small, width=found.width, height=found.height
    )


def _recording(data: bytes, name: str) -> _Clean:
    try:
        if name in {"isom", "webm"}:
            film = (movie if name == "isom" else webm).read(data)
            size = (film.width, film.height)
            return _Clean(
                film.kind, film.data, film.extension, film.content_type, None, *size, film.seconds, film.wiped
            )
        heard = sound.read(data, name)
    except (IndexError, ValueError, OverflowError):  # a reader that ran over the end of a damaged file
        raise MediaRefused("broken") from None
    return _Clean("voice", heard.data, heard.extension, heard.content_type, seconds=heard.seconds)
