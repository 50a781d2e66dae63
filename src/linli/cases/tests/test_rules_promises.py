"""Which promise holds for a case."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest

from linli.cases.rules.promises import Promise, PromiseRule, Stage, StartRule, Unit, Urgency, choose, slowed

pytestmark = pytest.mark.rules

DAY = date(2026, 11, 23)


def rule(
    amount: int,
    category: str | None = None,
    urgency: Urgency | None = None,
    *,
    stage: Stage = Stage.RESOLVE,
    since: date = date(2026, 1, 1),
    until: date | None = None,
    id: int | None = None,
) -> PromiseRule:
    promise = Promise(stage, amount, Unit.WORKING_HOUR, StartRule.AT_ONCE, id=id)
    return PromiseRule(promise, category, urgency, since, until)


def chosen(
    rules: list[PromiseRule],
    category: str | None = "environment.garbage",
    urgency: Urgency = Urgency.NORMAL,
    on: date = DAY,
) -> int | Decimal | None:
    """The amount promised for resolving, whatever order the rows come in."""
    answers = set()
    for seed in range(6):
        shuffled = random.Random(seed).sample(rules, len(rules))
        promise = choose(shuffled, category_path=category, urgency=urgency, on=on).get(Stage.RESOLVE)
        answers.add(None if promise is None else promise.amount)
    (only,) = answers
    return only


def test_the_nearest_category_wins() -> None:
    rules = [rule(1), rule(2, "environment"), rule(3, "environment.garbage")]
    assert chosen(rules) == 3
    assert chosen(rules, "environment.garbage.bulky") == 3
    assert chosen(rules, "environment.noise") == 2
    assert chosen(rules, "housing") == 1
    assert chosen(rules, None) == 1


def test_a_code_that_only_begins_alike_is_another_category() -> None:
    assert chosen([rule(1), rule(2, "environment.gar")]) == 1


def test_urgency_beats_any_urgency_within_a_category() -> None:
    rules = [rule(9), rule(1, urgency=Urgency.CRITICAL), rule(5, "environment.garbage")]
    assert chosen(rules, "housing", Urgency.CRITICAL) == 1
    assert chosen(rules, "housing", Urgency.URGENT) == 9
    assert chosen(rules, "environment.garbage", Urgency.CRITICAL) == 5  # the nearer category comes first
    rules.append(rule(2, "environment.garbage", Urgency.CRITICAL))
    assert chosen(rules, "environment.garbage", Urgency.CRITICAL) == 2


def test_a_promise_holds_from_its_first_to_its_last_day() -> None:
    rules = [rule(8, until=date(2026, 11, 22)), rule(4, since=date(2026, 11, 23), until=date(2026, 11, 30))]
    assert chosen(rules, on=date(2026, 11, 22)) == 8
    assert chosen(rules, on=date(2026, 11, 23)) == 4
    assert chosen(rules, on=date(2026, 11, 30)) == 4
    assert chosen(rules, on=date(2026, 12, 1)) is None
    assert chosen(rules, on=date(2025, 12, 31)) is None


def test_of_two_rows_in_force_the_later_one_wins() -> None:
    assert chosen([rule(8), rule(4, since=date(2026, 6, 1)), rule(6, since=date(2026, 3, 1))]) == 4
    assert chosen([rule(8, id=2), rule(4, id=7)]) == 4


def test_each_stage_is_chosen_for_itself_and_they_come_in_order() -> None:
    rules = [
        rule(40, stage=Stage.FOLLOW_UP),
        rule(8, "environment.garbage", stage=Stage.RESOLVE),
        rule(1, stage=Stage.ACCEPT),
        rule(20, stage=Stage.RESOLVE),
    ]
    promises = choose(rules, category_path="environment.garbage", urgency=Urgency.NORMAL, on=DAY)
    assert [(stage, promise.amount) for stage, promise in promises.items()] == [
        (Stage.ACCEPT, 1),
        (Stage.RESOLVE, 8),
        (Stage.FOLLOW_UP, 40),
    ]


def test_an_amount_is_turned_into_ticking_seconds() -> None:
    assert Promise(Stage.ACCEPT, Decimal("0.25"), Unit.HOUR).seconds == 900
    assert Promise(Stage.RESOLVE, 13, Unit.WORKING_DAY).seconds == 13 * 86400


def test_it_warns_of_a_category_in_which_a_pressing_case_would_wait_longer() -> None:
    critical = rule(2, urgency=Urgency.CRITICAL)
    slow = rule(40, "greenery")
    (warning,) = slowed([rule(80), critical, slow], on=DAY)
    assert (warning.rule, warning.faster) == (slow, critical)
    mended = rule(2, "greenery", Urgency.CRITICAL)
    assert slowed([rule(80), critical, slow, mended], on=DAY) == ()
    assert slowed([rule(80), critical, rule(40, "greenery", Urgency.NORMAL)], on=DAY) == ()
    assert slowed([rule(80), critical, rule(1, "greenery")], on=DAY) == ()
    assert slowed([rule(80), critical, rule(2, "greenery")], on=DAY) == ()
    accepting = rule(1, urgency=Urgency.CRITICAL, stage=Stage.ACCEPT)
    assert slowed([rule(80), accepting, slow], on=DAY) == ()
    assert slowed([rule(80), rule(2, "noise", Urgency.CRITICAL), slow], on=DAY) == ()
    assert slowed([rule(80), critical, slow], on=date(2025, 1, 1)) == ()
