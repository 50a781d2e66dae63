"""What another scheme, or other weights, would have made of a run that was: who would move, and why. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from linli.assessment.rules.rows import Inputs
from linli.assessment.rules.scheme import Scheme
from linli.assessment.rules.scoring import Result, Scored, score
from linli.assessment.rules.shares import largest_remainder


@dataclass(frozen=True, slots=True)
class Moved:
    """One subject before and after. ``because`` lists the parts that changed the total most, with their difference."""

    subject_id: int
    total_before: int | None
    total_after: int | None
    rank_before: int | None
    rank_after: int | None
    because: tuple[tuple[str, int], ...]

    @property
    def places(self) -> int:
        """How many ranks up (positive) or down; 0 where one of them has none."""
        if self.rank_before is None or self.rank_after is None:
            return 0
        return self.rank_before - self.rank_after


def compare(before: Result, after: Result, *, reasons: int = 3) -> tuple[Moved, ...]:
    """Who moves from one result to another; whoever moves furthest first."""
    earlier = {one.subject.id: one for one in before.scores}
    moved = [_moved(earlier.get(one.subject.id), one, reasons) for one in after.scores]
    return tuple(sorted(moved, key=lambda one: (-abs(one.places), -abs(_gained(one)), one.subject_id)))


def _gained(one: Moved) -> int:
    return (one.total_after or 0) - (one.total_before or 0)


def _moved(before: Scored | None, after: Scored, reasons: int) -> Moved:
    had = {part.code: part.points for part in before.parts} if before else {}
    has = {part.code: part.points for part in after.parts}
    changed = {code: has.get(code, 0) - had.get(code, 0) for code in {*had, *has}}
    ordered = sorted(
        ((code, by) for code, by in changed.items() if by), key=lambda one: (-abs(one[1]), one[0])
    )
    return Moved(
        after.subject.id,
        before.total if before else None,
        after.total,
        before.rank if before else None,
        after.rank,
        tuple(ordered[:reasons]),
    )


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What happens when one weight changes: how many change places, and by how many at most."""

    indicator: str
    weight: int
    changed_to: int
    movers: int
    furthest: int
    leader_changes: bool


def reweighted(scheme: Scheme, indicator: str, by: int) -> Scheme | None:
    """The scheme with one weight changed by so many percent of the whole, the others in proportion; None if it cannot be.

    The others keep whole weights that add up to the rest, by largest remainder.
    """
    items = {item.indicator: item for item in scheme.weighed}
    if indicator not in items or len(items) < 2:
        return None
    wanted = items[indicator].weight + by
    if not 0 < wanted < 100:
        return None
    others = sum(item.weight for code, item in items.items() if code != indicator)
    shares = {
        code: Fraction(item.weight * (100 - wanted), others)
        for code, item in items.items()
        if code != indicator
    }
    weights = {**largest_remainder(shares), indicator: wanted}
    return replace(
        scheme, items=tuple(replace(item, weight=weights.get(item.indicator, 0)) for item in scheme.items)
    )


def sensitivity(scheme: Scheme, inputs: Inputs, *, by: int = 5) -> tuple[Sensitivity, ...]:
    """Each weight raised and lowered by so many percent of the whole: who would change places."""
    standing = score(scheme, inputs)
    found = []
    for item in scheme.weighed:
        for change in (by, -by):
            other = reweighted(scheme, item.indicator, change)
            if other is not None:
                found.append(_sensed(item.indicator, item.weight, change, standing, score(other, inputs)))
    return tuple(found)


def _sensed(code: str, weight: int, change: int, before: Result, after: Result) -> Sensitivity:
    moved = compare(before, after)
    places = [abs(one.places) for one in moved]
    first = any(1 in {one.rank_before, one.rank_after} and one.places for one in moved)
    return Sensitivity(code, weight, weight + change, sum(map(bool, places)), max(places, default=0), first)
