"""Phrases as a community writes them, and the list they stand on. Pure.

A phrase is parts joined by ``…``: up to eight characters of the same clause (24 Latin ones) may stand between them;
``……`` reaches over commas, up to 24 characters. A part is words of which one is enough, with ``/`` between them, so
``燃气/煤气…泄漏/味`` finds 煤气有股怪味. A Latin word stands alone; ``*`` at its end lets any letters follow. ``=help``
must be the whole clause.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib import resources
from itertools import zip_longest

from linli.cases.rules.promises import Urgency

GAP, GAP_LATIN = 8, 24  # characters between two parts, at most; Latin words are longer
MOST_PHRASE, MOST_WORDS = 500, 100
WIDE = 24  # characters of the same sentence, commas too
_GAPS = re.compile(r"(……|\.{6}|…|\.{3})")
WIDE_MARKS = ("……", "......")
_GAP = rf"(?:[^,。;!?\n]{{0,{GAP}}}?|[a-z0-9' -]{{0,{GAP_LATIN}}}?)"
_WIDE_GAP = rf"[^。!?\n]{{0,{WIDE}}}?"
_SHORTEST = 2  # characters of a phrase of one part: a single one is in too many words


class DangerKind(StrEnum):
    """What sort of danger: it decides what to do now, and whom to call."""

    FIRE = "fire"
    GAS = "gas"
    ELECTRICITY = "electricity"
    COLLAPSE = "collapse"
    TRAPPED = "trapped"
    DROWNING = "drowning"
    MEDICAL = "medical"
    VIOLENCE = "violence"
    SELF_HARM = "self_harm"
    RESCUE = "rescue"  # self-harm said of somebody else: whoever writes calls for help
    LOST_PERSON = "lost_person"
    FLOOD = "flood"
    HELP = "help"  # a cry for help that does not say from what
    OUTAGE = "outage"
    HAZARD = "hazard"


#: What such a case holds is never shown to the neighbours, even with consent.
DISCREET = frozenset({DangerKind.SELF_HARM, DangerKind.RESCUE, DangerKind.VIOLENCE})
LEVELS = {level: weight for weight, level in enumerate(Urgency)}


@dataclass(frozen=True)
class UrgentPhrase:
    """One line of the list.

    :ivar level: how pressing it is when it happens now.
    :ivar may_come: how pressing when it may come, or comes again and again.
    :ivar inside: longer words that hold the phrase and are harmless (着火 in 一起火锅).
    :ivar beside: words that make it harmless anywhere in the same clause (冒烟 beside 烧烤).
    """

    code: str
    kind: DangerKind
    level: Urgency
    may_come: Urgency
    phrase: str
    inside: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    on: bool = True
    own: bool = False  # the community's own line, or its version of a shipped one

    @cached_property
    def parts(self) -> tuple[tuple[str, ...], ...]:
        """The words of each part, in their plain form."""
        return parts_of(self.phrase)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What is looked for in a clause."""
        pieces = [f"(?:{'|'.join(map(_worded, part))})" for part in self.parts]
        gaps = [_WIDE_GAP if gap in WIDE_MARKS else _GAP for gap in _GAPS.findall(self.phrase)]
        return re.compile("".join(map("".join, zip_longest(pieces, gaps, fillvalue=""))))

    @cached_property
    def wide(self) -> bool:
        """Whether it reaches over commas."""
        return any(gap in WIDE_MARKS for gap in _GAPS.findall(self.phrase))

    @cached_property
    def harmless(self) -> re.Pattern[str] | None:
        """The longer harmless words, or None."""
        return re.compile("|".join(map(_worded, self.inside))) if self.inside else None

    @cached_property
    def at_once_harmless(self) -> re.Pattern[str] | None:
        """What makes it harmless wherever it stands in the clause, or None."""
        return re.compile("|".join(map(_worded, self.beside))) if self.beside else None

    @cached_property
    def bare(self) -> tuple[tuple[str, ...], ...]:
        """The words of each part without their marks."""
        return tuple(tuple(map(_bare, part)) for part in self.parts)

    @cached_property
    def heads(self) -> frozenset[str]:
        """Pairs of characters of which one is in every text that holds the phrase; none if no part promises as much."""
        long = [part for part in self.bare if all(len(word) > 1 for word in part)]
        return frozenset(word[:2] for word in min(long, key=len, default=()))

    def may_be_in(self, text: str) -> bool:
        """Whether a plain text holds a word of every part: quick, and wrong only on the side of looking twice."""
        return all(any(word in text for word in part) for part in self.bare)


def parts_of(phrase: str) -> tuple[tuple[str, ...], ...]:
    """The words of each part of a phrase; blanks around words do not count."""
    pieces = [piece.split("/") for piece in _GAPS.split(phrase.lower())[::2]]
    return tuple(tuple(word.strip() for word in piece if word.strip()) for piece in pieces)


def words_of(text: str) -> tuple[str, ...]:
    """Words with ``/`` between them."""
    return tuple(word.strip() for word in text.lower().split("/") if word.strip())


def _bare(word: str) -> str:
    return word.removeprefix("=").removesuffix("*")


def _worded(word: str) -> str:
    """A word as a pattern: a Latin one not inside another, one with ``=`` alone in its clause."""
    bare = re.escape(_bare(word))
    if word.startswith("="):
        return rf"(?<![^,。;!?\n]){bare}(?![^,。;!?\n])"
    before = r"(?<![a-z0-9])" if _latin(_bare(word)[:1]) else ""
    after = r"(?![a-z0-9])" if _latin(word[-1:]) else ("[a-z]*" if word.endswith("*") else "")
    return f"{before}{bare}{after}"


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def wrongs(
    phrase: str, inside: Iterable[str] = (), beside: Iterable[str] = ()
) -> tuple[tuple[str, str], ...]:
    """What is wrong with a line, as pairs of field and reason code."""
    found: list[tuple[str, str]] = []
    parts = parts_of(phrase)
    words = [word for part in parts for word in part]
    if not words:
        found.append(("phrase", "missing"))
    elif not all(parts):
        found.append(("phrase", "empty_part"))
    elif len(parts) == 1 and any(len(_bare(word)) < _SHORTEST for word in words):
        found.append(("phrase", "too_short"))
    if len(phrase) > MOST_PHRASE or len(words) > MOST_WORDS:
        found.append(("phrase", "too_long"))
    for name, listed in (("inside", tuple(inside)), ("beside", tuple(beside))):
        if len(listed) > MOST_WORDS or any(len(word) > 40 for word in listed):
            found.append((name, "too_long"))
    return tuple(found)


@dataclass(frozen=True)
class UrgentList:
    """The lines in force; ``version`` names the list, so that a case tells by which one it was read."""

    phrases: tuple[UrgentPhrase, ...]
    version: str

    def of(self, code: str) -> UrgentPhrase | None:
        """The line with this code."""
        return next((one for one in self.phrases if one.code == code), None)

    @cached_property
    def _by_head(self) -> dict[str, list[int]]:
        """Where the lines stand that begin with two characters; under "" those that must always be looked at."""
        found: dict[str, list[int]] = {}
        for place, line in enumerate(self.phrases):
            for head in (line.heads or {""}) if line.on else ():
                found.setdefault(head, []).append(place)
        return found

    def near(self, text: str) -> list[UrgentPhrase]:
        """The lines that may be in a plain text, in the list's order.

        Every report is read, and most hold no word of the list: looking up the pairs of characters a text has takes
        a hundredth of the time of asking each line.
        """
        pairs = {text[start : start + 2] for start in range(len(text) - 1)} | {""}
        places = {place for pair in pairs & self._by_head.keys() for place in self._by_head[pair]}
        lines = (self.phrases[place] for place in sorted(places))
        return [line for line in lines if line.may_be_in(text)]


SHIPPED_VERSION = "list-3"


def read(text: str) -> tuple[UrgentPhrase, ...]:
    """The lines of a CSV text; a bad one is a fault of the program's own data.

    :raises ValueError: unknown kind or level, or a phrase with something wrong.
    """
    lines = []
    for row in csv.DictReader(io.StringIO(text)):
        line = UrgentPhrase(
            code=row["code"],
            kind=DangerKind(row["kind"]),
            level=Urgency(row["level"]),
            may_come=Urgency(row["may_come"]),
            phrase=row["phrase"],
            inside=words_of(row["inside"]),
            beside=words_of(row["beside"]),
        )
        bad = wrongs(line.phrase, line.inside, line.beside)
        if bad or None in row:
            raise ValueError(f"{line.code}: {bad or 'too many cells'}")
        lines.append(line)
    return tuple(lines)


def shipped() -> UrgentList:
    """The list that comes with the program: ``cases/data/urgent.csv``."""
    return _SHIPPED


def _read_shipped() -> UrgentList:
    text = resources.files("linli.cases").joinpath("data", "urgent.csv").read_text(encoding="utf-8")
    return UrgentList(read(text), SHIPPED_VERSION)


_SHIPPED = _read_shipped()
