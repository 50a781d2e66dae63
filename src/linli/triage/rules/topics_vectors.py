"""How near two messages stand, for many at once: weighted pieces, shared places, time. Pure, with numpy.

A piece counts by how often it is said and how rare it is (log tf × idf); nearness of what is said is the cosine. Rows are
kept as postings, so that one message is compared with all others in a few array operations; no pair is looked at twice.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from linli.triage.rules.topics_text import THING

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

MOST_PIECES = 160  # of one message, the most telling
COMMON = 0.25  # a piece that a quarter of all messages hold tells nothing
THING_TIMES = 2.0  # a thing known by its code counts as much as so many pieces
FEW = 60  # in fewer messages than this nothing is called common


class Space:
    """Messages as vectors of unit length."""

    def __init__(self, rows: Sequence[Mapping[str, float]], *, most: int = MOST_PIECES) -> None:
        self.size = len(rows)
        seen = Counter(piece for row in rows for piece in row)
        limit = max(FEW, int(COMMON * self.size))
        names = [piece for piece, times in sorted(seen.items()) if 2 <= times <= limit]
        self.idf = {piece: math.log((1 + self.size) / seen[piece]) for piece in names}
        ids = {piece: number for number, piece in enumerate(names)}
        self._own: list[tuple[Ints, Floats]] = [_vector(row, ids, self.idf, seen, most) for row in rows]
        self._postings = _postings(self._own, len(names))

    def near(self, row: int) -> Floats:
        """The cosine of this message with each."""
        ids, weights = self._own[row]
        found = np.zeros(self.size, dtype=np.float32)
        starts, rows, values = self._postings
        for piece, weight in zip(ids.tolist(), weights.tolist(), strict=True):
            span = slice(starts[piece], starts[piece + 1])
            found[rows[span]] += values[span] * weight
        return found


def _vector(
    row: Mapping[str, float],
    ids: Mapping[str, int],
    idf: Mapping[str, float],
    seen: Mapping[str, int],
    most: int,
) -> tuple[Ints, Floats]:
    weighed = [
        ((THING_TIMES if piece[0] == THING else 1.0) * idf[piece] * (1 + math.log(times)), piece)
        for piece, times in row.items()
        if piece in ids
    ]
    # What nobody else says makes a message more its own, and so less like any other.
    alone = sum(math.log(1 + len(ids)) ** 2 for piece in row if seen[piece] == 1) * 0.02
    kept = sorted(weighed, key=lambda pair: (-pair[0], pair[1]))[:most]
    length = math.sqrt(sum(weight * weight for weight, _ in kept) + alone) or 1.0
    kept.sort(key=lambda pair: ids[pair[1]])
    return (
        np.array([ids[piece] for _, piece in kept], dtype=np.int32),
        np.array([weight / length for weight, _ in kept], dtype=np.float32),
    )


def _postings(own: Sequence[tuple[Ints, Floats]], pieces: int) -> tuple[list[int], Ints, Floats]:
    """For each piece the messages that hold it, one after the other."""
    if not own:
        return [0] * (pieces + 1), np.zeros(0, np.int32), np.zeros(0, np.float32)
    ids = np.concatenate([pair[0] for pair in own])
    values = np.concatenate([pair[1] for pair in own])
    rows = np.repeat(np.arange(len(own), dtype=np.int32), [len(pair[0]) for pair in own])
    order = np.argsort(ids, kind="stable")
    starts = np.searchsorted(ids[order], np.arange(pieces + 1)).tolist()
    return starts, rows[order], values[order]
