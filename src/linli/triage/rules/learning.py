"""Learning categories from messages that people decided on, and judging fairly what was learned. Pure.

Messages that say nearly the same (one complaint sent again) are kept on one side whenever something is held out: a model
that has seen the first copy would only remember the second.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from linli.triage.rules import features, linear, network
from linli.triage.rules.lexicon import Found, Lexicon, Profile
from linli.triage.rules.model import Model
from linli.triage.rules.reading import Text, read

COST = 3.0
LEANING = 0.1  # the lexicon's weight while there is little to learn from
LITTLE = 1000  # messages; with more, what was learned takes over
HELD_OUT = 5  # one group in five is held out
FOR_NETWORK = 500  # messages; with fewer the network learns them by heart
LEAST_TO_HOLD = 50  # messages; with fewer there is nothing to spare
_SHINGLE = 4  # letters
_COMMON = 60  # a shingle in more messages than that says nothing of reposts
_SAME, _INSIDE = 0.4, 0.8


@dataclass(frozen=True, slots=True)
class Example:
    """A message and the category that was decided."""

    words: str
    code: str


@dataclass(frozen=True, slots=True)
class OfClass:
    """How well one category is found."""

    precision: float
    recall: float
    f1: float
    n: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """How well proposals met decisions."""

    macro_f1: float
    accuracy: float
    n: int
    per_class: dict[str, OfClass]


def learn(
    examples: Sequence[Example], profiles: Sequence[Profile], *, sharpness: float | None = None
) -> Model:
    """A model of all these examples; its certainty is calibrated on a part that a first model did not see.

    :param profiles: what is known of the categories without examples; those of examples without a profile are added
    :param sharpness: of certainties, if it is known already
    """
    known = {one.code for one in profiles}
    bare = sorted({one.code for one in examples} - known)
    every = (*profiles, *(Profile(code, (code,)) for code in bare))
    texts = [read(one.words) for one in examples]
    seen = [features.see(text) for text in texts]
    lexicon = Lexicon(every)
    heard = [lexicon.look(text) for text in texts]
    whole = _fit(examples, seen, heard, lexicon, every, sharpness or 1.0)
    if sharpness is not None or len(examples) < LEAST_TO_HOLD:
        return whole
    held = held_out([one.words for one in examples])
    kept = [at for at in range(len(examples)) if not held[at]]
    out = [at for at in range(len(examples)) if held[at]]
    part = _fit(
        [examples[at] for at in kept],
        [seen[at] for at in kept],
        [heard[at] for at in kept],
        lexicon,
        every,
        1.0,
    )
    found = calibrated(part, [texts[at] for at in out], [examples[at].code for at in out])
    return replace(whole, sharpness=found)


def _fit(
    examples: Sequence[Example],
    seen: Sequence[features.Seen],
    heard: Sequence[Mapping[str, Found]],
    lexicon: Lexicon,
    profiles: Sequence[Profile],
    sharpness: float,
) -> Model:
    codes = tuple(one.code for one in profiles)
    at = {code: number for number, code in enumerate(codes)}
    leaning = LEANING * min(1.0, LITTLE / max(len(examples), 1)) ** 2
    vocabulary = features.vocabulary(seen)
    columns, labels = len(vocabulary) + len(codes), [at[one.code] for one in examples]
    rows = [
        features.row(one, vocabulary, features.opinion(found, codes, leaning))
        for one, found in zip(seen, heard, strict=True)
    ]
    weighed = linear.sums(rows, labels, columns=columns, categories=len(codes))
    machine = linear.train(rows, labels, linear.odds(weighed, own=len(codes)), cost=COST)
    layers = None
    if len(examples) >= FOR_NETWORK:
        often = np.bincount(labels, minlength=len(codes))
        layers = network.train(rows, labels, columns=network.telling(weighed, often), categories=len(codes))
    return Model(codes, vocabulary, machine, layers, tuple(profiles), lexicon, sharpness, leaning)


def calibrated(model: Model, texts: Sequence[Text], codes: Sequence[str]) -> float:
    """The sharpness under which these decisions, not learned from, are least surprising."""
    at = {code: number for number, code in enumerate(model.codes)}
    pairs = [(text, at[code]) for text, code in zip(texts, codes, strict=True) if code in at]
    if not pairs:
        return model.sharpness
    scores = np.array([model.scores(model.look(text)) for text, _ in pairs])
    return linear.calibrate(scores, [number for _, number in pairs])


def judge(truth: Sequence[str], found: Sequence[str]) -> Judgement:
    """Macro-F1 over the categories that were decided or proposed, accuracy, and each category by itself."""
    right: Counter[str] = Counter(one for one, other in zip(truth, found, strict=True) if one == other)
    decided, proposed = Counter(truth), Counter(found)
    per_class = {
        code: OfClass(
            right[code] / proposed[code] if proposed[code] else 0.0,
            right[code] / decided[code] if decided[code] else 0.0,
            2 * right[code] / (decided[code] + proposed[code]),
            decided[code],
        )
        for code in sorted(decided)
    }
    n = len(truth)
    return Judgement(
        macro_f1=sum(one.f1 for one in per_class.values()) / len(per_class) if per_class else 0.0,
        accuracy=sum(right.values()) / n if n else 0.0,
        n=n,
        per_class=per_class,
    )


def by_lexicon(profiles: Sequence[Profile]) -> Callable[[str], str]:
    """A proposal for every message without any history; the first category where nothing speaks for one."""
    lexicon = Lexicon(profiles)

    def propose(words: str) -> str:
        found = lexicon.look(read(words))
        return (
            max(found, key=lambda code: found[code].score)
            if found
            else (profiles[0].code if profiles else "")
        )

    return propose


def held_out(messages: Sequence[str]) -> list[bool]:
    """Which messages are held out: one group of near copies in five, the same ones each time."""
    return [fold == 0 for fold in folds(messages, HELD_OUT)]


def folds(messages: Sequence[str], count: int) -> list[int]:
    """In which of so many parts each message is, near copies in the same one; the same parts each time."""
    order = np.random.default_rng(HELD_OUT).permutation(len(messages))
    return [int(order[group]) % count for group in reposts(messages)]


def reposts(messages: Sequence[str]) -> list[int]:
    """For each message, the first one that says nearly the same (itself, if none does)."""
    cut = [_shingles(words) for words in messages]
    often = Counter(shingle for one in cut for shingle in one)
    where: dict[int, list[int]] = defaultdict(list)
    head = list(range(len(messages)))

    def first(at: int) -> int:
        while head[at] != at:
            head[at] = head[head[at]]
            at = head[at]
        return at

    for at, own in enumerate(cut):
        shared: Counter[int] = Counter()
        for shingle in own:
            if 1 < often[shingle] <= _COMMON:
                shared.update(where[shingle])
                where[shingle].append(at)
        for other, count in shared.most_common(20):
            if count >= 0.2 * min(len(own), len(cut[other])) and _nearly(own, cut[other]):
                low, high = sorted((first(at), first(other)))
                head[high] = low
    return [first(at) for at in range(len(messages))]


def _shingles(words: str) -> frozenset[int]:
    letters = read(words).letters
    return frozenset(int(one) for one in features.groups(letters, min(_SHINGLE, max(len(letters), 1)), 9))


def _nearly(one: frozenset[int], other: frozenset[int]) -> bool:
    both = len(one & other)
    return both >= _SAME * len(one | other) or both >= _INSIDE * min(len(one), len(other))
