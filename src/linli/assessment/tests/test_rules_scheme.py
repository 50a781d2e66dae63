"""A scheme as data: every fault has its path; what ships can hold."""

from __future__ import annotations

import copy
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils.translation import override

from linli.assessment import saying
from linli.assessment.indicators import INDICATORS
from linli.assessment.queries.schemes import shipped
from linli.assessment.queries.sources import GATHERED
from linli.assessment.queries.trials import periods_of_last_quarter
from linli.assessment.rules import lawful, scheme_text
from linli.assessment.rules.indicator import FORBIDDEN, Kind
from linli.assessment.rules.periods import Period, begins, holding, last_due
from linli.assessment.rules.rows import SOURCES, Covered, Due
from linli.assessment.rules.runs import STEPS, TABLE, State, may_decide
from linli.assessment.rules.scheme import Peers
from linli.assessment.rules.subjects import Level
from linli.assessment.versions import DECIDING, HERE, code_version

WEEK = shipped()["lvxing_week"]


def changed(path: str, value: Any) -> list[tuple[str, str]]:
    says = copy.deepcopy(WEEK)
    *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
    held: Any = says
    for step in way:
        held = held[step]
    held[last] = value
    return [(fault.path, fault.code) for fault in scheme_text.faults(says)]


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("items.0.weight", 16, ("items", "weights_not_hundred")),
        ("items.0.weight", -1, ("items.0.weight", "out_of_range")),
        ("items.0.weight", 15.0, ("items.0.weight", "not_whole")),
        ("items.0.indicator", "horoscope", ("items.0.indicator", "unknown")),
        ("items.1.indicator", "group_coverage", ("items.1.indicator", "twice")),
        ("items.0.target", "30%", ("items.0.target", "wrong_way")),
        ("items.6.target", "50%", ("items.6.target", "wrong_way")),
        ("items.0.floor", "-1", ("items.0.floor", "not_a_value")),
        ("items.0.curve", "magic", ("items.0.curve", "unknown")),
        ("items.0.colour", "red", ("items.0.colour", "unknown")),
        ("items", [], ("items", "missing")),
        ("name", {"zh": "  "}, ("name.zh", "missing")),
        ("level", "street", ("level", "unknown")),
        ("peers", {"by": "load", "bands": [600, 300]}, ("peers.bands", "not_in_order")),
        ("roles", ["resident"], ("roles", "unknown")),
        ("stars", {"bands": [80_000, 70_000]}, ("stars", "bands_order")),
        ("false_record", {"points": 9_000, "most": 1_000}, ("false_record.most", "below_one")),
        ("appeal_days", 0, ("appeal_days", "out_of_range")),
        ("secret", 1, ("secret", "unknown")),
    ],
)
def test_each_fault_is_named_with_its_path(path: str, value: Any, fault: tuple[str, str]) -> None:
    assert changed("example", value=True) == []
    assert fault in changed(path, value)


def test_steps_go_down_from_the_best() -> None:
    item = {"indicator": "on_time", "weight": 20, "curve": "steps", "steps": [["80%", 60], ["95%", 100]]}
    assert ("items.3.steps.1", "not_in_order") in changed("items.3", item)


@pytest.mark.parametrize("nonsense", [None, [], "scheme", 3, {"items": [None, 3, {"weight": "x"}]}])
def test_what_is_no_scheme_at_all_is_told_so(nonsense: Any) -> None:
    assert scheme_text.faults(nonsense)


@pytest.mark.parametrize("code", sorted(shipped()))
def test_what_ships_can_hold_is_an_example_and_breaks_no_rule_that_binds(code: str) -> None:
    scheme = scheme_text.read(shipped()[code])
    assert scheme.example
    assert scheme_text.read(scheme_text.as_plain(scheme)) == scheme
    assert not lawful.binding(lawful.of_scheme(scheme, ranking=True))


def test_police_are_measured_by_no_shipped_scheme_and_only_where_a_scheme_names_them() -> None:
    for says in shipped().values():
        scheme = scheme_text.read(says)
        assert scheme.level is not Level.WORKER or scheme.roles == ("grid_worker", "assistant")
    silent = {name: held for name, held in WEEK.items() if name != "roles"}
    assert scheme_text.read(silent).roles == ("grid_worker", "assistant")
    assert scheme_text.read({**WEEK, "roles": ["police"]}).roles == ("police",)


def test_a_scheme_may_name_what_is_forbidden_so_that_it_can_be_told() -> None:
    assert changed("items.0.indicator", "online_time") == []
    assert not FORBIDDEN.keys() & INDICATORS.keys()


def test_every_indicator_is_paired_says_itself_in_both_languages_and_counts_known_rows() -> None:
    assert len(INDICATORS) >= 20
    for code, one in INDICATORS.items():
        assert (code, one.pair in INDICATORS, one.pair != code) == (one.code, True, True)
        assert one.source in SOURCES
        assert one.whose in {"", *(each.name for each in fields(SOURCES[one.source]))}
        assert all(said.zh.strip() and said.en.strip() for said in (one.name, one.says, one.formula)), code
    growing = {one.code for one in INDICATORS.values() if one.kind is Kind.GROWTH}
    assert growing == {"group_growth"}
    assert not {one.kind for one in INDICATORS.values()} & set(FORBIDDEN.values())


def test_every_source_is_gathered() -> None:
    assert set(GATHERED) == set(SOURCES)


def test_periods_follow_the_calendar() -> None:
    thursday = date(2026, 11, 19)
    assert holding(Period.WEEK, thursday) == (date(2026, 11, 16), date(2026, 11, 23))
    assert holding(Period.MONTH, date(2026, 12, 31)) == (date(2026, 12, 1), date(2027, 1, 1))
    assert holding(Period.QUARTER, thursday) == (date(2026, 10, 1), date(2027, 1, 1))
    assert holding(Period.YEAR, thursday) == (date(2026, 1, 1), date(2027, 1, 1))
    assert last_due(Period.WEEK, date(2026, 11, 23), 1) == (date(2026, 11, 9), date(2026, 11, 16))
    assert last_due(Period.WEEK, date(2026, 11, 24), 1) == (date(2026, 11, 16), date(2026, 11, 23))
    assert begins(Period.WEEK, thursday) == date(2026, 11, 23)
    assert begins(Period.MONTH, date(2026, 12, 1)) == date(2026, 12, 1)


def test_the_last_quarter_is_whole_weeks_whole_months_or_itself() -> None:
    today = date(2026, 11, 23)
    weeks = periods_of_last_quarter(Period.WEEK, today)
    assert (weeks[0][0], weeks[-1][1], len(weeks)) == (date(2026, 6, 29), date(2026, 9, 28), 13)
    assert [since.month for since, _ in periods_of_last_quarter(Period.MONTH, today)] == [7, 8, 9]
    assert periods_of_last_quarter(Period.QUARTER, today) == [(date(2026, 7, 1), date(2026, 10, 1))]
    assert periods_of_last_quarter(Period.YEAR, today) == [(date(2025, 1, 1), date(2026, 1, 1))]


def test_a_row_behind_a_part_says_what_it_counts_for() -> None:
    due = Due(30739937, 3, 5, 7, "lives_alone", date(2026, 11, 17), None)
    met = replace(due, met_at=datetime(2026, 11, 16, 18, tzinfo=UTC))  # the next day in China
    with override("en"):
        said = [
            saying.row("groups", Covered(22, 22, 256, 313, 300, 290, ())),
            saying.row("groups", Covered(22, 22, 0, None, 0, 0, ())),
            saying.row("visits_due", due),
            saying.row("visits_due", met),
        ]
    assert [one.rpartition(" · ")[2] for one in said] == [
        "256 of 313 households", "Groups of a grid 22", "not made", "made on 2026-11-17",
    ]  # fmt: skip


def test_a_peer_group_is_named_by_its_households() -> None:
    alone = scheme_text.read(WEEK)
    grouped = replace(alone, peers=Peers((300, 600)))
    with override("en"):
        assert saying.peers(alone, 0) == ""
        assert [saying.peers(grouped, band).partition(": ")[2] for band in (0, 1, 2)] == [
            "fewer than 300 households", "300 to 599 households", "600 households or more",
        ]  # fmt: skip


def test_a_run_goes_one_way_and_a_final_one_never_changes() -> None:
    assert [(step.verb.value, step.to.value) for step in TABLE] == [
        ("review", "reviewed"), ("announce", "announced"), ("finish", "final"), ("supersede", "superseded"),
    ]  # fmt: skip
    assert not any(State.FINAL in step.from_ or State.SUPERSEDED in step.from_ for step in STEPS.values())


def test_who_scored_or_is_concerned_does_not_decide() -> None:
    def ruled(who: int | None) -> str:
        return may_decide(who, computed_by=1, reviewed_by=2, subjects=(3,), made_by=3)

    assert [ruled(who) for who in (1, 2, 3, 4, None)] == [
        "scored_it",
        "scored_it",
        "own_affair",
        "",
        "nobody",
    ]


def test_the_program_that_decides_points_has_a_digest() -> None:
    assert len(code_version()) == 64
    assert all((HERE / "rules" / f"{name}.py").exists() for name in DECIDING)


@pytest.mark.parametrize(
    ("code", "rows", "chinese", "english"),
    [
        ("group_coverage", 1, "1 户", "1 household"),
        ("visits_to_need", 2, "2 户", "2 households"),
        ("visits_in_time", 2, "2 次走访", "2 visits"),
        ("on_time", 3, "3 件", "3 cases"),
        ("seven_and_seven", 1, "1 分", "1 mark"),
    ],
)
def test_what_would_help_is_told_in_the_unit_of_the_indicators_rows(
    code: str, rows: int, chinese: str, english: str
) -> None:
    for language, said in (("zh-hans", chinese), ("en", english)):
        with override(language):
            assert saying.amount(code, rows) == said


def test_every_indicator_has_a_unit_to_tell_its_rows_in() -> None:
    with override("zh-hans"):
        assert all("2" in saying.amount(code, 2) for code in INDICATORS)
