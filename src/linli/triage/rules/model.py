"""A learned model: what it proposes for a message and by which words; how it is kept as bytes. Pure."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linli.triage.rules import features, linear, spans
from linli.triage.rules.features import Places, Row, Vocabulary
from linli.triage.rules.lexicon import Found, Lexicon, Profile
from linli.triage.rules.linear import Machine, Weights
from linli.triage.rules.network import Network
from linli.triage.rules.reading import Text, read

FORM = 2  # of the bytes
WITHOUT_ODDS = 1  # the form before, which is read as well: no odds, no network
STRENGTH = 4.0  # what the machine's score counts beside the network's certainty
SUREST = 0.99  # nothing a machine says of words is certain
SHOWN = 4  # words by which a proposal is explained


@dataclass(frozen=True, slots=True)
class Guess:
    """A category for a message, how certain (0 to 1), and the words that decided."""

    code: str
    certainty: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """A message as a model reads it, once for everything that is asked of it."""

    text: Text
    row: Row
    heard: Mapping[str, Found]  # by the lexicon


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned of groups of characters and words for each category, beside the lexicon's opinion."""

    codes: tuple[str, ...]
    vocabulary: Vocabulary
    machine: Machine  # the lexicon's columns stand last
    network: Network | None  # where there was enough to learn from
    profiles: tuple[Profile, ...]
    lexicon: Lexicon
    sharpness: float
    leaning: float  # what the lexicon's opinion counts

    def look(self, text: Text) -> Looked:
        """Read a message."""
        heard = self.lexicon.look(text)
        said = features.opinion(heard, self.codes, self.leaning)
        return Looked(text, features.row(features.see(text), self.vocabulary, said), heard)

    def scores(self, one: Looked) -> features.Reals:
        """What a message scores for every category, in the order of ``codes``."""
        found = self.machine.score(one.row) * np.float32(STRENGTH)
        return found if self.network is None else found + self.network.score(one.row)

    def guess(self, words: str, among: Iterable[str] | None = None, most: int = 3) -> tuple[Guess, ...]:
        """The likeliest categories, surest first; ``among`` leaves out those that are not in force."""
        text = read(words)
        held = range(len(self.codes)) if among is None else self._held(frozenset(among))
        if not text.letters or not held:
            return ()
        one = self.look(text)
        certain = linear.probabilities(self.scores(one)[list(held)], self.sharpness)
        best = [int(at) for at in np.argsort(-certain, kind="stable")[:most]]
        because = self.because(one, [held[at] for at in best])
        return tuple(
            Guess(self.codes[held[at]], min(float(certain[at]), SUREST), decided)
            for at, decided in zip(best, because, strict=True)
        )

    def guess_code(self, words: str) -> str:
        """The likeliest category alone, which is quicker."""
        return self.codes[int(np.argmax(self.scores(self.look(read(words)))))]

    def because(self, one: Looked, categories: Sequence[int]) -> list[tuple[str, ...]]:
        """The words of a message that spoke most for each of these categories."""
        worth = self._worth(one, categories)
        return [spans.words(one.text, found, SHOWN) for found in worth.tolist()]

    def _held(self, among: frozenset[str]) -> list[int]:
        return [at for at, code in enumerate(self.codes) if code in among]

    def _worth(self, one: Looked, categories: Sequence[int]) -> NDArray[np.float64]:
        """What each letter of a message adds for these categories, against the mean of all (category × letter)."""
        letters = one.text.letters
        worth = np.zeros((len(categories), len(letters)), dtype=np.float64)
        for size in range(1, features.LONGEST + 1):
            places, held = self.vocabulary.columns(features.groups(letters, size, 0))
            pulled = self._pull(one.row, places)
            gain = pulled[:, categories] - pulled.mean(axis=1, keepdims=True)
            gain *= (self.vocabulary.rarity[places] / size)[:, None]
            for step in range(size):
                worth[:, np.flatnonzero(held) + step] += gain.T  # no place twice
        for at, number in enumerate(categories):
            heard = one.heard.get(self.codes[number])
            for word in heard.words[: 2 * SHOWN] if heard else ():
                first = letters.find(word)
                worth[at, first : first + len(word)] += STRENGTH * self.leaning
        return worth

    def _pull(self, one: Row, columns: Places) -> Weights:
        """What each column says in this message for each category, as it counts in the scores."""
        found = self.machine.pull(one, columns) * np.float32(STRENGTH)
        return found if self.network is None else found + self.network.pull(one, columns)

    def to_bytes(self) -> bytes:
        """The model, compressed; numbers halved in precision, which changes no proposal that matters."""
        held = io.BytesIO()
        kept: dict[str, Any] = {
            "numbers": self.vocabulary.numbers,
            "rarity": _half(self.vocabulary.rarity),
            "weights": _half(self.machine.weights),
            "odds": _half(self.machine.odds),
            "about": np.frombuffer(json.dumps(self._about(), ensure_ascii=False).encode(), dtype=np.uint8),
        }
        if self.network is not None:
            kept |= {
                "columns": self.network.columns,
                "inner": _half(self.network.inner),
                "inner_bias": self.network.inner_bias,
                "outer": self.network.outer,
                "outer_bias": self.network.outer_bias,
            }
        np.savez(held, **kept)
        return zlib.compress(held.getvalue(), 6)

    def _about(self) -> dict[str, object]:
        return {
            "form": FORM,
            "codes": self.codes,
            "sharpness": self.sharpness,
            "leaning": self.leaning,
            "profiles": [[one.code, list(one.names), dict(one.weights)] for one in self.profiles],
        }


def _half(numbers: Weights) -> NDArray[np.float16]:
    return numbers.astype(np.float16)


class OtherForm(ValueError):
    """The bytes were written by another version of this program."""


def from_bytes(kept: bytes) -> Model:
    """The model back from its bytes.

    :raises OtherForm: they are not a model of this form.
    """
    try:
        with np.load(io.BytesIO(zlib.decompress(kept)), allow_pickle=False) as held:
            about = json.loads(held["about"].tobytes().decode())
            form = about.get("form")
            if form not in (FORM, WITHOUT_ODDS):
                raise OtherForm(f"form {form}")
            numbers, rarity = held["numbers"].astype(np.uint32), held["rarity"].astype(np.float32)
            weights = held["weights"].astype(np.float32)
            odds = np.ones_like(weights) if form == WITHOUT_ODDS else held["odds"].astype(np.float32)
            network = _network(held) if "columns" in held else None
    except (zlib.error, ValueError, KeyError, OSError) as error:
        raise OtherForm("not a model") from error
    profiles = tuple(Profile(code, tuple(names), words) for code, names, words in about["profiles"])
    return Model(
        codes=tuple(about["codes"]),
        vocabulary=Vocabulary(numbers, rarity),
        machine=Machine(weights, odds),
        network=network,
        profiles=profiles,
        lexicon=Lexicon(profiles),
        sharpness=float(about["sharpness"]) / (STRENGTH if form == WITHOUT_ODDS else 1.0),
        leaning=float(about["leaning"]),
    )


def _network(held: Mapping[str, NDArray[Any]]) -> Network:
    return Network(
        held["columns"].astype(np.int32),
        held["inner"].astype(np.float32),
        held["inner_bias"].astype(np.float32),
        held["outer"].astype(np.float32),
        held["outer_bias"].astype(np.float32),
    )
