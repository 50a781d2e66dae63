"""What would help most: what a score would gain by a little more of one thing. Pure.

No promise and no order: the next step of every part, computed by the same curve that made the score. Only parts that have
rows left to be done better are named (a case not settled in time, a visit not made), never more of what is full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

#: A value → thousandths of a point of one indicator under the scheme of the run.
Curve = Callable[[Fraction], int]


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a score as advice needs it. ``less``: the fewer the better."""

    indicator: str
    numerator: int
    denominator: int
    rest: int
    points: int
    less: bool = False


@dataclass(frozen=True, slots=True)
class Gain:
    """So many thousandths more by so many rows of one kind."""

    indicator: str
    rows: int
    points: int


def gains(parts: Iterable[tuple[Share, Curve]], *, most: int = 3, up_to: int = 5) -> list[Gain]:
    """The parts in which the next few rows bring most, best first.

    Steps from one row up to ``up_to`` are tried, so that a curve of stairs names its next stair; the fewest rows that bring
    the most for each row stand.
    """
    found = [best for part, curve in parts if (best := _best(part, curve, up_to)) is not None]
    return sorted(found, key=lambda gain: (-Fraction(gain.points, gain.rows), gain.indicator))[:most]


def _best(part: Share, curve: Curve, up_to: int) -> Gain | None:
    tried = []
    for rows in range(1, up_to + 1):
        value = _after(part, rows)
        if value is None:
            break
        more = curve(value) - part.points
        if more > 0:
            tried.append(Gain(part.indicator, rows, more))
    return max(tried, key=lambda gain: (Fraction(gain.points, gain.rows), -gain.rows), default=None)


def _after(part: Share, rows: int) -> Fraction | None:
    """The value when so many rows of the rest had counted too (or had not, where fewer are better)."""
    if not part.denominator:
        return None
    if part.less:
        return Fraction(part.numerator - rows, part.denominator) if part.numerator >= rows else None
    return Fraction(part.numerator + rows, part.denominator) if part.rest >= rows else None
