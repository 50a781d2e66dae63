"""A scheme is told which rules it breaks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from linli.assessment.rules.lawful import Certainty, Finding, Reading, Source, Weighed, binding, findings
from linli.assessment.rules.naming import Naming

GOOD = Reading(
    items=(
        Weighed("on_time", "outcome", 40, pair="came_back", minimum=5),
        Weighed("came_back", "quality", 30, pair="on_time", minimum=5),
        Weighed("satisfied", "satisfaction", 30, minimum=5),
    ),
    period="month",
    ranking=True,
)


def told(scheme: Reading) -> list[tuple[str, str]]:
    return [(one.rule.code, one.indicator) for one in findings(scheme)]


@pytest.mark.parametrize(
    ("kind", "rule", "source"),
    [
        ("online_activity", "online_time", Source.MEASURES_2),
        ("check_in", "check_in", Source.MEASURES_2),
        ("reactions", "reactions", Source.MEASURES_4),
        ("study_time", "study_time", Source.MEASURES_4),
        ("photo_upload", "photo_upload", Source.MEASURES_4),
        ("growth", "growth", Source.HOUSE),
    ],
)
def test_what_may_not_be_weighed_is_named_with_its_source(kind: str, rule: str, source: Source) -> None:
    assert findings(GOOD) == ()
    bad = replace(GOOD, items=(*GOOD.items, Weighed("x", kind, 5, minimum=9)))
    (found,) = findings(bad)
    assert (found.rule.code, found.rule.source, found.indicator, found.weight) == (rule, source, "x", 5)
    assert binding([found])
    assert findings(replace(GOOD, items=(*GOOD.items, Weighed("x", kind, 0)))) == ()


def test_one_thing_alone_may_not_be_too_heavy_without_its_pair() -> None:
    heavy = Weighed("on_time", "outcome", 60, pair="came_back", minimum=5)
    assert told(replace(GOOD, items=(heavy,))) == [("heavy_alone", "on_time")]
    light = replace(heavy, weight=40)
    (found,) = findings(replace(GOOD, items=(light,)))
    assert (found.rule.code, found.rule.binds) == ("no_pair", False)
    with_pair = Weighed("came_back", "quality", 40, pair="on_time", minimum=5)
    assert told(replace(GOOD, items=(heavy, with_pair))) == []


def test_a_number_of_few_rows_needs_a_minimum() -> None:
    assert told(replace(GOOD, items=(Weighed("a", "outcome", 100, minimum=0),))) == [
        ("no_minimum", "a"),
        ("heavy_alone", "a"),
    ]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"published": True, "ranking": False}, "ranking"),
        ({"published": True, "naming": Naming.FULL}, "names"),
        ({"published": True, "naming": Naming.SURNAME}, "names"),
        ({"period": "week"}, "carrier"),
        ({"reviewed": False}, "no_review"),
        ({"appeal_days": 2}, "short_appeal"),
    ],
)
def test_what_the_scheme_itself_does_is_named(change: dict[str, object], rule: str) -> None:
    assert told(replace(GOOD, **change)) == [(rule, "")]  # type: ignore[arg-type]  # one of the fields, by its name


def test_names_the_community_decided_on_and_numbers_are_no_matter() -> None:
    assert findings(replace(GOOD, published=True, naming=Naming.FULL, consented=True)) == ()
    assert findings(replace(GOOD, published=True, naming=Naming.NUMBER)) == ()


def test_a_remark_alone_needs_no_basis_and_stands_last() -> None:
    found = findings(replace(GOOD, period="week", appeal_days=0))
    assert [one.rule.code for one in found] == ["short_appeal", "carrier"]
    assert binding(found)
    assert not binding(found[1:])
    assert {one.rule.certainty for one in found} == {Certainty.UNCONFIRMED, Certainty.SOURCED}
    assert isinstance(found[0], Finding)
