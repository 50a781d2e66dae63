"""How evenly a burden lies on people, how scores spread, and who stands apart. Pure.

Sources: the curve of M. O. Lorenz (1905) and the coefficient of C. Gini (1912) over it; outliers by the modified z-score of
Iglewicz and Hoaglin (1993): 0.6745 · (x − median) / MAD beyond 3.5. An outlier is somebody to look at, never a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median_low

OUTLYING = Fraction(35, 10)
SCALE = Fraction(6745, 10_000)


@dataclass(frozen=True, slots=True)
class Lorenz:
    """How a load is shared: points (share of people, share of the load) from the least burdened on, and the coefficient.

    ``gini`` is 0 where all carry the same and nears 1 where one carries everything; None where there is nothing to carry.
    ``half``: the share that the more burdened half of the people carries.
    """

    points: tuple[tuple[Fraction, Fraction], ...]
    gini: Fraction | None
    half: Fraction | None


def lorenz(loads: Sequence[int]) -> Lorenz:
    """The curve of these loads (cases, visits, hours: whole numbers, none negative)."""
    ordered, total, people = sorted(loads), sum(loads), len(loads)
    if not people:
        return Lorenz((), None, None)
    points = [(Fraction(0), Fraction(0))]
    carried = 0
    for place, load in enumerate(ordered, 1):
        carried += load
        points.append(
            (Fraction(place, people), Fraction(carried, total) if total else Fraction(place, people))
        )
    if not total:
        return Lorenz(tuple(points), None, None)
    area = sum(
        (
            (right[0] - left[0]) * (left[1] + right[1]) / 2
            for left, right in zip(points, points[1:], strict=False)
        ),
        Fraction(0),
    )
    upper = sum(ordered[people // 2 :])
    return Lorenz(tuple(points), 1 - 2 * area, Fraction(upper, total))


@dataclass(frozen=True, slots=True)
class Spread:
    """How scores lie, in thousandths of a point."""

    least: int
    lower: int
    middle: int
    upper: int
    most: int


def spread(points: Sequence[int]) -> Spread | None:
    """Least, quarters and most of the scores; None where nobody has one."""
    ordered = sorted(points)
    if not ordered:
        return None
    last = len(ordered) - 1
    return Spread(
        ordered[0], ordered[last // 4], median_low(ordered), ordered[-(-3 * last // 4)], ordered[-1]
    )


def steps(points: Sequence[int], *, width: int = 10_000, most: int = 100_000) -> list[tuple[int, int, int]]:
    """How many scores lie in each step of ten points: from, to, how many; the last step holds the full score."""
    found = [0] * (most // width)
    for one in points:
        found[min(max(one, 0) // width, len(found) - 1)] += 1
    return [(place * width, (place + 1) * width, count) for place, count in enumerate(found)]


def outliers(points: Mapping[int, int]) -> dict[int, Fraction]:
    """Who stands apart, and how far (modified z-score, negative: below); empty where too few or all alike.

    :param points: whoever is scored → thousandths of a point.
    """
    if len(points) < 5:
        return {}
    middle = median_low(points.values())
    scatter = median_low(abs(one - middle) for one in points.values())
    if not scatter:
        return {}
    distance = {who: SCALE * (one - middle) / scatter for who, one in points.items()}
    return {who: far for who, far in distance.items() if abs(far) > OUTLYING}


def together(pairs: Sequence[tuple[int, int]]) -> Fraction | None:
    """Whether load and score go together: Kendall's tau-a between −1 and 1; None for fewer than three people.

    Well below 0 says that those who carry more score less: the scheme punishes a heavy load.
    """
    if len(pairs) < 3:
        return None
    agreed = sum(
        _sign(one[0] - other[0]) * _sign(one[1] - other[1])
        for place, one in enumerate(pairs)
        for other in pairs[:place]
    )
    return Fraction(2 * agreed, len(pairs) * (len(pairs) - 1))


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)
