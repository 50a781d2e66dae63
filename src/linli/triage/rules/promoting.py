"""Whether it is time to learn, on what a version is judged, and whether it takes over. Pure."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from linli.triage.rules import learning
from linli.triage.rules.learning import Example, Judgement
from linli.triage.rules.model import Model
from linli.triage.rules.reading import read

LEAST_DECISIONS = 60  # with fewer, the words alone know more
LEAST_OF_ONE = 2  # decisions for a category before it can be learned
LEAST_NEW = 20  # new decisions after which it is worth learning again
GAIN = 0.005  # of macro-F1, by which a version must be better to take over
MOST_WORDS = 12
_MOST_READ = 60  # messages of a category looked through for its words
_LEAST_PEOPLE = 3  # a word is shown when so many messages have it: no single message is


@dataclass(frozen=True, slots=True)
class Split:
    """What is learned from, and what is held out."""

    learned: tuple[Example, ...]
    held_out: tuple[Example, ...]


def worth_learning(decisions: int, learned_from: int | None) -> bool:
    """Whether there is enough, and enough that is new since the last version."""
    if decisions < LEAST_DECISIONS:
        return False
    return learned_from is None or decisions - learned_from >= LEAST_NEW


def split(numbers: Sequence[str], examples: Sequence[Example]) -> Split:
    """Hold out one case in five, chosen by its number: a case held out once is never learned from by a later version.

    Near copies of one report go where the first of them goes.
    """
    heads = learning.reposts([one.words for one in examples])
    out = [is_held_out(numbers[head]) for head in heads]
    return Split(
        tuple(one for one, held in zip(examples, out, strict=True) if not held),
        tuple(one for one, held in zip(examples, out, strict=True) if held),
    )


def is_held_out(number: str) -> bool:
    """Whether the case with this number is for judging only."""
    return zlib.crc32(number.encode()) % learning.HELD_OUT == 0


def judged(held_out: Sequence[Example], propose: Callable[[str], str]) -> Judgement:
    """How a way of proposing does on decisions it has not learned from."""
    return learning.judge([one.code for one in held_out], [propose(one.words) for one in held_out])


def better(new: Judgement, old: Judgement) -> bool:
    """Whether a version takes over: better by more than chance would make it on another day."""
    return new.macro_f1 >= old.macro_f1 + GAIN


def deciding_words(model: Model, examples: Sequence[Example]) -> Mapping[str, list[str]]:
    """For each category, the words that decided in several of its messages, most often first.

    What only one or two messages say is not shown: it could tell who wrote.
    """
    by_code: dict[str, list[str]] = {}
    for one in examples:
        by_code.setdefault(one.code, []).append(one.words)
    places = {code: at for at, code in enumerate(model.codes)}
    found: dict[str, list[str]] = {}
    for code, messages in sorted(by_code.items()):
        often: Counter[str] = Counter()
        for words in messages[-_MOST_READ:]:
            often.update(set(model.because(model.look(read(words)), [places[code]])[0]))
        found[code] = [word for word, times in often.most_common() if times >= _LEAST_PEOPLE][:MOST_WORDS]
    return found
