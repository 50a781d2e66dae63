"""A scheme of assessment: which indicators count how much, towards which targets, among which peers. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from linli.assessment.rules.indicator import Direction
from linli.assessment.rules.periods import Period
from linli.assessment.rules.stars import StarRule
from linli.assessment.rules.subjects import MEASURED_ROLES, Level

POINTS = 1000  # thousandths of a point
FULL = 100 * POINTS


class Curve(StrEnum):
    """How a value becomes points."""

    LINEAR = "linear"  # evenly from the floor to the target
    STEPS = "steps"  # by a table
    SATURATING = "saturating"  # fast at first, slower near the target: the last households are the hardest


class Missing(StrEnum):
    """What becomes of the weight of what could not be measured."""

    SHARE = "share"  # the other indicators carry it
    NEUTRAL = "neutral"  # it counts as the middle of one's peers


class Ties(StrEnum):
    """Which rank follows a shared one."""

    SKIP = "skip"  # 1, 1, 3
    DENSE = "dense"  # 1, 1, 2


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator in a scheme. Without weight it is told as information."""

    indicator: str
    weight: int  # percent
    curve: Curve = Curve.LINEAR
    floor: Fraction = Fraction(0)  # the value at which points begin
    target: Fraction = Fraction(1)  # the value that gives all
    cap: int = 100  # the most percent of its weight that it can give
    steps: tuple[tuple[Fraction, int], ...] = ()  # value -> percent of the weight, the best first

    def attained(self, value: Fraction, direction: Direction) -> Fraction:
        """The part of its weight that a value gives, 0 to 1."""
        if self.curve is Curve.STEPS:
            reached = self._step(value, direction)
        else:
            x = (value - self.floor) / (self.target - self.floor)
            x = min(max(x, Fraction(0)), Fraction(1))
            reached = x * (2 - x) if self.curve is Curve.SATURATING else x
        return min(reached, Fraction(self.cap, 100))

    def _step(self, value: Fraction, direction: Direction) -> Fraction:
        for limit, percent in self.steps:
            if value >= limit if direction is Direction.MORE else value <= limit:
                return Fraction(percent, 100)
        return Fraction(0)


@dataclass(frozen=True, slots=True)
class Peers:
    """Among whom one is ranked: all, or those with a like load. ``bands`` are the least households of each further band."""

    bands: tuple[int, ...] = ()

    def band(self, load: int) -> int:
        """The band of a load, from 0."""
        return sum(load >= least for least in self.bands)


@dataclass(frozen=True, slots=True)
class Deduction:
    """What a record costs that was proven false: thousandths of a point each, and at most."""

    points: int = 5 * POINTS
    most: int = 20 * POINTS


@dataclass(frozen=True, slots=True)
class Scheme:
    """A whole scheme, as one version of it holds."""

    name_zh: str
    name_en: str
    level: Level
    period: Period
    items: tuple[Item, ...]
    roles: tuple[str, ...] = MEASURED_ROLES  # whose duties make a worker
    peers: Peers = Peers()
    ties: Ties = Ties.SKIP
    missing: Missing = Missing.SHARE
    deduction: Deduction = Deduction()
    stars: StarRule | None = None
    settling_days: int = 2  # after the period's end, before it is computed
    appeal_days: int = 3  # working days after it was announced
    example: bool = False
    note_zh: str = ""
    note_en: str = ""

    @property
    def weighed(self) -> tuple[Item, ...]:
        """The indicators that carry weight."""
        return tuple(item for item in self.items if item.weight)

    def name(self, *, english: bool) -> str:
        """Its name in the reader's language, Chinese where there is no other."""
        return self.name_en if english and self.name_en else self.name_zh

    def note(self, *, english: bool) -> str:
        """What is said about it, likewise."""
        return self.note_en if english and self.note_en else self.note_zh


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a scheme: where (``items.2.weight``), why, and what it was measured against."""

    path: str
    code: str
    limit: str = ""
