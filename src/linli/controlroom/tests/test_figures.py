"""Figures over the fixed cast: counts of the day, promises, rates, and the rows behind each."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.cases.tests.cast import AT, Cast
from linli.controlroom.queries import figures as asking
from linli.controlroom.queries.behind import behind
from linli.controlroom.rules.catalog import CATALOG
from linli.controlroom.rules.figures import BadFigure, By, Figure, Part, named_period
from linli.controlroom.tests.days import a_day
from linli.kernel.clock import LOCAL

EVENING = AT + timedelta(hours=8)
TODAY = named_period("today", AT, LOCAL)
pytestmark = pytest.mark.django_db


def ask(cast: Cast, *codes: str, by: str = "") -> dict[tuple[str, str], Figure]:
    """These figures of today in the evening, by code and group."""
    with cast.inside():
        found = asking.figures(codes, community_id=cast.here.id, period=TODAY, at=EVENING, by=by)
    return {(one.code, one.group): one for one in found}


def listed(cast: Cast, code: str, part: str, **more: str) -> set[str]:
    """The numbers of the cases behind a part of a figure."""
    with cast.inside():
        found = behind(code, part, community_id=cast.here.id, period=TODAY, at=EVENING, **more)
        numbers = list(found.rows().values_list("number", flat=True))
        assert found.number() == len(numbers) == len(set(numbers))
        return set(numbers)


def test_the_day_is_counted_and_each_count_opens_its_cases(cast: Cast) -> None:
    numbers = a_day(cast)
    found = ask(cast, "reported", "accepted", "settled", "open", "returned")
    assert {code: one.value for (code, _), one in found.items()} == {
        "reported": 4, "accepted": 3, "settled": 1, "open": 3, "returned": 1,
    }  # fmt: skip
    assert listed(cast, "reported", "numerator") == set(numbers.values())
    assert listed(cast, "settled", "numerator") == {numbers["rated"]}
    assert listed(cast, "returned", "numerator") == {numbers["returned"]}


def test_rates_say_what_they_left_out_and_why(cast: Cast) -> None:
    numbers = a_day(cast)
    found = ask(cast, "response_rate", "solved_rate", "satisfied_rate", "three_rates_score")
    solved = found["solved_rate", ""]
    assert (solved.value, solved.numerator, solved.denominator, solved.excluded) == (1.0, 1, 1, 2)
    assert dict(solved.reasons) == {"silent": 2}
    assert listed(cast, "solved_rate", "excluded") == {numbers["waiting"], numbers["returned"]}
    assert found["three_rates_score", ""].value is not None


@pytest.mark.parametrize("by", ["", *By])
def test_every_part_of_every_figure_has_as_many_rows_as_it_says(cast: Cast, by: str) -> None:
    a_day(cast)
    for one in ask(cast, *CATALOG, by=by).values():
        if one.denominator is None:
            continue  # the parts of a score are told of the whole only
        for part in Part:
            held = listed(cast, one.code, part.value, by=by if one.group else "", group=one.group)
            assert len(held) == getattr(one, part.value), (one.code, by, one.group, part)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "nothing"},
        {"part": "some"},
        {"by": "colour"},
        {"group": "3"},
        {"by": "grid", "group": "x' OR 1"},
    ],
)
def test_it_refuses_what_it_does_not_know(cast: Cast, wrong: dict[str, str]) -> None:
    with pytest.raises(BadFigure):
        listed(cast, **{"code": "open", "part": "numerator", **wrong})
