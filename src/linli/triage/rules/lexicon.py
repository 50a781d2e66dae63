"""What is known of categories before anything was learned: their names, and the words written down for them. Pure.

A profile says of one category which words speak for it and how much. The words found in a message are weighed: a longer
word says more, a word at the beginning counts twice, a word that many categories share says little.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from linli.triage.rules.reading import HEAD, Text

NAME, STRONG, PLAIN, WEAK = 3.0, 2.0, 1.0, 0.4
_MOST_TIMES = 5  # after that, saying it again adds nothing


@dataclass(frozen=True, slots=True)
class Profile:
    """One category: what it is called, and the words that speak for it with their weight."""

    code: str
    names: tuple[str, ...]
    weights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """What a message says for one category."""

    score: float
    words: tuple[str, ...]  # weightiest first


class Lexicon:
    """The profiles of some categories, ready to be looked for in messages."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self.codes: tuple[str, ...] = ()
        by_word: dict[str, dict[int, float]] = defaultdict(dict)
        for number, profile in enumerate(profiles):
            self.codes += (profile.code,)
            for word, weight in profile.weights.items():
                if len(word) > 1:
                    by_word[word][number] = max(weight, by_word[word].get(number, 0.0))
        self._weights = {word: _shared(held) for word, held in by_word.items()}
        self._starting: dict[str, list[str]] = defaultdict(list)
        for word in sorted(by_word, key=len, reverse=True):
            self._starting[word[:2]].append(word)

    def __len__(self) -> int:
        return len(self._weights)

    def look(self, text: Text) -> dict[str, Found]:
        """What a message says for each category; those it says nothing for are left out."""
        times: dict[str, float] = defaultdict(float)
        for at, word in self._words_in(text):
            times[word] += 2 if at < HEAD else 1
        score: dict[int, float] = defaultdict(float)
        said: dict[int, list[tuple[float, str]]] = defaultdict(list)
        for word, count in times.items():
            much = math.log1p(min(count, _MOST_TIMES)) * _length(word)
            for number, weight in self._weights[word].items():
                score[number] += weight * much
                said[number].append((weight * much, word))
        return {
            self.codes[number]: Found(total, tuple(word for _, word in sorted(said[number], reverse=True)))
            for number, total in score.items()
        }

    def _words_in(self, text: Text) -> Iterator[tuple[int, str]]:
        """The words of the lexicon from left to right, the longest at each place, none inside another."""
        letters, at = text.letters, 0
        while at < len(letters) - 1:
            match = next(
                (
                    word
                    for word in self._starting.get(letters[at : at + 2], ())
                    if letters.startswith(word, at) and _stands_alone(text, at, word)
                ),
                None,
            )
            if match is not None:
                yield at, match
            at += len(match) if match else 1


def _stands_alone(text: Text, at: int, word: str) -> bool:
    """Whether a Latin word is a word there (a plural s or es may follow); Chinese words always are."""
    if not word.isascii():
        return True
    end = at + len(word) - 1
    first, last = text.places[at], text.places[end]
    before, after = text.plain[first - 1 : first], text.plain[last + 1 : last + 3]
    after = after.removeprefix("es") if after == "es" else after.removeprefix("s")
    return not _latin(before) and not _latin(after[:1])


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _shared(held: Mapping[int, float]) -> dict[int, float]:
    """A word that speaks for several categories speaks for each of them less."""
    total = sum(held.values())
    return {number: weight * weight / total for number, weight in held.items()}


def _length(word: str) -> float:
    """A longer word says more: two Chinese characters 1, four and more 1.8; Latin by its letters."""
    if word.isascii():
        return 1.0 + 0.1 * min(len(word), 10)
    return (1.0, 1.45, 1.8)[min(len(word), 4) - 2]


def weigh(*groups: tuple[Iterable[str], float]) -> dict[str, float]:
    """Words with their weights, in the form messages are read in: the highest weight of each."""
    found: dict[str, float] = {}
    for words, weight in groups:
        for word in words:
            plain = "".join(word.lower().split())
            if plain:
                found[plain] = max(weight, found.get(plain, 0.0))
    return found
