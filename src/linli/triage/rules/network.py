"""A small neural network beside the machine: it sees what groups say together. Pure, numpy only.

One hidden layer over the groups that tell categories apart best. Half of the layer and a fifth of the groups are left out
by chance while it learns (Srivastava et al.: Dropout, JMLR 2014), so that it does not lean on single groups; labels are
softened (Szegedy et al.: Rethinking the Inception Architecture, CVPR 2016), because some of them are chance; steps shrink
with what was already learned at a place (Duchi, Hazan, Singer: Adaptive Subgradient Methods, JMLR 2011), by group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linli.triage.rules.features import Places, Reals, Row
from linli.triage.rules.linear import Weights

COLUMNS = 20_000  # groups it reads
HIDDEN = 96
ROUNDS = 12
STEP = 0.1
STRENGTH = 6.0  # of what it reads: a message of length one alone would move little
LEFT_OUT = 0.5  # of the hidden layer, at each message
UNREAD = 0.2  # of the groups, at each message
SOFTENED = 0.1  # of a label, shared among all categories
_SEED = 20
_FIRST = 1e-6  # before anything was learned at a place


@dataclass(frozen=True, slots=True)
class Network:
    """Weights from groups to the hidden layer, and from there to the categories."""

    columns: NDArray[np.int32]  # of the vocabulary, in order
    inner: Weights  # column × hidden
    inner_bias: Reals
    outer: Weights  # hidden × category
    outer_bias: Reals

    def score(self, one: Row) -> Reals:
        """The logarithm of its certainty for every category."""
        places, read = self._read(one)
        return _logarithms(self._hidden(places, read) @ self.outer + self.outer_bias)

    def pull(self, one: Row, columns: Places) -> Weights:
        """What each of these columns says in this message for each category (column × category), per unit of its value."""
        places, read = self._read(one)
        awake = self.outer * (self._hidden(places, read) > 0)[:, None]
        found = np.zeros((len(columns), self.outer.shape[1]), dtype=np.float32)
        asked, known = _among(self.columns, columns)
        found[known] = self.inner[asked] @ awake * np.float32(STRENGTH)
        return found

    def _read(self, one: Row) -> tuple[Places, Reals]:
        places, known = _among(self.columns, one.columns)
        return places, one.values[known] * np.float32(STRENGTH)

    def _hidden(self, places: Places, read: Reals) -> Reals:
        found: Reals = np.maximum(read @ self.inner[places] + self.inner_bias, 0)
        return found


def telling(sums: Weights, messages: NDArray[np.int64], most: int = COLUMNS) -> Places:
    """The columns that tell the categories apart best, by chi², in order.

    :param sums: what each column weighs in all messages of a category, column × category
    :param messages: how many each category has
    """
    share = messages / max(int(messages.sum()), 1)
    expected = sums.sum(axis=1, keepdims=True) * share
    far = ((sums - expected) ** 2 / np.maximum(expected, 1e-12)).sum(axis=1)
    return np.sort(np.argsort(-far, kind="stable")[:most])


def train(rows: Sequence[Row], labels: Sequence[int], *, columns: Places, categories: int) -> Network:
    """A network that has read every message ``ROUNDS`` times, in an order by chance but the same each time."""
    chance = np.random.default_rng(_SEED)
    inner = (chance.standard_normal((len(columns), HIDDEN)) * 0.05).astype(np.float32)
    outer = (chance.standard_normal((HIDDEN, categories)) / np.sqrt(HIDDEN)).astype(np.float32)
    made = Network(
        columns.astype(np.int32), inner, np.zeros(HIDDEN, np.float32), outer, np.zeros(categories, np.float32)
    )
    learner = _Learner(made)
    wanted = np.full((categories, categories), SOFTENED / categories, dtype=np.float32)
    wanted += np.eye(categories, dtype=np.float32) * np.float32(1 - SOFTENED)
    read = [made._read(one) for one in rows]
    for turn in range(ROUNDS):
        step = np.float32(STEP * (1 - turn / ROUNDS))
        for at in chance.permutation(len(rows)):
            places, values = read[at]
            heard = chance.random(len(places), dtype=np.float32) > UNREAD
            learner.learn(
                places[heard],
                values[heard] / np.float32(1 - UNREAD),
                wanted[labels[at]],
                step,
                (chance.random(HIDDEN) > LEFT_OUT).astype(np.float32) / np.float32(1 - LEFT_OUT),
            )
    return made


class _Learner:
    """Changes the weights of a network in place, and remembers how much was learned where."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.inner = np.full(len(network.inner), _FIRST, dtype=np.float32)  # by group
        self.inner_bias, self.outer, self.outer_bias = (
            np.full_like(one, _FIRST) for one in (network.inner_bias, network.outer, network.outer_bias)
        )

    def learn(self, places: Places, values: Reals, wanted: Reals, step: np.float32, kept: Reals) -> None:
        """One step towards what is wanted of one message, with so much of each hidden unit."""
        made = self.network
        held = made.inner[places]
        before = values @ held + made.inner_bias
        passing = np.where(before > 0, kept, np.float32(0))
        hidden: Reals = before * passing
        missed = np.exp(_logarithms(hidden @ made.outer + made.outer_bias)) - wanted
        inside = (made.outer @ missed) * passing
        _step(made.outer, self.outer, np.outer(hidden, missed), step)
        _step(made.outer_bias, self.outer_bias, missed, step)
        _step(made.inner_bias, self.inner_bias, inside, step)
        slope = float(inside @ inside) / len(inside)
        if slope > 0:
            self.inner[places] += values * values * np.float32(slope)
            made.inner[places] = held - np.outer(values * (step / np.sqrt(self.inner[places])), inside)


def _step(weights: Weights, learned: Weights, slope: Weights, step: np.float32) -> None:
    learned += slope * slope
    weights -= step * slope / np.sqrt(learned)


def _logarithms(scores: Reals) -> Reals:
    """Of certainties that add up to one."""
    lowered = scores - scores.max()
    found: Reals = lowered - np.log(np.exp(lowered).sum())
    return found


def _among(known: NDArray[np.int32], columns: Places) -> tuple[Places, NDArray[np.bool_]]:
    """Where these columns stand among the known ones, and which of them are known."""
    places = np.searchsorted(known, columns)
    there = places < len(known)
    there[there] = known[places[there]] == columns[there]
    return places[there], there
