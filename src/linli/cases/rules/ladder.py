"""The ladder of escalation: after how much of a promise which rung is climbed. Pure.

A ladder is a set of dated rows for a category's branch, an urgency and a stage. As with promises the nearest category
wins, and under one category the rows for an urgency before those for any; the ladder chosen is taken whole, never mixed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from linli.cases.rules import clock as clocks
from linli.cases.rules.clock import Clock
from linli.cases.rules.promises import Stage, Urgency
from linli.kernel.worktime import UNIT_SECONDS, Unit, WorkCalendar

MOST_LEVELS = 9


class When(StrEnum):
    """What a rung waits for."""

    USED = "used"  # a share of the promise is used up
    BROKEN = "broken"  # so long after it was due


class Act(StrEnum):
    """What a rung does, in the order in which it weighs."""

    REMIND = "remind"  # 提醒承办人
    TELL_BODY = "tell_body"  # 告知承办单位负责人
    TELL_LEADER = "tell_leader"  # 报告社区负责人
    SUPERVISE = "supervise"  # 督办
    TALK = "talk"  # 约谈


LETTERS = frozenset({Act.SUPERVISE, Act.TALK})  # what opens a supervision with a letter and a deadline


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: when, what, and for a letter within how many working days the body answers."""

    level: int
    when: When
    act: Act
    percent: int = 0  # USED: 1 to 99
    amount: Decimal = Decimal(0)  # BROKEN: 0 is the moment it breaks
    unit: Unit = Unit.HOUR
    days: Decimal = Decimal(1)
    id: int | None = None


@dataclass(frozen=True, slots=True)
class LadderRule:
    """A dated row: this rung holds for a category's branch (None: all), an urgency (None: any) and a stage."""

    rung: Rung
    stage: Stage
    category_code: str | None = None
    urgency: Urgency | None = None
    valid_from: date = field(default=date.min)
    valid_to: date | None = None  # last day

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def choose(
    rules: Iterable[LadderRule], *, category_path: str | None, urgency: Urgency, stage: Stage, on: date
) -> tuple[Rung, ...]:
    """The rungs of one promise, lowest first; none where the community has no ladder for it."""
    held: dict[tuple[int, bool], dict[int, tuple[date, Rung]]] = {}
    for rule in rules:
        depth = _depth(rule.category_code, category_path)
        if rule.stage is not stage or depth is None or not rule.holds_on(on):
            continue
        if rule.urgency not in (None, urgency):
            continue
        found = held.setdefault((depth, rule.urgency is not None), {})
        known = found.get(rule.rung.level)
        if known is None or rule.valid_from >= known[0]:
            found[rule.rung.level] = rule.valid_from, rule.rung
    if not held:
        return ()
    nearest = held[max(held)]
    return tuple(nearest[level][1] for level in sorted(nearest))


def _depth(rule_code: str | None, path: str | None) -> int | None:
    """How near a row's category is: 0 for all, 1 for a top category …; None if it is not its."""
    if rule_code is None:
        return 0
    if path is None or not (path == rule_code or path.startswith(rule_code + ".")):
        return None
    return rule_code.count(".") + 1


def moment(rung: Rung, clock: Clock, calendar: WorkCalendar) -> datetime | None:
    """When a rung of a running promise is due (UTC, whole seconds); None while a pause keeps it unknown."""
    if rung.when is When.USED:
        return clocks.used_at(clock, calendar, percent=rung.percent)
    due = clocks.due_at(clock, calendar)
    if due is None:
        return None
    return calendar.add(rung.unit, due, int(rung.amount * UNIT_SECONDS[rung.unit]))


@dataclass(frozen=True, slots=True)
class Next:
    """The next rung of a promise, and when it is due."""

    rung: Rung
    at: datetime


def following(rungs: Sequence[Rung], clock: Clock, calendar: WorkCalendar, *, climbed: int) -> Next | None:
    """The lowest rung above those climbed, with its moment; None when there is none, or a pause hides it."""
    for rung in rungs:
        if rung.level > climbed:
            at = moment(rung, clock, calendar)
            return Next(rung, at) if at is not None else None
    return None


def wrongs(rung: Rung) -> tuple[tuple[str, str, str], ...]:
    """What is wrong with a rung: field, code, limit."""
    found: list[tuple[str, str, str]] = []
    if not 1 <= rung.level <= MOST_LEVELS:
        found.append(("level", "one_to", str(MOST_LEVELS)))
    if rung.when is When.USED and not 1 <= rung.percent <= 99:
        found.append(("percent", "percent", "99"))
    if rung.when is When.BROKEN and not 0 <= rung.amount <= 1000:
        found.append(("amount", "too_much", "1000"))
    if rung.act in LETTERS and not 0 < rung.days <= 90:
        found.append(("days", "one_to", "90"))
    return tuple(found)


_HOURS = {Unit.HOUR: 1.0, Unit.CALENDAR_DAY: 24.0, Unit.WORKING_HOUR: 24 / 7, Unit.WORKING_DAY: 24.0}


def _place(rung: Rung) -> tuple[int, float]:
    """Where a rung stands in time among the others, roughly: shares first, then by the wait after the break."""
    if rung.when is When.USED:
        return 0, float(rung.percent)
    return 1, float(rung.amount) * _HOURS[rung.unit]


def out_of_order(rungs: Iterable[Rung]) -> tuple[int, ...]:
    """The levels that come earlier in time than the level below them: a ladder is climbed upwards."""
    ordered = sorted(rungs, key=lambda rung: rung.level)
    return tuple(
        above.level
        for below, above in zip(ordered, ordered[1:], strict=False)
        if _place(above) < _place(below)
    )
