"""A learned model: what it proposes for a message and by which words; how it is kept as bytes. Pure."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from linli.triage.rules import features, linear, spans
from linli.triage.rules.features import Vocabulary
from linli.triage.rules.lexicon import Lexicon, Profile
from linli.triage.rules.linear import Weights
from linli.triage.rules.reading import Text, read

FORM = 1  # of the bytes; another form is not read
SUREST = 0.99  # nothing a machine says of words is certain
SHOWN = 4  # words by which a proposal is explained


@dataclass(frozen=True, slots=True)
class Guess:
    """A category for a message, how certain (0 to 1), and the words that decided."""

    code: str
    certainty: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of groups of characters and words for each category, beside the lexicon's opinion."""

    codes: tuple[str, ...]
    vocabulary: Vocabulary
    weights: Weights  # column × category; the lexicon's columns stand last
    profiles: tuple[Profile, ...]
    lexicon: Lexicon
    sharpness: float
    leaning: float  # what the lexicon's opinion counts

    def scores(self, text: Text) -> features.Reals:
        """What a message scores for every category, in the order of ``codes``."""
        seen = features.see(text)
        return linear.score(
            features.row(text, seen, self.vocabulary, self.lexicon, self.leaning), self.weights
        )

    def guess(self, words: str, among: Iterable[str] | None = None, most: int = 3) -> tuple[Guess, ...]:
        """The likeliest categories, surest first; ``among`` leaves out those that are not in force."""
        text = read(words)
        held = range(len(self.codes)) if among is None else self._held(frozenset(among))
        if not text.letters or not held:
            return ()
        certain = linear.probabilities(self.scores(text)[list(held)], self.sharpness)
        best = np.argsort(-certain, kind="stable")[:most]
        return tuple(
            Guess(self.codes[held[at]], min(float(certain[at]), SUREST), self.because(text, held[at]))
            for at in (int(one) for one in best)
        )

    def guess_code(self, words: str) -> str:
        """The likeliest category alone, which is quicker."""
        return self.codes[int(np.argmax(self.scores(read(words))))]

    def because(self, text: Text, category: int) -> tuple[str, ...]:
        """The words of a message that spoke most for a category."""
        return spans.words(text, self._worth(text, category), SHOWN)

    def _held(self, among: frozenset[str]) -> list[int]:
        return [at for at, code in enumerate(self.codes) if code in among]

    def _worth(self, text: Text, category: int) -> list[float]:
        """What each letter of a message adds for a category, against the mean of all."""
        worth = np.zeros(len(text.letters), dtype=np.float64)
        known = self.vocabulary
        for size in range(1, features.LONGEST + 1):
            found = features.groups(text.letters, size, 0)
            places, held = known.columns(found)
            if not len(places):
                continue
            own = self.weights[places]
            gain = (own[:, category] - own.mean(axis=1)) * known.rarity[places] / size
            for step in range(size):
                np.add.at(worth, np.flatnonzero(held) + step, gain)
        code = self.codes[category]
        heard = self.lexicon.look(text).get(code)
        for word in heard.words[: 2 * SHOWN] if heard else ():
            at = text.letters.find(word)
            worth[at : at + len(word)] += self.leaning
        return [float(one) for one in worth]

    def to_bytes(self) -> bytes:
        """The model, compressed; numbers halved in precision, which changes no proposal that matters."""
        held = io.BytesIO()
        np.savez(
            held,
            numbers=self.vocabulary.numbers,
            rarity=self.vocabulary.rarity.astype(np.float16),
            weights=self.weights.astype(np.float16),
            about=np.frombuffer(json.dumps(self._about(), ensure_ascii=False).encode(), dtype=np.uint8),
        )
        return zlib.compress(held.getvalue(), 6)

    def _about(self) -> dict[str, object]:
        return {
            "form": FORM,
            "codes": self.codes,
            "sharpness": self.sharpness,
            "leaning": self.leaning,
            "profiles": [[one.code, list(one.names), dict(one.weights)] for one in self.profiles],
        }


class OtherForm(ValueError):
    """The bytes were written by another version of this program."""


def from_bytes(kept: bytes) -> Model:
    """The model back from its bytes.

    :raises OtherForm: they are not a model of this form.
    """
    try:
        with np.load(io.BytesIO(zlib.decompress(kept)), allow_pickle=False) as held:
            about = json.loads(held["about"].tobytes().decode())
            numbers, rarity, weights = held["numbers"], held["rarity"], held["weights"]
    except (zlib.error, ValueError, KeyError, OSError) as error:
        raise OtherForm("not a model") from error
    if about.get("form") != FORM:
        raise OtherForm(f"form {about.get('form')}")
    profiles = tuple(Profile(code, tuple(names), words) for code, names, words in about["profiles"])
    return Model(
        codes=tuple(about["codes"]),
        vocabulary=Vocabulary(numbers.astype(np.uint32), rarity.astype(np.float32)),
        weights=weights.astype(np.float32),
        profiles=profiles,
        lexicon=Lexicon(profiles),
        sharpness=float(about["sharpness"]),
        leaning=float(about["leaning"]),
    )
