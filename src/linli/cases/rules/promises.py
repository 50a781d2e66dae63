"""What the community promises: which stage within how much time, counted how. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from linli.kernel.worktime import UNIT_SECONDS, Unit

__all__ = ["Promise", "PromiseRule", "Stage", "StartRule", "Unit", "Urgency", "choose"]


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

    ACCEPT = "accept"  # from the report until it is accepted or declined: 受理
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
        return int(self.amount * UNIT_SECONDS[self.unit])


@dataclass(frozen=True, slots=True)
class PromiseRule:
    """A dated row: this promise holds for a category's subtree (None: all) and an urgency (None: any)."""

    promise: Promise
    category_code: str | None = None
    urgency: Urgency | None = None
    valid_from: date = date.min
    valid_to: date | None = None  # last day on which it holds


def choose(
    rules: Iterable[PromiseRule], *, category_path: str | None, urgency: Urgency, on: date
) -> Mapping[Stage, Promise]:
    """The promise of every stage for a case of this category and urgency that begins on this day."""
    raise NotImplementedError
