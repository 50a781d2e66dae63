"""What a service of a place must say, in which order services stand, and which of them somebody looks for. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from linli.kernel import text
from linli.kernel.refusals import Wrong
from linli.publishing.rules import TITLE_MOST, State
from linli.publishing.rules import state as state_of_days

LINE_MOST, TEXT_MOST, LINK_MOST, PHONE_MOST = 300, 2000, 300, 30
MOST = 500  # services of one community
LINES = ("whom", "hours", "where")
TEXTS = ("words", "papers")
_PHONE = re.compile(r"[0-9][0-9 \-]{2,28}[0-9]")
ENOUGH = 0.4  # of the pieces looked for
IN_NAME = 3  # a piece in the name weighs as much as so many elsewhere


class Topic(StrEnum):
    """What a service is about; residents read them in this order."""

    PAPERS = "papers"
    HELP = "help"
    SENIORS = "seniors"
    CHILDREN = "children"
    HOUSING = "housing"
    HEALTH = "health"
    WORK = "work"
    TOGETHER = "together"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A service as somebody wrote it. Papers are one a line; without a last day it stands until it is taken down."""

    topic: str
    name_zh: str
    words_zh: str
    from_date: date
    last_date: date | None = None
    name_en: str = ""
    words_en: str = ""
    whom_zh: str = ""
    whom_en: str = ""
    papers_zh: str = ""
    papers_en: str = ""
    hours_zh: str = ""
    hours_en: str = ""
    where_zh: str = ""
    where_en: str = ""
    phone: str = ""
    link: str = ""
    online: bool = False
    rank: int = 50
    example: bool = False


class Standing(Protocol):
    """What ordering and searching need of a service."""

    @property
    def depth(self) -> int:
        """How far below the community its place lies."""

    @property
    def rank(self) -> int:
        """Lower stands higher."""

    @property
    def heads(self) -> str:
        """Its names in every language, in the one form in which texts are compared."""

    @property
    def rest(self) -> str:
        """All its other words, in the same form."""


Row = TypeVar("Row", bound=Standing)


def tidy(sheet: Sheet) -> Sheet:
    """The sheet without blanks around its words, without breaks in its lines, and one paper a line."""
    named: dict[str, Any] = {name: " ".join(getattr(sheet, name).split()) for name in _of(*LINES, "name")}
    for name in _of("words"):
        named[name] = getattr(sheet, name).replace("\r\n", "\n").strip()
    for name in _of("papers"):
        lines = (line.strip() for line in getattr(sheet, name).splitlines())
        named[name] = "\n".join(line for line in lines if line)
    return replace(sheet, **named, phone=" ".join(sheet.phone.split()), link=sheet.link.strip())


def _of(*names: str) -> list[str]:
    return [f"{name}_{tongue}" for name in names for tongue in ("zh", "en")]


def faults(sheet: Sheet, *, personal: Callable[[str], bool]) -> tuple[Wrong, ...]:
    """Everything that keeps a tidied sheet from being published.

    :param personal: whether a text holds numbers of persons (the publication linter).
    """
    most = {name: LINE_MOST for name in _of(*LINES)} | {name: TEXT_MOST for name in _of(*TEXTS)}
    most |= {name: TITLE_MOST for name in _of("name")} | {"phone": PHONE_MOST, "link": LINK_MOST}
    found = [Wrong(name, "missing") for name in ("name_zh", "words_zh") if not getattr(sheet, name)]
    if bool(sheet.name_en) != bool(sheet.words_en):
        found.append(Wrong("words_en" if sheet.name_en else "name_en", "half_english"))
    found += [Wrong(name, "too_long") for name, size in most.items() if len(getattr(sheet, name)) > size]
    found += [Wrong(name, "personal") for name in most if personal(getattr(sheet, name))]
    if sheet.phone and not _PHONE.fullmatch(sheet.phone):
        found.append(Wrong("phone", "not_a_phone"))
    if sheet.link and not text.is_link(sheet.link):
        found.append(Wrong("link", "not_a_link"))
    if sheet.online and not sheet.link:
        found.append(Wrong("link", "online_where"))
    if sheet.last_date is not None and sheet.last_date < sheet.from_date:
        found.append(Wrong("last_date", "ends_before_it_begins"))
    return tuple(found)


def state(*, from_date: date, last_date: date | None, withdrawn: bool, today: date) -> State:
    """Where a service with these days is today; without a last day it stands until it is taken down."""
    last = max(today, from_date) if last_date is None else last_date
    return state_of_days(from_date=from_date, last_date=last, withdrawn=withdrawn, today=today)


def ordered(rows: Sequence[Row]) -> list[Row]:
    """Nearest first: what a building offers before what its community does; then as the community ranks them."""
    return sorted(rows, key=lambda row: (-row.depth, row.rank))


def found(rows: Sequence[Row], pieces: Collection[str]) -> list[Row]:
    """Those that are about what somebody looks for, the best first; all, in their order, for nothing.

    Whoever writes 怎么办居住证 finds 居住证申领: not every piece must be there, and those in the name weigh more.

    :param pieces: what is looked for, cut into pairs of characters and words, in the one form of `text.normal`.
    """
    if not pieces:
        return list(rows)
    scored = []
    for place, row in enumerate(rows):
        in_name = sum(piece in row.heads for piece in pieces)
        anywhere = sum(piece in row.heads or piece in row.rest for piece in pieces)
        if anywhere >= ENOUGH * len(pieces):
            scored.append((-(IN_NAME * in_name + anywhere), place, row))
    return [row for _score, _place, row in sorted(scored, key=lambda one: one[:2])]
