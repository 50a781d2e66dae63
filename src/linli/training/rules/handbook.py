"""What a page of the handbook must be, and which of its versions is read. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from linli.kernel.refusals import Wrong
from linli.training.rules.said import Said

TITLE_MOST, WORDS_MOST, REASON_MOST, SLUG_MOST = 60, 20_000, 200, 40
RANK_MOST = 9999
#: Duties that may write a draft, anywhere in the community.
WRITERS = ("community_leader", "admin", "dispatcher", "assistant", "grid_worker", "verifier")
#: Duties that publish pages and courses, set their terms, and see who holds what.
KEEPERS = ("community_leader", "admin")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
FENCE = "+++"


class PageKind(StrEnum):
    """What a version of a page says: words of its own, the shipped words again, or nothing any more."""

    TEXT = "text"
    SHIPPED = "shipped"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as somebody wrote it. Pages stand by ``rank``, chapters by the first of their pages."""

    chapter_zh: str
    title_zh: str
    words_zh: str
    chapter_en: str = ""
    title_en: str = ""
    words_en: str = ""
    rank: int = 500

    @property
    def chapter(self) -> Said:
        """The chapter's name."""
        return Said(self.chapter_zh, self.chapter_en)

    @property
    def title(self) -> Said:
        """Its title."""
        return Said(self.title_zh, self.title_en)

    @property
    def words(self) -> Said:
        """What it says."""
        return Said(self.words_zh, self.words_en)


@dataclass(frozen=True, slots=True)
class Shipped:
    """A version of a page that comes with the product."""

    slug: str
    number: int
    sheet: Sheet
    day: date
    reason: Said


SHEET_FIELDS = tuple(one.name for one in fields(Sheet))


def tidy(sheet: Sheet) -> Sheet:
    """The sheet without blanks around its words and without breaks in its titles."""
    changed: dict[str, Any] = {}
    for name in SHEET_FIELDS:
        held = getattr(sheet, name)
        if isinstance(held, str):
            changed[name] = (
                held.replace("\r\n", "\n").strip() if name.startswith("words") else " ".join(held.split())
            )
    return replace(sheet, **changed)


def faults(sheet: Sheet, *, personal: Callable[[str], bool]) -> tuple[Wrong, ...]:
    """Everything that keeps a tidied sheet from being kept.

    :param personal: whether a text holds numbers of persons (the publication linter).
    """
    needed = ("chapter_zh", "title_zh", "words_zh")
    found = [Wrong(name, "missing") for name in needed if not getattr(sheet, name)]
    if bool(sheet.title_en) != bool(sheet.words_en):
        found.append(Wrong("words_en" if sheet.title_en else "title_en", "half_english"))
    for name in SHEET_FIELDS[:-1]:
        most = WORDS_MOST if name.startswith("words") else TITLE_MOST
        if len(getattr(sheet, name)) > most:
            found.append(Wrong(name, "too_long", str(most)))
        if personal(getattr(sheet, name)):
            found.append(Wrong(name, "personal"))
    if not 0 <= sheet.rank <= RANK_MOST:
        found.append(Wrong("rank", "not_a_rank"))
    return tuple(found)


def is_slug(slug: str) -> bool:
    """Whether this can be the code of a page, a course, a lesson or a question: small letters, digits, hyphens."""
    return len(slug) <= SLUG_MOST and bool(SLUG.fullmatch(slug))


def parts_of(file: str) -> tuple[str, str, str]:
    """A shipped file's head (TOML), its Chinese and its English words.

    :raises ValueError: a file that has other parts.
    """
    pieces = [piece.strip("\n") for piece in re.split(rf"(?m)^{re.escape(FENCE)}\s*$", file)]
    if len(pieces) != 4 or pieces[0].strip():
        raise ValueError("a page is: +++, its head, +++, Chinese, +++, English")
    return pieces[1], pieces[2].strip(), pieces[3].strip()


def by_chapter(titles: Iterable[tuple[str, int]]) -> list[str]:
    """The chapters in order: by the lowest rank of their pages, then by name.

    :param titles: each page's chapter and rank.
    """
    first: dict[str, int] = {}
    for chapter, rank in titles:
        first[chapter] = min(rank, first.get(chapter, rank))
    return sorted(first, key=lambda chapter: (first[chapter], chapter))
