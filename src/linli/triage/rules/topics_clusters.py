"""From nearness to groups: the two nearest groups become one, as long as their members are near on the average. Pure.

Average linkage over a sparse graph: pairs that were not found near count as zero, so that a chain of neighbours
(noise here, noise and smell there, smell elsewhere) does not grow into one topic. Groups known from an earlier run are
the beginning instead of single messages, and stay together. Two groups that must not meet never do. Deterministic: ties go
to the lower numbers.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence

Pair = tuple[int, int]


def cluster(
    size: int,
    near: Mapping[Pair, float],
    *,
    least: float,
    seeds: Sequence[Collection[int]] = (),
    firm: Collection[int] = (),
    apart: Iterable[Pair] = (),
) -> list[list[int]]:
    """Groups of message numbers, each in ascending order, by their first member; every message is in one.

    :param near: nearness of pairs (lower number first); what is missing is zero.
    :param least: groups are joined while their members are at least so near on the average.
    :param seeds: groups that stand already, without a common member.
    :param firm: the seeds (by their place in ``seeds``) of which no two are joined.
    :param apart: pairs of messages that a person has told apart.
    """
    return _Growing(size, near, seeds, firm, apart).grow(least)


class _Growing:
    def __init__(
        self,
        size: int,
        near: Mapping[Pair, float],
        seeds: Sequence[Collection[int]],
        firm: Collection[int],
        apart: Iterable[Pair],
    ) -> None:
        self.members: dict[int, list[int]] = {}
        home = list(range(size))
        for seed in seeds:
            for one in seed:
                home[one] = min(seed)
        for one, group in enumerate(home):
            self.members.setdefault(group, []).append(one)
        self.sums: dict[int, dict[int, float]] = {group: {} for group in self.members}
        for (one, other), value in near.items():
            self._add(home[one], home[other], value)
        self.apart: dict[int, set[int]] = {}
        for one, other in apart:
            self._part(home[one], home[other])
        firmly = [min(seeds[number]) for number in firm]
        for group in firmly:
            for other in firmly:
                self._part(group, other)

    def _add(self, one: int, other: int, value: float) -> None:
        if one != other:
            self.sums[one][other] = self.sums[one].get(other, 0.0) + value
            self.sums[other][one] = self.sums[one][other]

    def _part(self, one: int, other: int) -> None:
        if one != other:
            self.apart.setdefault(one, set()).add(other)
            self.apart.setdefault(other, set()).add(one)

    def grow(self, least: float) -> list[list[int]]:
        """Join until nothing near enough is left."""
        heap = [
            (-self._mean(one, other), one, other)
            for one, others in self.sums.items()
            for other in others
            if one < other and self._mean(one, other) >= least
        ]
        heapq.heapify(heap)
        while heap:
            minus, one, other = heapq.heappop(heap)
            if one not in self.sums or other not in self.sums or other not in self.sums[one]:
                continue
            if -minus != self._mean(one, other) or other in self.apart.get(one, ()):
                continue
            for another in self._join(one, other):
                mean = self._mean(one, another)
                if mean >= least:
                    heapq.heappush(heap, (-mean, min(one, another), max(one, another)))
        return sorted((sorted(found) for found in self.members.values()), key=lambda found: found[0])

    def _mean(self, one: int, other: int) -> float:
        return self.sums[one][other] / (len(self.members[one]) * len(self.members[other]))

    def _join(self, kept: int, gone: int) -> list[int]:
        """The lower number keeps its name; returns the neighbours of the new group."""
        self.members[kept] += self.members.pop(gone)
        for another, value in self.sums.pop(gone).items():
            del self.sums[another][gone]
            if another != kept:
                self._add(kept, another, value)
        for another in self.apart.pop(gone, ()):
            self.apart[another].discard(gone)
            self._part(kept, another)
        return sorted(self.sums[kept])
