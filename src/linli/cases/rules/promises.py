"""What the community promises: which stage within how much time, counted how. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from linli.kernel.worktime import UNIT_SECONDS, Unit

__all__ = ["Promise", "PromiseRule", "Stage", "StartRule", "Unit", "Slowed", "Urgency", "choose", "slowed"]


class Urgency(StrEnum):
    """How pressing a case is: 一般, 紧急, 特急."""

    NORMAL = "normal"
    URGENT = "urgent"
    CRITICAL = "critical"


class StartRule(StrEnum):
    """When counting begins after the event that starts a clock."""

    AT_ONCE = "at_once"
    NEXT_DAY = "next_day"  # at the next local midnight: 自次日起
    NEXT_WORKING_MOMENT = "next_working_moment"  # as soon as the offices are open


class Stage(StrEnum):
    """The steps for which a promise can be made."""

    ACCEPT = "accept"  # from the report (or its reopening) until it is accepted or declined: 受理
    DISPATCH = "dispatch"  # from accepted until it is sent to somebody: 派遣
    SIGN = "sign"  # from the dispatch until the body signs or returns: 签收
    FIRST_CONTACT = "first_contact"  # until the resident hears from a person: 首次联系
    RESOLVE = "resolve"  # until the case is handled: 办结
    RULE = "rule"  # from a return until the ruling: 审定
    VERIFY = "verify"  # from handled until verified or sent back: 核查
    FOLLOW_UP = "follow_up"  # from closing until the call-back: 回访


@dataclass(frozen=True, slots=True)
class Promise:
    """One stage done within ``amount`` of ``unit``."""

    stage: Stage
    amount: int | Decimal
    unit: Unit
    start_rule: StartRule = StartRule.AT_ONCE
    id: int | None = None  # the promise row it was taken from
    version: int = 1

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ValueError("a promise needs a positive amount")

    @property
    def seconds(self) -> int:
        """The allowance in ticking seconds of the unit."""
        return self.seconds_of(self.amount)

    def seconds_of(self, amount: int | Decimal) -> int:
        """Any amount of this promise's unit in ticking seconds."""
        return int(amount * UNIT_SECONDS[self.unit])


@dataclass(frozen=True, slots=True)
class PromiseRule:
    """A dated row: this promise holds for a category's subtree (None: all) and an urgency (None: any)."""

    promise: Promise
    category_code: str | None = None
    urgency: Urgency | None = None
    valid_from: date = date.min
    valid_to: date | None = None  # last day on which it holds

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def choose(
    rules: Iterable[PromiseRule], *, category_path: str | None, urgency: Urgency, on: date
) -> Mapping[Stage, Promise]:
    """The promise of every stage that has one, in the order of the stages.

    The nearest category wins (its own row, then its parent's, … then a row for all); under one category a row
    for this urgency beats a row for any; of two equals the one in force later wins, then the higher version
    and id. So a row for one category and any urgency stands before a row for all categories and "critical".

    :param category_path: dotted code of the category, "environment.garbage"; None while unknown.
    :param on: local day on which the clocks start.
    """
    best: dict[Stage, tuple[_Rank, Promise]] = {}
    for rule in rules:
        depth = _depth(rule.category_code, category_path)
        if depth is None or rule.urgency not in (None, urgency) or not rule.holds_on(on):
            continue
        promise = rule.promise
        rank = (depth, rule.urgency is not None, rule.valid_from, promise.version, promise.id or 0)
        known = best.get(promise.stage)
        if known is None or rank > known[0]:
            best[promise.stage] = rank, promise
    return {stage: best[stage][1] for stage in Stage if stage in best}


@dataclass(frozen=True, slots=True)
class Slowed:
    """A category's row for any urgency that stands before a faster row for a pressing case: look again."""

    rule: PromiseRule
    faster: PromiseRule


def slowed(rules: Iterable[PromiseRule], *, on: date) -> tuple[Slowed, ...]:
    """Rows in force on a day under which pressing cases of a category wait longer than such cases elsewhere.

    Amounts are compared by what they last on average, with seven office hours a day and five days a week.
    """
    rows = [rule for rule in rules if rule.holds_on(on)]
    found = []
    for rule in rows:
        if rule.category_code is None or rule.urgency is not None:
            continue
        for faster in rows:
            if faster.urgency is None or faster.promise.stage != rule.promise.stage:
                continue
            chosen = choose(rows, category_path=rule.category_code, urgency=faster.urgency, on=on)
            stands = chosen[rule.promise.stage] == rule.promise
            reaches = _depth(faster.category_code, rule.category_code) is not None
            if stands and reaches and _average_hours(faster.promise) < _average_hours(rule.promise):
                found.append(Slowed(rule, faster))
    return tuple(found)


_HOURS: Mapping[Unit, float] = {
    Unit.HOUR: 1,
    Unit.CALENDAR_DAY: 24,
    Unit.WORKING_HOUR: 7 * 24 / 35,
    Unit.WORKING_DAY: 7 * 24 / 5,
}


def _average_hours(promise: Promise) -> float:
    return float(promise.amount) * _HOURS[promise.unit]


_Rank = tuple[int, bool, date, int, int]


def _depth(rule_code: str | None, path: str | None) -> int | None:
    """How near a row's category is: 0 for all, 1 for a top category, 2 for a leaf …; None if not its."""
    if rule_code is None:
        return 0
    if path is None or not (path == rule_code or path.startswith(rule_code + ".")):
        return None
    return rule_code.count(".") + 1
