"""A day's diary: what the house knows was done, in order, and own words, which are not yesterday's again. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from linli.fieldwork.rules import likeness
from linli.kernel.refusals import Wrong

WORDS_MOST, NOTES_A_DAY = 1000, 12
#: From so many characters on own words are compared with earlier ones; "nothing special" may be said again.
COMPARED_FROM = 12
#: So alike (0 to 1) they are the same words; so many earlier notes are looked at.
SAME_FROM, LOOKED_AT = 0.7, 60
#: How many days back words may still be added.
LATE_DAYS = 3


class Kind(StrEnum):
    """The five types of a day's work: 巡查 走访 宣传 处理 寻访."""

    PATROL = "patrol"
    VISIT = "visit"
    PUBLICITY = "publicity"
    HANDLING = "handling"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was done: what (a code that pages put into words), when, where, and where its row can be opened."""

    at: datetime
    kind: str  # of Kind; empty for what is none of the five: a hand-over, a course
    what: str
    place: str = ""
    ref: str = ""
    until: datetime | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Own words of another day."""

    day: date
    words: str


def ordered(items: Iterable[Item]) -> tuple[Item, ...]:
    """As the day went."""
    return tuple(sorted(items, key=lambda item: (item.at, item.what, item.ref)))


def copied_from(words: str, earlier: Iterable[Note]) -> date | None:
    """The day whose words these are again, the latest first; None when they are new or too few to say."""
    mine = likeness.plain(words)
    if len(mine) < COMPARED_FROM:
        return None
    cut = likeness.shingles(mine)
    for note in sorted(earlier, key=lambda one: one.day, reverse=True)[:LOOKED_AT]:
        if likeness.alike(cut, likeness.shingles(likeness.plain(note.words))) >= SAME_FROM:
            return note.day
    return None


def wrong_note(
    words: str, kind: str, day: date, *, today: date, earlier: Iterable[Note]
) -> tuple[Wrong, ...]:
    """Everything that keeps own words from being added."""
    found = []
    if not words.strip():
        found.append(Wrong("words", "missing"))
    elif len(words) > WORDS_MOST:
        found.append(Wrong("words", "too_long", str(WORDS_MOST)))
    elif (same := copied_from(words, earlier)) is not None:
        found.append(Wrong("words", "copied", same.isoformat()))
    if kind not in set(Kind):
        found.append(Wrong("kind", "no_such_kind"))
    if day > today:
        found.append(Wrong("day", "in_the_future"))
    elif (today - day).days > LATE_DAYS:
        found.append(Wrong("day", "too_long_ago", str(LATE_DAYS)))
    return tuple(found)
