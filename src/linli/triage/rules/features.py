"""What a learner sees of a message: weighed groups of characters and words, and what the lexicon says. Pure, numpy only.

Groups are known by a number made from their characters, the same on every machine and in every process.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linli.triage.rules.lexicon import Found
from linli.triage.rules.reading import HEAD, HEAD_WORDS, Text

Numbers = NDArray[np.uint32]
Reals = NDArray[np.float32]
Places = NDArray[np.int64]

LONGEST = 3  # characters in a group
LEAST_MESSAGES = 2  # a group seen in one message only says nothing about others
#: What each part of a message counts: all its characters, its words, and both again at the beginning.
PARTS = (1.0, 1.0, 0.7, 0.7)
_ODD = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(32)
_MIX = np.uint64(29)


@dataclass(frozen=True, slots=True)
class Seen:
    """The groups of one message, part by part: their numbers and how often."""

    parts: tuple[tuple[Numbers, Reals], ...]


def groups(letters: str, size: int, part: int = 0) -> Numbers:
    """The numbers of every group of ``size`` characters, from left to right."""
    codes = np.frombuffer(letters.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < size:
        return np.empty(0, dtype=np.uint32)
    found = np.full(len(codes) - size + 1, 17 + 31 * part + 101 * size, dtype=np.uint64)
    for step in range(size):
        found = (found ^ codes[step : len(codes) - size + 1 + step]) * _ODD
        found ^= found >> _MIX
    return (found >> _SHIFT).astype(np.uint32)


def see(text: Text) -> Seen:
    """Count the groups of a message."""
    letters, words = text.letters, text.words
    return Seen(
        (
            _counted([groups(letters, size, 0) for size in range(1, LONGEST + 1)]),
            _counted([_of_words(words, 1)]),
            _counted([groups(letters[:HEAD], size, 2) for size in range(1, LONGEST + 1)]),
            _counted([_of_words(words[:HEAD_WORDS], 3)]),
        )
    )


def _of_words(words: Sequence[str], part: int) -> Numbers:
    """The numbers of words and of neighbouring pairs of words."""
    single = np.array([zlib.crc32(word.encode(), part) for word in words], dtype=np.uint32)
    if len(single) < 2:
        return single
    pairs = (single[:-1].astype(np.uint64) * _ODD) ^ single[1:].astype(np.uint64)
    return np.concatenate([single, ((pairs * _ODD) >> _SHIFT).astype(np.uint32)])


def _counted(found: Sequence[Numbers]) -> tuple[Numbers, Reals]:
    numbers, times = np.unique(np.concatenate(found), return_counts=True)
    return numbers, (1 + np.log(times)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The groups that are worth knowing, in order of their numbers, and how much each says (the rarer the more)."""

    numbers: Numbers
    rarity: Reals

    def __len__(self) -> int:
        return len(self.numbers)

    def columns(self, numbers: Numbers) -> tuple[Places, NDArray[np.bool_]]:
        """Where these groups stand, and which of them are known at all."""
        if not len(self.numbers):
            return np.empty(0, dtype=np.int64), np.zeros(len(numbers), dtype=np.bool_)
        places = np.searchsorted(self.numbers, numbers)
        known = places < len(self.numbers)
        known[known] = self.numbers[places[known]] == numbers[known]
        return places[known], known


def vocabulary(messages: Iterable[Seen]) -> Vocabulary:
    """The groups that occur in at least two messages."""
    every: list[Numbers] = []
    count = 0
    for message in messages:
        count += 1
        every.extend(numbers for numbers, _ in message.parts)
    if not every:
        return Vocabulary(np.empty(0, dtype=np.uint32), np.empty(0, dtype=np.float32))
    numbers, times = np.unique(np.concatenate(every), return_counts=True)
    kept = times >= LEAST_MESSAGES
    rarity = np.log((1 + count) / (1 + np.minimum(times[kept], count))) + 1
    return Vocabulary(numbers[kept], rarity.astype(np.float32))


@dataclass(frozen=True, slots=True)
class Row:
    """One message as the learner reads it: columns and values; the lexicon's opinion stands behind the vocabulary."""

    columns: Places
    values: Reals


def row(seen: Seen, known: Vocabulary, said: Reals) -> Row:
    """Weigh a message: each part to the same length, then the whole to length one, beside it the lexicon's opinion."""
    columns: list[Places] = []
    values: list[Reals] = []
    for (numbers, times), part in zip(seen.parts, PARTS, strict=True):
        places, held = known.columns(numbers)
        weighed = times[held] * known.rarity[places]
        length = float(np.sqrt(weighed @ weighed))
        if length:
            columns.append(places)
            values.append(weighed * np.float32(part / length))
    columns.append(np.arange(len(known), len(known) + len(said)))
    joined = np.concatenate(values) if values else np.empty(0, dtype=np.float32)
    length = float(np.sqrt(joined @ joined)) or 1.0
    return Row(np.concatenate(columns), np.concatenate([joined / np.float32(length), said]))


def opinion(found: Mapping[str, Found], codes: Sequence[str], weight: float) -> Reals:
    """What the lexicon found for each of these categories, as a vector of this length."""
    said = np.array([found[code].score if code in found else 0.0 for code in codes], dtype=np.float32)
    length = float(np.sqrt(said @ said))
    scaled: Reals = (said * np.float32(weight / length)) if length else said
    return scaled
