"""What a report of now would be promised, and by when each stage would be due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from linli.cases.actions import clocks
from linli.cases.queries import reference
from linli.cases.rules import promises
from linli.cases.rules.clock import Clock
from linli.cases.rules.promises import Promise, PromiseRule, Stage, Urgency
from linli.kernel.clock import LOCAL


@dataclass(frozen=True, slots=True)
class Due:
    """A stage's promise and when it would be used up, counted from one moment; ``wanted`` marks a trial."""

    stage: str
    promise: Promise
    due_at: datetime | None
    wanted: bool = False


def due(
    community_id: int,
    *,
    category_code: str,
    urgency: str,
    at: datetime,
    trial: PromiseRule | None = None,
    on: date | None = None,
) -> tuple[Due, ...]:
    """Every stage as if it began now.

    :param trial: a promise that is not kept yet; it takes the place of the one for the same thing.
    :param on: judge which promises are in force on this day instead of today.
    """
    rules: Iterable[PromiseRule] = reference.promise_rules(community_id)
    if trial is not None:
        rules = [*(rule for rule in rules if not _same(rule, trial)), trial]
    chosen = promises.choose(
        rules,
        category_path=category_code or None,
        urgency=Urgency(urgency or Urgency.NORMAL.value),
        on=on or at.astimezone(LOCAL).date(),
    )
    return tuple(_due(community_id, stage, chosen[stage], at, trial) for stage in Stage if stage in chosen)


def _same(rule: PromiseRule, trial: PromiseRule) -> bool:
    def what(one: PromiseRule) -> tuple[object, ...]:
        return one.category_code, one.urgency, one.promise.stage

    return what(rule) == what(trial) and rule.valid_from >= trial.valid_from


def _due(community_id: int, stage: Stage, promise: Promise, at: datetime, trial: PromiseRule | None) -> Due:
    due_at, _ = clocks.due(Clock(promise=promise, started_at=at), community_id)
    return Due(stage.value, promise, due_at, wanted=trial is not None and promise is trial.promise)
