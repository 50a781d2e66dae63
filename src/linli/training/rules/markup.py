"""The few signs with which pages are written, read into blocks: nothing of what somebody typed is ever HTML. Pure.

``## heading`` ``### smaller`` ``- point`` ``1. step`` ``> remark`` ``| a | table |`` ``---``; within a line
``**strong**``, back ticks around what stands as it is, ``[words](https://…)``, ``[words](page:its-code)`` and
``[words](/an/address/)``. A line is a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from linli.kernel import text

PAGE = "page:"
_SPANS = re.compile(
    r"\*\*(?P<strong>[^*\n]+)\*\*|`(?P<code>[^`\n]+)`|\[(?P<words>[^\]\n]+)\]\((?P<link>[^)\s]+)\)"
)
_LINES = (
    ("heading", re.compile(r"(?P<mark>#{1,4})\s+(?P<rest>.+)")),
    ("rule", re.compile(r"(?P<mark>-{3,})(?P<rest>)\s*$")),
    ("bullets", re.compile(r"(?P<mark>[-*•])\s+(?P<rest>.+)")),
    ("numbers", re.compile(r"(?P<mark>\d{1,3})(?:[.)]\s+|、\s*)(?P<rest>.+)")),
    ("quote", re.compile(r"(?P<mark>>)\s?(?P<rest>.*)")),
    ("table", re.compile(r"(?P<mark>\|)(?P<rest>.+)\|\s*$")),
)
_UNDER_HEAD = re.compile(r"[\s|:-]+")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class BlockKind(StrEnum):
    """What stands on its own on a page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLETS = "bullets"
    NUMBERS = "numbers"
    QUOTE = "quote"
    TABLE = "table"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line: plain, ``strong``, ``code`` or a ``link``."""

    words: str
    kind: str = ""
    link: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A block: rows of cells. Only tables have several cells in a row; a table's first row is its head."""

    kind: BlockKind
    rows: tuple[tuple[Line, ...], ...] = ()
    level: int = 0


def read(words: str) -> tuple[Block, ...]:
    """The blocks of a page."""
    found: list[Block] = []
    kind, rows, level = "", list[tuple[Line, ...]](), 0
    for next_kind, next_level, cells in _lines(words):
        goes_on = next_kind == kind and kind not in ("heading", "rule", "")
        if not goes_on:
            _close(found, kind, rows, level)
            kind, rows, level = next_kind, [], next_level
        if cells:
            rows.append(cells)
    _close(found, kind, rows, level)
    return tuple(found)


def plain(words: str) -> str:
    """A page without its signs: for searching it and for short excerpts."""
    return "\n".join(
        " ".join(plain_line(cell) for cell in row) for block in read(words) for row in block.rows
    )


def plain_line(line: Line) -> str:
    """A line without its signs."""
    return "".join(span.words for span in line)


def spans(line: str) -> Line:
    """The pieces of a line. A link that leads nowhere safe stays the words it was typed as."""
    found, last = [], 0
    for match in _SPANS.finditer(line):
        made = _span(match)
        if made is None:
            continue
        if match.start() > last:
            found.append(Span(line[last : match.start()]))
        found.append(made)
        last = match.end()
    if last < len(line):
        found.append(Span(line[last:]))
    return tuple(found)


def pages_named(words: str) -> set[str]:
    """The codes of the pages that a page leads to."""
    return {
        span.link.removeprefix(PAGE)
        for block in read(words)
        for row in block.rows
        for cell in row
        for span in cell
        if span.link.startswith(PAGE)
    }


def _span(match: re.Match[str]) -> Span | None:
    if match["strong"]:
        return Span(match["strong"], "strong")
    if match["code"]:
        return Span(match["code"], "code")
    return Span(match["words"], "link", match["link"]) if is_safe(match["link"]) else None


def is_safe(link: str) -> bool:
    """Whether a link may stand: another page, an address of this house, or one that begins with https."""
    if link.startswith(PAGE):
        return bool(_SLUG.fullmatch(link.removeprefix(PAGE)))
    if link.startswith("/"):
        return not link.startswith(("//", "/\\")) and link.isascii()
    return link.startswith("https://") and link.isascii() and text.is_link(link)


def _lines(words: str) -> Iterator[tuple[str, int, tuple[Line, ...]]]:
    for raw in words.replace("\r\n", "\n").split("\n"):
        line = raw.strip()
        kind, match = _kind_of(line)
        if not line:
            yield "", 0, ()
        elif match is None:
            yield "paragraph", 0, (spans(line),)
        elif kind == "table":
            if not _UNDER_HEAD.fullmatch(line):
                yield kind, 0, tuple(spans(cell.strip()) for cell in match["rest"].split("|"))
        elif kind == "rule":
            yield kind, 0, ()
        else:
            level = max(2, len(match["mark"])) if kind == "heading" else 0
            yield kind, level, (spans(match["rest"].strip()),)


def _kind_of(line: str) -> tuple[str, re.Match[str] | None]:
    for kind, pattern in _LINES:
        match = pattern.match(line)
        if match:
            return kind, match
    return "paragraph", None


def _close(found: list[Block], kind: str, rows: list[tuple[Line, ...]], level: int) -> None:
    if kind == "rule" or rows:
        found.append(Block(BlockKind(kind), tuple(rows), level))
