"""A linear support vector machine, one category against the others, by coordinate descent in the dual. Pure, numpy only.

Hsieh, Chang, Lin, Keerthi, Sundararajan: A Dual Coordinate Descent Method for Large-scale Linear SVM (ICML 2008), with
squared hinge loss; all categories take their step at a message together, which is what makes it quick without a compiler.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from linli.triage.rules.features import Reals, Row

COST = 1.0
MOST_ROUNDS = 25
_ENOUGH = 0.02  # largest step of a round at which it is done
_SEED = 20

Weights = NDArray[np.float32]  # column × category


def train(
    rows: Sequence[Row], labels: Sequence[int], *, columns: int, categories: int, cost: float = COST
) -> Weights:
    """Weights of every column for every category.

    Messages on which nothing moved are left out of the next rounds, and looked at again in the last ones.
    """
    weights = np.zeros((columns, categories), dtype=np.float32)
    side = np.full((len(rows), categories), -1.0, dtype=np.float32)
    side[np.arange(len(rows)), np.asarray(labels, dtype=np.int64)] = 1.0
    dual = np.zeros_like(side)
    length = np.array([float(one.values @ one.values) for one in rows], dtype=np.float32)
    chance = np.random.default_rng(_SEED)
    active = np.arange(len(rows))
    for turn in range(MOST_ROUNDS):
        moved = _round(chance.permutation(active), rows, side, dual, length, weights, cost)
        quiet = moved < _ENOUGH
        if quiet.all() and len(active) == len(rows):
            break
        still = moved >= _ENOUGH / 2
        everything = still.sum() < len(rows) // 50 or turn % 6 == 5
        active = np.arange(len(rows)) if everything else np.flatnonzero(still)
    return weights


def _round(
    order: NDArray[np.int64],
    rows: Sequence[Row],
    side: Weights,
    dual: Weights,
    length: Reals,
    weights: Weights,
    cost: float,
) -> Reals:
    """One step at each message; gives the largest step of each, none for those left out."""
    soft = np.float32(0.5 / cost)
    moved = np.zeros(len(rows), dtype=np.float32)
    for at in order:
        one = rows[at]
        held = weights[one.columns]
        slope = side[at] * (one.values @ held) - 1 + soft * dual[at]
        wanted = np.maximum(dual[at] - slope / (length[at] + soft), 0)
        step = (wanted - dual[at]) * side[at]
        largest = float(np.abs(step).max())
        moved[at] = largest
        if largest > 1e-4:
            weights[one.columns] = held + one.values[:, None] * step
            dual[at] = wanted
    return moved


def score(one: Row, weights: Weights) -> Reals:
    """What a message scores for every category."""
    found: Reals = one.values @ weights[one.columns]
    return found


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
    for sharpness in np.geomspace(0.5, 16, 41):
        surprise = -np.log(np.maximum(probabilities(scores, float(sharpness)), 1e-9))
        own = surprise[np.arange(len(truth)), truth]
        felt = float(((1 - doubt) * own + doubt * surprise.mean(axis=1)).mean())
        if felt < best:
            best, found = felt, float(sharpness)
    return found
