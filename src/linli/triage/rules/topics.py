"""Hot topics: messages of a period grouped by what they are about and where. Pure and deterministic.

Two messages are near when they say alike (`topics_vectors`), more so when they name or stand at the same place, less when
each names another place, and not at all when too many days lie between them. Groups are grown from nearness
(`topics_clusters`), named by their best words (`topics_titles`) and weighed (`heat`).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from linli.triage.rules import topics_text
from linli.triage.rules.topics_clusters import Pair, cluster
from linli.triage.rules.topics_text import Read
from linli.triage.rules.topics_vectors import Floats, Space

VERSION = "topics-1"
LEAST = 0.27  # of the mean nearness within a topic
KEPT = 0.12  # pairs below count as not near at all
SAID = 0.04  # below, two messages have nothing to do with each other, wherever they are
SAME_PLACE = 0.42  # for naming the same place in the foreground
OTHER_PLACE = 0.60  # taken off when each names another place that others name as well
OTHER_NAME = 0.15  # taken off when each names another place, of which one is named by nobody else
OTHER_DISTRICT = 0.12
SAME_CATEGORY, OTHER_CATEGORY = 0.06, 0.10
REACH_DAYS = 92.0  # between neighbours of one topic
STALE = 0.10  # taken off for lying that many days apart
PLACE_SHARE = 0.4  # of the members, for a topic to be called after a place
FOREGROUND = topics_text.SUBJECT_TIMES


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``spots`` are the places the house knows it stands at, from wide to fine: (grid, building)."""

    key: str
    subject: str
    body: str
    at: datetime | None = None
    who: str = ""
    votes: int = 0
    spots: tuple[str, ...] = ()
    lon: float | None = None
    lat: float | None = None
    category: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Messages about one matter; numbers of the sequence given, with how near each stands to the others (0 to 1)."""

    members: tuple[int, ...]
    certainty: tuple[float, ...]
    place: str  # the name in the words that most of them share; empty for none
    seeds: tuple[int, ...] = ()  # the numbers of the earlier groups it goes on from


@dataclass(frozen=True, slots=True)
class Grouped:
    """All groups, and what was read of each message (for their titles)."""

    groups: tuple[Group, ...]
    read: tuple[Read, ...]


def group(
    messages: Sequence[Message],
    *,
    seeds: Sequence[Collection[int]] = (),
    firm: Collection[int] = (),
    apart: Iterable[Pair] = (),
    least: float = LEAST,
) -> Grouped:
    """Every message in one group; a group of one is a message that nobody else writes about.

    :param seeds: groups of an earlier run, by message numbers; each stays together.
    :param firm: the seeds (by their place in ``seeds``) that a person has looked at: no two of them are joined.
    :param apart: pairs that a person has told apart.
    """
    held = _with_plain_names([topics_text.read(one.subject, one.body) for one in messages])
    near = nearness(messages, held)
    found = cluster(len(messages), near, least=least, seeds=seeds, firm=firm, apart=apart)
    first_of = {min(seed): number for number, seed in enumerate(seeds)}
    groups = tuple(
        Group(
            tuple(members),
            tuple(_certainty(one, members, near) for one in members),
            _place([held[one] for one in members]),
            tuple(sorted(first_of[one] for one in members if one in first_of)),
        )
        for members in found
    )
    return Grouped(groups, tuple(held))


def nearness(messages: Sequence[Message], held: Sequence[Read]) -> dict[Pair, float]:
    """How near each pair stands, 0 to 1; pairs that do not matter are left out."""
    said = Space([one.what for one in held])
    where = _Where(messages, held)
    days = np.array([one.at.timestamp() / 86400 if one.at else np.nan for one in messages])
    found: dict[Pair, float] = {}
    for row in range(len(messages)):
        score = said.near(row)[row + 1 :]
        candidates = np.nonzero(score >= SAID)[0]
        if not len(candidates):
            continue
        others = candidates + row + 1
        apart = np.nan_to_num(np.abs(days[others] - days[row]), nan=0.0)
        value = score[candidates] + where.pull(row, others)
        value = np.where(apart <= REACH_DAYS, value - STALE * apart / REACH_DAYS, 0.0)
        for other, one in zip(others[value >= KEPT].tolist(), value[value >= KEPT].tolist(), strict=True):
            found[row, other] = min(one, 1.0)
    return found


class _Where:
    """What places add to or take from the nearness of what is said."""

    def __init__(self, messages: Sequence[Message], held: Sequence[Read]) -> None:
        self.messages, self.held = messages, held
        self.front = [_foreground(one) for one in held]
        self.known = [frozenset(one.places) for one in held]
        seen = Counter(name for names in self.known for name in names)
        self._sure = [any(seen[name] > 1 for name in names) for names in self.front]
        self.weight = {name: math.log((1 + len(held)) / times) for name, times in seen.items()}

    def pull(self, row: int, others: NDArray[np.int64]) -> Floats:
        """For one message and some others."""
        found = [
            self._names(row, other)
            + self._spots(self.messages[row], self.messages[other])
            + _categories(self.messages[row].category, self.messages[other].category)
            for other in others.tolist()
        ]
        return np.array(found, dtype=np.float32)

    def _names(self, row: int, other: int) -> float:
        one, two = self.front[row], self.front[other]
        shared = (one & self.known[other]) | (two & self.known[row])
        if shared:
            full = sum(self.weight[name] for name in shared & one & two)
            half = sum(self.weight[name] for name in shared - (one & two)) / 2
            least = min(sum(self.weight[name] for name in names) or 1e9 for names in (one, two))
            return SAME_PLACE * min((full + half) / max(least, 1e-6), 1.0)
        lost = 0.0
        if one and two:
            lost = OTHER_PLACE if self._sure[row] and self._sure[other] else OTHER_NAME
        districts = self.held[row].districts, self.held[other].districts
        return -lost - (OTHER_DISTRICT if all(districts) and not districts[0] & districts[1] else 0.0)

    def _spots(self, one: Message, other: Message) -> float:
        """Places the house knows: the same building most, then the same grid, then how far apart."""
        meters = _meters(one, other)
        shared = sum(spot in other.spots for spot in one.spots)
        if not shared and meters is None:
            return 0.0
        by_tree = SAME_PLACE * (0.0, 0.55, 1.0)[min(shared, 2)]
        by_way = SAME_PLACE * math.exp(-((meters / 120) ** 2)) if meters is not None else 0.0
        return max(by_tree, by_way)


def _foreground(read: Read) -> frozenset[str]:
    """The places named in the subject; where it names none, those of the text if they are few."""
    named = frozenset(name for name, times in read.places.items() if times >= FOREGROUND)
    if named:
        return named
    return frozenset(read.places) if len(read.places) <= 3 else frozenset()


def _categories(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    if one == other:
        return SAME_CATEGORY
    return 0.0 if one.partition(".")[0] == other.partition(".")[0] else -OTHER_CATEGORY


def _meters(one: Message, other: Message) -> float | None:
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return None
    across = (one.lon - other.lon) * 111_320 * math.cos(math.radians(one.lat))
    return math.hypot(across, (one.lat - other.lat) * 110_540)


def _with_plain_names(held: Sequence[Read]) -> list[Read]:
    """Names without what stands before them by chance: 拆除五一桥 is 五一桥, where others call it so."""
    seen = Counter(name for one in held for name in one.places)
    plain = {name: _plain(name, seen) for name in seen}
    found = []
    for one in held:
        places: dict[str, float] = defaultdict(float)
        for name, times in one.places.items():
            places[plain[name]] += times
        found.append(Read(one.what, dict(places), one.districts))
    return found


def _plain(name: str, seen: Counter[str]) -> str:
    for start in range(1, len(name) - 2):
        shorter = name[start:]
        if seen[shorter] >= 2 and seen[shorter] >= seen[name]:
            return shorter
    return name


def _certainty(one: int, members: Sequence[int], near: dict[Pair, float]) -> float:
    """How near a member stands to the others, on the average."""
    if len(members) == 1:
        return 1.0
    total = sum(near.get((min(one, other), max(one, other)), 0.0) for other in members if other != one)
    return round(total / (len(members) - 1), 3)


def _place(held: Sequence[Read]) -> str:
    """The name that the members share: one in the subject counts whole, one in the text a third."""
    times: dict[str, float] = defaultdict(float)
    for one in held:
        for name, count in one.places.items():
            times[name] += 1.0 if count >= FOREGROUND else 1 / 3
    best = max(times, key=lambda name: (round(times[name], 6), -len(name), name), default="")
    return best if best and times[best] >= max(1.0, PLACE_SHARE * len(held)) else ""
