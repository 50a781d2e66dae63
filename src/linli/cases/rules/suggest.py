"""The first day's proposals, before there is any history to learn from: a category, and how pressing it is.

Both look for words. A person decides; the learned classifier of a later room comes in by the port. Pure.
"""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from linli.cases.rules import urgent_words
from linli.cases.rules.promises import Urgency

MOST_READ = 2000  # characters: what it is about is said at the beginning
MOST_PROPOSED = 3
THRESHOLD = 0.2  # below this share of the evidence a proposal only distracts
_DOUBT = 1.0  # evidence for "something else", worth one plain word of two characters
_BEGINNING = 60  # characters, about the subject and the first sentence: a word there counts twice
_MOST_TIMES = 4  # after that, saying it again adds nothing
_OPENING = 12  # characters: thanks and wishes mean something there, and are courtesy further on
_COURTESY = frozenset(
    {"谢谢", "感谢", "建议", "希望能", "thank", "thanks", "thank you", "suggest", "suggestion"}
)


class Described(Protocol):
    """A category as far as it is needed here."""

    @property
    def code(self) -> str: ...
    @property
    def name_zh(self) -> str: ...
    @property
    def name_en(self) -> str: ...
    @property
    def keywords(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed category, how certain (0 to 1) and the words it was found by."""

    code: str
    certainty: float
    words: tuple[str, ...]
    version: str = ""  # of what proposed it


@dataclass(frozen=True, slots=True)
class UrgencyHint:
    """How pressing the words sound, and which of them."""

    urgency: Urgency
    words: tuple[str, ...]


def suggest(words: str, categories: Iterable[Described]) -> tuple[Suggestion, ...]:
    """Up to three leaf categories, surest first; none below the threshold.

    Each keyword that is not part of a longer one counts, longer and repeated ones more; a category's certainty
    is its share of all that was found.
    """
    known = tuple((row.code, (row.name_zh, row.name_en, *row.keywords)) for row in categories)
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for at, word, codes in _found(_plain(words)[:MOST_READ], _index(known)):
        if word in _COURTESY and at >= _OPENING:
            continue
        for code in codes:
            found[code][word] += 2 if at < _BEGINNING else 1
    scores = {code: sum(_weight(word, times) for word, times in hits.items()) for code, hits in found.items()}
    best = sorted(scores, key=lambda code: (-scores[code], code))[:MOST_PROPOSED]
    evidence = _DOUBT + sum(scores[code] for code in best)
    proposals = (Suggestion(code, scores[code] / evidence, tuple(found[code])) for code in best)
    return tuple(proposal for proposal in proposals if proposal.certainty >= THRESHOLD)


def looks_urgent(words: str) -> Urgency:
    """How pressing the words sound by the shipped list."""
    return urgent_words.look(words).urgency


def urgency_hint(words: str) -> UrgencyHint:
    """How pressing the words sound by the shipped list, and which words say so."""
    found = urgent_words.look(words)
    return UrgencyHint(found.urgency, tuple(dict.fromkeys(one.words for one in found.counted)))


_Index = dict[str, tuple[tuple[str, tuple[str, ...]], ...]]  # two first characters -> words, longest first


@lru_cache(maxsize=64)
def _index(known: tuple[tuple[str, tuple[str, ...]], ...]) -> _Index:
    parents = {code.rpartition(".")[0] for code, _ in known}
    codes_of: dict[str, set[str]] = defaultdict(set)
    for code, words in known:
        if code not in parents:
            for word in words:
                codes_of[_plain(word).strip()].add(code)
    index: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for word in sorted(codes_of, key=len, reverse=True):
        if len(word) > 1:
            index[word[:2]].append((word, tuple(sorted(codes_of[word]))))
    return {start: tuple(words) for start, words in index.items()}


def _found(text: str, index: _Index) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """The keywords in a text with their places from left to right, the longest at each, none inside another."""
    at = 0
    while at < len(text) - 1:
        match = next(
            (
                hit
                for hit in index.get(text[at : at + 2], ())
                if text.startswith(hit[0], at) and _whole(text, at, hit[0])
            ),
            None,
        )
        if match is not None:
            yield at, *match
        at += len(match[0]) if match else 1


def _whole(text: str, at: int, word: str) -> bool:
    """Whether a Latin word stands alone (a plural s or es may follow); Chinese words always do."""
    if not word.isascii():
        return True
    before, after = text[at - 1 : at], text[at + len(word) :]
    after = (
        after.removeprefix("es") if after[:2] == "es" and not _latin(after[2:3]) else after.removeprefix("s")
    )
    return not _latin(before) and not _latin(after[:1])


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _weight(word: str, times: int) -> float:
    """A longer word says more: two Chinese characters 1, three 1.6, four and more 2.2; Latin by its words."""
    length = len(word) if not word.isascii() else 2 + word.count(" ")
    return (1.0, 1.6, 2.2)[min(max(length, 2), 4) - 2] * math.sqrt(min(times, _MOST_TIMES))


def _plain(text: str) -> str:
    """One form for full and half width, capitals and blanks."""
    return unicodedata.normalize("NFKC", text).lower()
