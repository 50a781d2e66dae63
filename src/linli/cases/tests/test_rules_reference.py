"""The shipped examples are whole, and a file with a problem is refused by its lines."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time

import pytest

from linli.cases.rules import reference
from linli.cases.rules.kinds import Kind
from linli.cases.rules.promises import PromiseRule, Stage, Unit, Urgency, choose, slowed
from linli.cases.rules.reference import Unusable
from linli.cases.rules.routing import Facts, check_all, first_match

pytestmark = pytest.mark.rules

CATEGORIES = reference.read_categories(reference.shipped("categories"))
CODES = {category.code for category in CATEGORIES}
PROMISES = reference.read_promises(reference.shipped("promises"), CATEGORIES)
ROUTING = [example.rule for example in reference.read_routing(reference.shipped("routing"), CATEGORIES)]
DAY = date(2026, 11, 23)
RULES = [PromiseRule(example.promise, example.category_code, example.urgency) for example in PROMISES]

CATEGORY_HEAD = "code,parent,name_zh,name_en,kind,keywords_zh,keywords_en,sensitive\n"
PROMISE_HEAD = "category_code,urgency,stage,amount,unit,start_rule,source_zh,source_en\n"
ROUTING_HEAD = (
    "order,name_zh,name_en,category_code,kinds,weekdays,from_time,to_time,organisation_kind,role,level\n"
)


def test_the_category_tree_is_whole_and_two_levels_deep() -> None:
    tops = [category for category in CATEGORIES if category.parent is None]
    leaves = Counter(category.parent for category in CATEGORIES if category.parent)
    assert len(tops) == 14
    assert all(4 <= leaves[top.code] <= 7 for top in tops)
    assert set(leaves) == {top.code for top in tops}
    assert all(len(category.code) <= 60 and len(category.name_zh) <= 12 for category in CATEGORIES)
    assert all(len(word) <= 40 for category in CATEGORIES for word in category.keywords)


def test_what_could_hurt_a_person_is_marked_sensitive() -> None:
    sensitive = {category.code for category in CATEGORIES if category.sensitive}
    assert {"neighbours.family", "care.health", "care.poverty", "participation.conduct"} <= sensitive
    assert "environment.garbage" not in sensitive


@pytest.mark.parametrize("urgency", Urgency)
def test_every_leaf_has_a_promise_for_every_stage(urgency: Urgency) -> None:
    for category in CATEGORIES:
        chosen = choose(RULES, category_path=category.code, urgency=urgency, on=DAY)
        assert list(chosen) == list(Stage), category.code


def test_no_example_makes_a_pressing_case_wait_longer() -> None:
    assert slowed(RULES, on=DAY) == ()


def test_the_examples_keep_the_sourced_limits() -> None:
    def resolve(code: str, urgency: Urgency = Urgency.NORMAL) -> tuple[object, Unit, str]:
        promise = choose(RULES, category_path=code, urgency=urgency, on=DAY)[Stage.RESOLVE]
        return promise.amount, promise.unit, promise.start_rule.value

    assert resolve("noise.neighbour") == (13, Unit.WORKING_DAY, "next_day")
    assert resolve("services.residence") == (3, Unit.WORKING_DAY, "next_day")
    assert resolve("environment.garbage") == (4, Unit.WORKING_HOUR, "next_working_moment")
    assert resolve("order.illegal_building") == (20, Unit.WORKING_DAY, "next_day")
    assert resolve("order.illegal_building", Urgency.CRITICAL) == (12, Unit.HOUR, "at_once")


def test_the_routing_rules_are_sound_and_each_can_be_reached() -> None:
    assert check_all(ROUTING) == ()


def test_every_leaf_finds_somebody_even_where_the_grid_is_unknown() -> None:
    for category in CATEGORIES:
        for levels in (frozenset({"community"}), frozenset({"community", "grid"})):
            noon = datetime(2026, 11, 23, 12)  # noqa: DTZ001
            facts = Facts(category.code, "1.", category.kind, noon, levels)
            assert first_match(ROUTING, facts) is not None, category.code


def test_noise_at_night_goes_to_the_police_and_by_day_to_the_grid_worker() -> None:
    def goes_to(hour: int) -> str | None:
        moment = datetime(2026, 11, 23, hour)  # noqa: DTZ001
        facts = Facts("noise.neighbour", "1.2.", Kind.COMPLAINT, moment, frozenset({"grid"}))
        match = first_match(ROUTING, facts)
        assert match is not None
        return match.rule.target.organisation_kind or match.rule.target.role

    assert [goes_to(hour) for hour in (23, 3, 6, 15)] == [
        "police_station",
        "police_station",
        "grid_worker",
        "grid_worker",
    ]


def bad_categories(*rows: str) -> list[tuple[int, tuple[str, ...]]]:
    with pytest.raises(Unusable) as refused:
        reference.read_categories(CATEGORY_HEAD + "\n".join(rows))
    return [(row.line, row.codes) for row in refused.value.bad]


GOOD = "a,,甲,A,help,,,no"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("a.B,a,乙,B,help,词,word,no", "code_malformed"),
        ("a,,甲,A,help,,,no", "code_twice"),
        ("a.b,,乙,B,help,词,word,no", "parent_missing"),
        ("c.b,c,乙,B,help,词,word,no", "parent_missing"),
        ("a.b,a,,B,help,词,word,no", "name_zh_missing"),
        ("a.b,a,乙, ,help,词,word,no", "name_en_missing"),
        ("a.b,a,乙,B,wish,词,word,no", "kind_unknown"),
        ("a.b,a,乙,B,help,,word,no", "keywords_missing"),
        ("a.b,a,乙,B,help,词,,no", "keywords_missing"),
        ("a.b,a,乙,B,help,词,word,maybe", "sensitive_unknown"),
        ("a.b,a,乙,B,help", "sensitive_unknown keywords_missing"),
    ],
)
def test_it_names_the_line_of_a_bad_category(row: str, code: str) -> None:
    child = "a.z,a,丙,Z,help,字,letter,no"
    assert bad_categories(GOOD, child, row) == [(4, tuple(code.split()))]


def test_a_keyword_belongs_to_one_category() -> None:
    rows = [GOOD, "a.b,a,乙,B,help,词,word,no", "a.c,a,丙,C,help,字,Word,no"]
    assert bad_categories(*rows) == [(4, ("keyword_twice",))]


def test_a_row_with_a_comma_too_many_is_refused() -> None:
    assert bad_categories(GOOD, "a.b,a,乙,B,help,词,word,no,more") == [(3, ("cells_surplus",))]


def test_a_file_without_its_columns_is_refused() -> None:
    with pytest.raises(Unusable, match="line 1: column_missing"):
        reference.read_categories("code,name\na,b")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("x,,accept,1,hour,at_once,来源,Source", "category_unknown"),
        (",soon,accept,1,hour,at_once,来源,Source", "urgency_unknown"),
        (",,think,1,hour,at_once,来源,Source", "stage_unknown"),
        (",,accept,0,hour,at_once,来源,Source", "amount_malformed"),
        (",,accept,1e3,hour,at_once,来源,Source", "amount_malformed"),
        (",,accept,-1,hour,at_once,来源,Source", "amount_malformed"),
        (",,accept,1,week,at_once,来源,Source", "unit_unknown"),
        (",,accept,1,hour,later,来源,Source", "start_rule_unknown"),
        (",,accept,1,hour,at_once,,Source", "source_zh_missing"),
        (",,resolve,1,hour,at_once,来源,Source", "row_twice"),
    ],
)
def test_it_names_the_line_of_a_bad_promise(row: str, code: str) -> None:
    first = ",,resolve,1.5,hour,at_once,来源,Source"
    with pytest.raises(Unusable, match=f"^line 3: {code}$"):
        reference.read_promises(f"{PROMISE_HEAD}{first}\n{row}\n", CATEGORIES)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("x,名,Name,,,,,,committee,,", "order_malformed"),
        ("1,名,Name,,,,,,committee,,", "order_malformed"),
        ("2,名,,,,,,,committee,,", "name_en_missing"),
        ("2,,Name,,,,,,committee,,", "name_missing"),
        ("2,名,Name,nowhere,,,,,committee,,", "category_unknown"),
        ("2,名,Name,,wish,,,,committee,,", "kind_unknown"),
        ("2,名,Name,,,7,,,committee,,", "weekday_unknown"),
        ("2,名,Name,,,,9:00,12:00,committee,,", "time_malformed"),
        ("2,名,Name,,,,09:00,,committee,,", "window_half_open"),
        ("2,名,Name,,,,,,,,", "target_missing"),
        ("2,名,Name,,,,,,,grid_worker,", "role_without_level"),
    ],
)
def test_it_names_the_line_of_a_bad_routing_rule(row: str, code: str) -> None:
    first = "1,名,Name,noise,complaint help,0 6,22:00,06:00,police_station,,"
    (good,) = reference.read_routing(ROUTING_HEAD + first, CATEGORIES)
    assert good.rule.kinds == {Kind.COMPLAINT, Kind.HELP}
    assert (good.rule.weekdays, good.rule.from_time) == (frozenset({0, 6}), time(22))
    with pytest.raises(Unusable, match=f"^line 3: {code}$"):
        reference.read_routing(f"{ROUTING_HEAD}{first}\n{row}\n", CATEGORIES)
