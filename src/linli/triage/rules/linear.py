"""A linear support vector machine, one category against the others, by coordinate descent in the dual. Pure, numpy only.

Hsieh, Chang, Lin, Keerthi, Sundararajan: A Dual Coordinate Descent Method for Large-scale Linear SVM (ICML 2008), with
squared hinge loss; all categories take their step at a message together, which is what makes it quick without a compiler.

Each category reads a message in its own way: a group counts the more, the more its odds differ between messages of the
category and others (after Wang and Manning: Baselines and Bigrams, ACL 2012), and the message is brought to length one
again. With odds r and what was learned w, u = r·w is kept; a message x scores (x·u) / |x·r|, and a step of size d at it
adds d·x·r² / |x·r| to u: no message is copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linli.triage.rules.features import Reals, Row

COST = 1.0
ROUNDS = (6, 25)  # at least and at most; the more messages, the sooner enough was seen
_STEPS = 40_000  # messages looked at, all rounds together
ODDS = 0.5  # how much the odds of a group count; the rest every group has
SMOOTHED = 0.1  # weight every group has in every category before anything was seen
_ENOUGH = 0.02  # largest step of a round at which it is done
_SEED = 20

Weights = NDArray[np.float32]  # column × category


@dataclass(frozen=True, slots=True)
class Machine:
    """What was learned, and the odds through which each category reads."""

    weights: Weights  # u = r·w
    odds: Weights  # r

    def score(self, one: Row) -> Reals:
        """What a message scores for every category."""
        found: Reals = one.values @ self.weights[one.columns] / self.lengths(one)
        return found

    def pull(self, one: Row, columns: NDArray[np.int64]) -> Weights:
        """What each of these columns adds to each score of this message (column × category), per unit of its value."""
        found: Weights = self.weights[columns] / self.lengths(one)
        return found

    def lengths(self, one: Row) -> Reals:
        """How long a message is as each category reads it."""
        seen = self.odds[one.columns]
        return _lengths(one, seen * seen)


def _lengths(one: Row, squares: Weights) -> Reals:
    found: Reals = np.sqrt(np.maximum((one.values * one.values) @ squares, 1e-12))
    return found


def sums(rows: Sequence[Row], labels: Sequence[int], *, columns: int, categories: int) -> Weights:
    """What each column weighs in all messages of each category."""
    found = np.zeros((columns, categories), dtype=np.float32)
    for one, label in zip(rows, labels, strict=True):
        found[one.columns, label] += one.values
    return found


def odds(weighed: Weights, own: int) -> Weights:
    """How much each column counts for each category, one on average.

    :param weighed: the sums of the columns by category
    :param own: how many of the last columns are not groups of a message: they count one
    """
    groups = weighed[: len(weighed) - own].astype(np.float64)
    inside, outside = groups + SMOOTHED, groups.sum(axis=1, keepdims=True) - groups + SMOOTHED
    far = np.abs(np.log((inside / inside.sum(axis=0)) / (outside / outside.sum(axis=0))))
    mean = far.mean(axis=0) if len(far) else np.ones(weighed.shape[1])
    found = np.ones_like(weighed)
    found[: len(groups)] = 1 - ODDS + ODDS * far / np.where(mean > 0, mean, 1.0)
    return found


def train(rows: Sequence[Row], labels: Sequence[int], seen: Weights, *, cost: float = COST) -> Machine:
    """A machine whose categories read through these odds (column × category).

    Messages on which nothing moved are left out of the next rounds, and looked at again in the last ones.
    """
    weights, squares = np.zeros_like(seen), seen * seen
    side = np.full((len(rows), seen.shape[1]), -1.0, dtype=np.float32)
    side[np.arange(len(rows)), np.asarray(labels, dtype=np.int64)] = 1.0
    dual = np.zeros_like(side)
    length = [_lengths(one, squares[one.columns]) for one in rows]
    chance = np.random.default_rng(_SEED)
    active = np.arange(len(rows))
    fewest, most = ROUNDS
    for turn in range(max(fewest, min(most, _STEPS // max(len(rows), 1)))):
        moved = _round(chance.permutation(active), rows, side, dual, length, weights, squares, cost)
        quiet = moved < _ENOUGH
        if quiet.all() and len(active) == len(rows):
            break
        still = moved >= _ENOUGH / 2
        everything = still.sum() < len(rows) // 50 or turn % 6 == 5
        active = np.arange(len(rows)) if everything else np.flatnonzero(still)
    return Machine(weights, seen)


def _round(
    order: NDArray[np.int64],
    rows: Sequence[Row],
    side: Weights,
    dual: Weights,
    length: Sequence[Reals],
    weights: Weights,
    squares: Weights,
    cost: float,
) -> Reals:
    """One step at each message; gives the largest step of each, none for those left out."""
    soft = np.float32(0.5 / cost)
    moved = np.zeros(len(rows), dtype=np.float32)
    for at in order:
        one = rows[at]
        held = weights[one.columns]
        slope = side[at] * (one.values @ held) / length[at] - 1 + soft * dual[at]
        wanted = np.maximum(dual[at] - slope / (1 + soft), 0)
        step = (wanted - dual[at]) * side[at]
        largest = float(np.abs(step).max())
        moved[at] = largest
        if largest > 1e-4:
            weights[one.columns] = held + one.values[:, None] * (squares[one.columns] * (step / length[at]))
            dual[at] = wanted
    return moved


def probabilities(scores: Weights, sharpness: float) -> NDArray[np.float64]:
    """Certainties from scores: the sharper, the surer."""
    scaled = scores.astype(np.float64) * sharpness
    scaled -= scaled.max(axis=-1, keepdims=True)
    raised = np.exp(scaled)
    certain: NDArray[np.float64] = raised / raised.sum(axis=-1, keepdims=True)
    return certain


def calibrate(scores: Weights, labels: Sequence[int]) -> float:
    """The sharpness under which held-out labels are least surprising (temperature scaling, Guo et al. 2017).

    The truth is taken as sure only as far as their number allows: a dozen proposals that were all right do not make
    the next one certain.
    """
    truth = np.asarray(labels, dtype=np.int64)
    doubt = 1.0 / (len(truth) + 2.0)
    best, found = np.inf, 1.0
    for sharpness in np.geomspace(0.1, 16, 61):
        surprise = -np.log(np.maximum(probabilities(scores, float(sharpness)), 1e-9))
        own = surprise[np.arange(len(truth)), truth]
        felt = float(((1 - doubt) * own + doubt * surprise.mean(axis=1)).mean())
        if felt < best:
            best, found = felt, float(sharpness)
    return found
