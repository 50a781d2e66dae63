"""Documents (PDF): taken as they are when they only show something.

A document is not written anew: it is refused when it does something by itself (scripts, programs, forms that send, files
inside), when it is locked, or when it cannot be read through. Names are looked for in the bytes as they stand and in
every stream that can be unpacked, with ``#4A`` read as the letter it means.
"""

from __future__ import annotations

import re
import zlib

from linli.kernel.media.refusal import MediaRefused

HEAD, END = b"%PDF-", b"%%EOF"
MOST_STREAMS = 20_000
MOST_UNPACKED = 60_000_000  # bytes of all streams together
_END_WITHIN = 2048
_DICT = 600  # bytes before a stream in which its filter stands
_ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|GoToE|Rendition|Movie|XFA)\b"
)
_LOCKED = re.compile(rb"/Encrypt\b")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_OTHER_FILTERS = re.compile(rb"/(?:ASCII85Decode|A85|ASCIIHexDecode|AHx|LZWDecode|RunLengthDecode|Crypt)\b")


def check(data: bytes) -> int:
    """Look through a document; how many pages it says it has (0: it does not say).

    :raises MediaRefused: broken, active_content, locked, too_costly.
    """
    if not data.startswith(HEAD) or END not in data[-_END_WITHIN:]:
        raise MediaRefused("broken")
    plain = _plain(data)
    if _LOCKED.search(plain):
        raise MediaRefused("locked")
    pages = _look(plain)
    left, start = MOST_UNPACKED, 0
    for _ in range(MOST_STREAMS):
        start = data.find(b"stream", start)
        if start < 0:
            return pages
        if data[start - 3 : start] == b"end":
            start += 6
            continue
        body = start + (8 if data[start + 6 : start + 8] == b"\r\n" else 7)
        unpacked = _unpacked(data, start, body, left)
        left -= len(unpacked)
        pages += _look(_plain(unpacked))
        start = body
    raise MediaRefused("too_costly")


def _look(plain: bytes) -> int:
    if _ACTIVE.search(plain):
        raise MediaRefused("active_content")
    return len(_PAGE.findall(plain))


def _unpacked(data: bytes, start: int, body: int, left: int) -> bytes:
    """What a stream holds, nothing for what is not deflated (pictures, fonts)."""
    about = _plain(data[max(0, start - _DICT) : start]).rpartition(b"obj")[2]
    if b"/ObjStm" in about and _OTHER_FILTERS.search(about):
        raise MediaRefused("active_content")  # objects packed so that nobody sees them
    opened = zlib.decompressobj()
    try:
        found = opened.decompress(data[body:], left + 1)
    except zlib.error:
        return b""
    if len(found) > left:
        raise MediaRefused("too_costly")
    return found


def _plain(data: bytes) -> bytes:
    """Names with their escaped letters read."""
    return _ESCAPED.sub(lambda found: bytes((int(found[1], 16),)), data)
