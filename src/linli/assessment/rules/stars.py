"""Stars: won by staying above a line, lost by staying below it, never by one bad week. Pure.

Hysteresis: up after ``up_after`` periods in a row at or above the next band, down after ``down_after`` periods in a row
more than ``margin`` below the band held. One star at a time. Periods without a score (leave, too few rows) do not count.
There is no public source for bands (china-rules section 7): those shipped are examples, every community sets its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MOST_STARS = 5
FULL = 100_000  # thousandths of a point


class Step(StrEnum):
    """Why a standing is what it is after a period."""

    KEPT = "kept"
    UP = "up"
    DOWN = "down"
    WAITING_UP = "waiting_up"  # above the next band, not long enough yet
    WAITING_DOWN = "waiting_down"  # below the band held, not long enough yet
    SPARED = "spared"  # below, in the time of grace
    NO_SCORE = "no_score"
    LAPSED = "lapsed"  # nothing has confirmed them for too long
    FALSIFIED = "falsified"


@dataclass(frozen=True, slots=True)
class StarRule:
    """When stars are won and lost.

    ``bands``: from how many thousandths of a point 1, 2 … stars are due, rising. ``grace``: after a rise, and for whoever
    is new, so many periods below do not count. ``valid_days``: so long stars hold without being confirmed by a score.
    ``floor``: so many stars at most after a proven falsification.
    """

    bands: tuple[int, ...]
    up_after: int = 2
    down_after: int = 2
    grace: int = 1
    margin: int = 0
    valid_days: int = 183
    floor: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Stars held, periods in a row above and below, periods of grace left, and until when they hold."""

    stars: int = 0
    above: int = 0
    below: int = 0
    grace: int = 0
    until_date: date | None = None
    step: Step = Step.KEPT


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one final run says of somebody: the last day of its period, thousandths of a point, proven falsifications."""

    ends: date
    points: int | None
    proven_false: int = 0


def faults(rule: StarRule) -> tuple[str, ...]:
    """Codes of what is wrong with a rule."""
    found = []
    if not 1 <= len(rule.bands) <= MOST_STARS:
        found.append("bands_count")
    if list(rule.bands) != sorted(set(rule.bands)) or any(not 0 < one <= FULL for one in rule.bands):
        found.append("bands_order")
    if rule.up_after < 1 or rule.down_after < 1:
        found.append("after")
    if rule.grace < 0 or rule.margin < 0 or rule.valid_days < 1:
        found.append("negative")
    if not 0 <= rule.floor <= len(rule.bands):
        found.append("floor")
    return tuple(found)


def band(rule: StarRule, points: int) -> int:
    """How many stars a score alone would be worth."""
    return sum(points >= line for line in rule.bands)


def begin(rule: StarRule) -> Standing:
    """Whoever is new: no stars, and time to find one's feet."""
    return Standing(grace=rule.grace)


def after(rule: StarRule, held: Standing, outcome: Outcome) -> Standing:
    """The standing after one more period."""
    if outcome.proven_false:
        until = held.until_date if min(held.stars, rule.floor) else None
        return Standing(min(held.stars, rule.floor), until_date=until, step=Step.FALSIFIED)
    if outcome.points is None:
        return _unmeasured(held, outcome.ends)
    due = band(rule, outcome.points)
    until = outcome.ends + timedelta(days=rule.valid_days)
    if due > held.stars:
        return _above(rule, held, until)
    if held.stars and outcome.points < rule.bands[held.stars - 1] - rule.margin:
        return _below(rule, held, outcome.ends)
    return Standing(held.stars, 0, 0, max(0, held.grace - 1), until if held.stars else None)


def _unmeasured(held: Standing, ends: date) -> Standing:
    if held.until_date is not None and held.until_date < ends:
        return Standing(step=Step.LAPSED)
    return Standing(held.stars, held.above, held.below, held.grace, held.until_date, Step.NO_SCORE)


def _above(rule: StarRule, held: Standing, until: date) -> Standing:
    if held.above + 1 >= rule.up_after:
        return Standing(held.stars + 1, 0, 0, rule.grace, until, Step.UP)
    grace = max(0, held.grace - 1)
    return Standing(held.stars, held.above + 1, 0, grace, until if held.stars else None, Step.WAITING_UP)


def _below(rule: StarRule, held: Standing, ends: date) -> Standing:
    if held.grace:
        return Standing(held.stars, 0, held.below, held.grace - 1, held.until_date, Step.SPARED)
    if held.below + 1 >= rule.down_after:
        fewer = held.stars - 1
        until = ends + timedelta(days=rule.valid_days) if fewer else None
        return Standing(fewer, 0, 0, 0, until, Step.DOWN)
    if held.until_date is not None and held.until_date < ends:
        return Standing(step=Step.LAPSED)
    return Standing(held.stars, 0, held.below + 1, 0, held.until_date, Step.WAITING_DOWN)


def replay(rule: StarRule, outcomes: Iterable[Outcome]) -> Iterator[Standing]:
    """The standing after each period, from the beginning, earliest first."""
    held = begin(rule)
    for outcome in outcomes:
        held = after(rule, held, outcome)
        yield held


def holds(held: Standing, on: date) -> int:
    """How many stars count on a day: none once they have lapsed."""
    return held.stars if held.until_date is not None and on <= held.until_date else 0
