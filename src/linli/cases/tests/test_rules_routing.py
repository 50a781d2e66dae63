"""Who gets a case first, why, and what a change of the rules would do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest

from linli.cases.rules.kinds import Kind
from linli.cases.rules.routing import (
    Difference,
    Facts,
    PastCase,
    Problem,
    RoutingRule,
    Target,
    check,
    check_all,
    explain,
    first_match,
    try_on,
)

pytestmark = pytest.mark.rules

PROPERTY = Target(organisation_kind="property_company")
POLICE = Target(organisation_kind="police_station")
GRID_WORKER = Target(role="grid_worker", level="grid")
GARBAGE = Facts("environment.garbage", "1.5.80.", Kind.COMPLAINT, datetime(2026, 11, 23, 10, 30))  # noqa: DTZ001


def rule(id: int, target: Target = PROPERTY, **conditions: Any) -> RoutingRule:
    return RoutingRule(
        id=id, order=conditions.pop("order", id), name=f"rule {id}", target=target, **conditions
    )


def at(day: int, hour: int, minute: int = 0) -> Facts:
    """The same case on a day of November 2026 (the 23rd is a Monday)."""
    return replace(GARBAGE, local=datetime(2026, 11, day, hour, minute))  # noqa: DTZ001


def wins(rules: list[RoutingRule], facts: Facts = GARBAGE) -> int | None:
    match = first_match(rules, facts)
    return None if match is None else match.rule.id


def test_the_first_rule_by_order_wins_whatever_order_they_come_in() -> None:
    rules = [rule(1, order=30), rule(2, order=10, category_code="noise"), rule(3, order=20)]
    assert wins(rules) == 3
    assert wins(rules[::-1]) == 3
    assert wins([rule(9, order=1), rule(4, order=1)]) == 4


def test_a_category_reaches_its_subtree_and_nothing_that_only_begins_alike() -> None:
    assert wins([rule(1, category_code="environment")]) == 1
    assert wins([rule(1, category_code="environment.garbage")]) == 1
    assert wins([rule(1, category_code="environment.gar")]) is None
    assert wins([rule(1, category_code="environment")], replace(GARBAGE, category_code=None)) is None


def test_a_place_reaches_everything_in_it() -> None:
    assert wins([rule(1, place_path="1.5.")]) == 1
    assert wins([rule(1, place_path="1.5.8.")]) is None
    assert wins([rule(1, place_path="1.")], replace(GARBAGE, place_path="")) is None


def test_kinds_are_any_of_the_named() -> None:
    assert wins([rule(1, kinds=frozenset({Kind.COMPLAINT, Kind.HELP}))]) == 1
    assert wins([rule(1, kinds=frozenset({Kind.INQUIRY}))]) is None


def test_a_window_ends_with_its_last_minute() -> None:
    office = rule(1, from_time=time(9), to_time=time(17, 30))
    assert wins([office], at(23, 9)) == 1
    assert wins([office], at(23, 17, 29)) == 1
    assert wins([office], at(23, 17, 30)) is None
    assert wins([office], at(23, 8, 59)) is None


def test_a_night_window_belongs_to_the_evening_it_begins() -> None:
    monday_night = rule(1, weekdays=frozenset({0}), from_time=time(18), to_time=time(8))
    assert wins([monday_night], at(23, 18)) == 1
    assert wins([monday_night], at(24, 7, 59)) == 1  # Tuesday morning, still Monday's duty
    assert wins([monday_night], at(24, 8)) is None
    assert wins([monday_night], at(23, 7, 59)) is None  # Sunday's
    every_night = rule(1, from_time=time(18), to_time=time(8))
    assert [wins([every_night], at(24, hour)) for hour in (7, 8, 17, 18)] == [1, None, None, 1]
    assert wins([monday_night], at(24, 18)) is None
    assert wins([monday_night], at(23, 12)) is None


def test_a_role_is_only_reached_where_its_level_of_the_place_is_known() -> None:
    rules = [rule(1, GRID_WORKER), rule(2)]
    assert wins(rules, replace(GARBAGE, levels=frozenset({"community", "grid"}))) == 1
    assert wins(rules, replace(GARBAGE, levels=frozenset({"community"}))) == 2


def test_a_rule_holds_from_its_first_to_its_last_day() -> None:
    dated = rule(1, valid_from=date(2026, 11, 23), valid_to=date(2026, 11, 24))
    assert [wins([dated], at(day, 12)) for day in (22, 23, 24, 25)] == [None, 1, 1, None]


def test_a_match_says_why_and_why_the_earlier_ones_did_not() -> None:
    rules = [
        rule(1, category_code="noise", place_path="1."),
        rule(2, from_time=time(18), to_time=time(8)),
        rule(3, category_code="environment", kinds=frozenset({Kind.COMPLAINT})),
        rule(4),
    ]
    match = first_match(rules, GARBAGE)
    assert match is not None
    assert match.rule.id == 3
    assert {(reason.code, reason.ok) for reason in match.why} == {
        ("in_force", True),
        ("category", True),
        ("kind", True),
    }
    assert [tried.rule.id for tried in match.earlier] == [1, 2]
    failed = [
        [(reason.code, reason.wanted, reason.found) for reason in tried.why if not reason.ok]
        for tried in match.earlier
    ]
    assert failed == [[("category", "noise", "environment.garbage")], [("time", "18:00–08:00", "10:30")]]


def test_it_explains_why_nobody_was_found() -> None:
    tried = explain([rule(2, category_code="noise"), rule(1, place_path="7.")], GARBAGE)
    assert [(one.rule.id, one.matches) for one in tried] == [(1, False), (2, False)]


def test_a_broken_rule_never_matches_and_is_named_in_the_explanation() -> None:
    broken = rule(1, Target())
    match = first_match([broken, rule(2)], GARBAGE)
    assert match is not None
    assert match.rule.id == 2
    (reason,) = match.earlier[0].why
    assert (reason.code, reason.ok, reason.found) == ("broken", False, "target_missing")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"target": Target()}, "target_missing"),
        ({"target": Target(organisation_id=3, role="grid_worker", level="grid")}, "target_ambiguous"),
        ({"target": Target(role="grid_worker")}, "role_without_level"),
        ({"target": Target(organisation_id=3, level="grid")}, "level_without_role"),
        ({"category_code": "Environment"}, "category_malformed"),
        ({"category_code": "environment."}, "category_malformed"),
        ({"place_path": "1.5"}, "place_malformed"),
        ({"weekdays": frozenset()}, "weekdays_empty"),
        ({"weekdays": frozenset({7})}, "weekday_unknown"),
        ({"from_time": time(9)}, "window_half_open"),
        ({"from_time": time(9), "to_time": time(9)}, "window_empty"),
        ({"valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 1)}, "never_in_force"),
    ],
)
def test_it_finds_what_is_wrong_with_a_rule(changes: dict[str, Any], code: str) -> None:
    assert check(rule(1)) == ()
    assert check(replace(rule(1), **changes)) == (code,)


@pytest.mark.parametrize(
    ("earlier", "later", "hidden"),
    [
        ({}, {"category_code": "noise"}, True),
        ({"category_code": "environment"}, {"category_code": "environment.garbage"}, True),
        ({"category_code": "environment.garbage"}, {"category_code": "environment"}, False),
        ({"place_path": "1.5."}, {"place_path": "1.5.80."}, True),
        ({"place_path": "1.5."}, {}, False),
        ({"kinds": frozenset({Kind.HELP})}, {"kinds": frozenset({Kind.HELP, Kind.INQUIRY})}, False),
        ({"kinds": frozenset({Kind.HELP, Kind.INQUIRY})}, {"kinds": frozenset({Kind.HELP})}, True),
        ({"weekdays": frozenset({0, 1})}, {"weekdays": frozenset({1})}, True),
        ({"weekdays": frozenset({0})}, {}, False),
        (
            {"weekdays": frozenset({0})},
            {"weekdays": frozenset({0}), "from_time": time(18), "to_time": time(8)},
            False,
        ),
        ({"from_time": time(9), "to_time": time(12)}, {}, False),
        ({"valid_to": date(2026, 12, 31)}, {}, False),
        ({"valid_from": date(2026, 6, 1)}, {}, False),
        ({"target": GRID_WORKER}, {}, False),
        ({"target": GRID_WORKER}, {"target": GRID_WORKER, "kinds": frozenset({Kind.HELP})}, True),
        ({}, {"valid_to": date(2026, 12, 31)}, True),
    ],
)
def test_it_finds_rules_that_are_never_reached(
    earlier: dict[str, Any], later: dict[str, Any], hidden: bool
) -> None:
    expected = (Problem(2, "never_reached", 1),) if hidden else ()
    assert check_all([rule(2, **later), rule(1, **earlier)]) == expected


def test_trying_rules_tells_which_past_cases_would_go_elsewhere() -> None:
    current = [rule(1)]
    proposed = [rule(5, POLICE, order=0, category_code="noise", valid_from=date(2026, 12, 1)), rule(1)]
    past = [
        PastCase("A", GARBAGE),
        PastCase("B", replace(GARBAGE, category_code="noise.night")),
        PastCase("C", replace(GARBAGE, category_code="noise")),
    ]
    trial = try_on(proposed, past, current=current, today=date(2026, 11, 23), takes_effect=date(2026, 12, 1))
    assert (trial.cases, trial.unmatched) == (3, 0)
    assert trial.differences == (
        Difference("B", current[0], proposed[0]),
        Difference("C", current[0], proposed[0]),
    )


def test_trying_rules_counts_the_cases_nobody_would_get() -> None:
    trial = try_on(
        [rule(1, GRID_WORKER, category_code="noise")],
        [PastCase("A", GARBAGE)],
        current=[rule(1)],
        today=date(2026, 11, 23),
        takes_effect=date(2026, 12, 1),
    )
    assert trial.unmatched == 1
    assert trial.differences == (Difference("A", rule(1), None),)


def test_another_rule_with_the_same_target_is_no_difference() -> None:
    trial = try_on(
        [rule(2, category_code="environment"), rule(3)],
        [PastCase("A", GARBAGE)],
        current=[rule(1)],
        today=date(2026, 11, 23),
        takes_effect=date(2026, 12, 1),
    )
    assert trial.differences == ()
