"""Points and ranks: exact, fair to ties and gaps, the same in any order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.assessment.rules import trying
from linli.assessment.rules.indicator import Direction
from linli.assessment.rules.periods import Period
from linli.assessment.rules.rows import (
    Adjusted,
    Corrected,
    Inputs,
    Rechecked,
    Served,
    Visited,
    as_plain,
    digest,
    pack,
    unpack,
)
from linli.assessment.rules.scheme import Curve, Deduction, Item, Missing, Peers, Scheme, Ties
from linli.assessment.rules.scoring import ADJUSTED, FALSE_RECORD, Result, result_digest, score
from linli.assessment.rules.shares import largest_remainder, rounded
from linli.assessment.rules.subjects import Level, Subject
from linli.kernel.worktime import SHANGHAI

MONDAY = date(2026, 11, 16)
AT = datetime(2026, 11, 18, 10, tzinfo=SHANGHAI)
SERVICES = Item("services_confirmed", 60)
SOON = Item("visits_written_soon", 40)
SCHEME = Scheme("周排行", "", Level.WORKER, Period.WEEK, (SERVICES, SOON))


def worker(number: int, load: int = 100) -> Subject:
    return Subject(Level.WORKER, number, (number,), (number * 10,), load)


def served(number: int, who: int, *, confirmed: bool = True) -> Served:
    return Served(number, who, who * 10, "e_commerce", AT, "tap" if confirmed else "", None, denied=False)


def visited(number: int, who: int, *, hours: int = 1) -> Visited:
    made_at = AT + timedelta(hours=hours)
    return Visited(number, who, who * 10, number, "asked", "care", "met", AT, made_at, None, followed_up=True)


def inputs(
    services: dict[int, tuple[int, int]], visits: dict[int, tuple[int, int]] | None = None, **more: Any
) -> Inputs:
    """Per worker (good, of all) services and visits."""
    rows: dict[str, list[Any]] = {"services": [], "visits": []}
    for name, given_, make in (("services", services, served), ("visits", visits or {}, visited)):
        for who, (good, every) in given_.items():
            for number in range(every):
                way = (
                    {"confirmed": number < good}
                    if name == "services"
                    else {"hours": 1 if number < good else 99}
                )
                rows[name].append(make(who * 1000 + number, who, **way))
    people = tuple(worker(who) for who in sorted({*services, *(visits or {})}))
    return Inputs(
        MONDAY, MONDAY + timedelta(days=7), ranked=True, subjects=more.pop("subjects", people),
        rows={name: tuple(each) for name, each in rows.items()}, **more,
    )  # fmt: skip


def table(result: Result) -> dict[int, tuple[int | None, int | None]]:
    return {one.subject.id: (one.total, one.rank) for one in result.scores}


FULL_WEEK = {1: (10, 10), 2: (9, 10), 3: (9, 10), 4: (2, 10)}


def test_points_follow_the_weights_and_ties_share_a_rank() -> None:
    found = table(score(SCHEME, inputs(FULL_WEEK, FULL_WEEK)))
    assert found == {1: (100_000, 1), 2: (90_000, 2), 3: (90_000, 2), 4: (20_000, 4)}
    dense = table(score(replace(SCHEME, ties=Ties.DENSE), inputs(FULL_WEEK, FULL_WEEK)))
    assert [rank for _, rank in dense.values()] == [1, 2, 2, 3]


def test_without_ranking_there_are_points_and_no_ranks() -> None:
    found = table(score(SCHEME, replace(inputs(FULL_WEEK, FULL_WEEK), ranked=False)))
    assert found[1] == (100_000, None)


def test_what_rests_on_too_few_rows_shares_its_weight_out() -> None:
    scheme = replace(SCHEME, items=(replace(SERVICES, weight=40), replace(SOON, weight=60)))
    found = score(scheme, inputs({1: (2, 2), 2: (5, 10)}, {1: (3, 4), 2: (4, 4)}))
    first, second = found.scores
    assert [(part.why, part.weight, part.points) for part in first.parts] == [
        ("too_few", Fraction(0), 0),
        ("", Fraction(100), 75_000),
    ]
    assert second.total == 80_000


def test_or_counts_as_the_middle_of_the_peers() -> None:
    swapped = (replace(SERVICES, weight=40), replace(SOON, weight=60))
    scheme = replace(SCHEME, missing=Missing.NEUTRAL, items=swapped)
    found = score(scheme, inputs({1: (2, 2), 2: (5, 10), 3: (10, 10)}, dict.fromkeys((1, 2, 3), (4, 4))))
    assert found.scores[0].parts[0].attained == Fraction(3, 4)
    assert found.scores[0].total == 30_000 + 60_000


def test_too_little_to_measure_is_no_score_and_no_rank() -> None:
    half = score(SCHEME, inputs({}, FULL_WEEK)).scores[0]
    assert (half.total, half.parts[1].points) == (None, 0)  # forty percent of the weight
    found = score(SCHEME, inputs(FULL_WEEK, subjects=(worker(1), worker(7))))
    assert table(found)[7] == (None, None)
    assert found.scores[0].peers == 1


def test_those_with_a_like_load_are_ranked_together() -> None:
    people = (worker(1, 50), worker(2, 50), worker(3, 500), worker(4, 500))
    found = score(replace(SCHEME, peers=Peers((300,))), inputs(FULL_WEEK, FULL_WEEK, subjects=people))
    assert [(one.band, one.rank, one.peers) for one in found.scores] == [
        (0, 1, 2),
        (0, 2, 2),
        (1, 1, 2),
        (1, 2, 2),
    ]


def rechecked(record_id: int, who: int, outcome: str) -> Rechecked:
    return Rechecked(record_id, "service", record_id, who, who * 10, "random", outcome, AT)


def test_a_record_proven_false_leaves_its_figure_and_costs_points_an_honest_mistake_only_leaves() -> None:
    base = inputs(FULL_WEEK, FULL_WEEK)
    rows = {**base.rows, "rechecks": (rechecked(1000, 1, "false"), rechecked(2000, 2, "mistaken"))}
    scheme = replace(SCHEME, deduction=Deduction(points=7_000, most=20_000))
    first, second, *_ = score(scheme, replace(base, rows=rows)).scores
    assert first.parts[0].measured.excluded == ((1000, "proven_false"),)
    assert (first.parts[-1].code, first.parts[-1].points) == (FALSE_RECORD, -7_000)
    assert first.total == 93_000
    assert second.parts[0].measured.excluded == ((2000, "mistaken"),)
    assert [part.code for part in second.parts] == ["services_confirmed", "visits_written_soon"]


def test_nobody_falls_below_nothing_and_the_parts_still_add_up() -> None:
    low = inputs({1: (1, 10)}, {1: (0, 10)}, adjusted=(Adjusted(1, 1, -50_000),))
    (only,) = score(SCHEME, low).scores
    assert only.total == 0
    assert sum(part.points for part in only.parts) == 0
    assert only.parts[-1].code == ADJUSTED


def test_a_corrected_row_counts_as_corrected_and_the_others_as_they_were() -> None:
    base = inputs({1: (4, 5), 2: (4, 5)})
    scheme = replace(SCHEME, items=(replace(SERVICES, weight=100),))
    mended = replace(base, corrected=(Corrected(1, "services", 1004, "confirmed_by", "call_back"),))
    assert table(score(scheme, mended)) == {1: (100_000, 1), 2: (80_000, 2)}
    left_out = replace(base, corrected=(Corrected(1, "services", 1003),))
    assert score(scheme, left_out).scores[0].parts[0].why == "too_few"


def test_a_forbidden_indicator_is_never_computed() -> None:
    scheme = replace(SCHEME, items=(Item("online_time", 50), replace(SERVICES, weight=50)))
    (only,) = score(scheme, inputs({1: (5, 10)})).scores
    assert [(part.why, part.points) for part in only.parts] == [("not_computed", 0), ("", 50_000)]


@pytest.mark.parametrize(
    ("item", "value", "direction", "expected"),
    [
        (Item("a", 1, Curve.LINEAR, Fraction(1, 2), Fraction(1)), "3/4", Direction.MORE, "1/2"),
        (Item("a", 1, Curve.LINEAR, Fraction(1, 2), Fraction(1)), "1/4", Direction.MORE, "0"),
        (Item("a", 1, Curve.LINEAR, Fraction(3, 10), Fraction(1, 10)), "1/5", Direction.LESS, "1/2"),
        (Item("a", 1, Curve.LINEAR, Fraction(3, 10), Fraction(1, 10)), "9/10", Direction.LESS, "0"),
        (Item("a", 1, Curve.SATURATING, Fraction(0), Fraction(1)), "1/2", Direction.MORE, "3/4"),
        (Item("a", 1, Curve.LINEAR, Fraction(0), Fraction(1), cap=80), "1", Direction.MORE, "4/5"),
        (Item("a", 1, Curve.STEPS, steps=((Fraction(9, 10), 100), (Fraction(3, 4), 30))), "9/10", Direction.MORE, "1"),
        (Item("a", 1, Curve.STEPS, steps=((Fraction(9, 10), 100), (Fraction(3, 4), 30))), "4/5", Direction.MORE, "3/10"),
        (Item("a", 1, Curve.STEPS, steps=((Fraction(1, 10), 100),)), "1/5", Direction.LESS, "0"),
    ],
)  # fmt: skip
def test_curves_are_exact(item: Item, value: str, direction: Direction, expected: str) -> None:
    assert item.attained(Fraction(value), direction) == Fraction(expected)


fractions = st.fractions(min_value=0, max_value=1000, max_denominator=997)


@settings(max_examples=100)
@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), fractions, max_size=12))
def test_whole_points_add_up_to_the_rounded_sum(parts: dict[str, Fraction]) -> None:
    whole = largest_remainder(parts)
    assert sum(whole.values()) == rounded(sum(parts.values(), Fraction(0)))
    assert all(abs(whole[name] - part) < 1 for name, part in parts.items())


counts = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda two: (min(two), max(two)))
weeks = st.dictionaries(st.integers(1, 6), counts, min_size=1, max_size=6)
missing = st.sampled_from(list(Missing))


@settings(max_examples=60, deadline=None)
@given(weeks, weeks, st.integers(1, 99), missing, st.randoms())
def test_the_order_of_people_and_rows_changes_nothing(
    services: Any, visits: Any, weight: int, way: Missing, chance: Any
) -> None:
    scheme = replace(
        SCHEME, missing=way, items=(replace(SERVICES, weight=weight), replace(SOON, weight=100 - weight))
    )
    given_ = inputs(services, visits)
    subjects, rows = list(given_.subjects), {name: list(each) for name, each in given_.rows.items()}
    chance.shuffle(subjects)
    for each in rows.values():
        chance.shuffle(each)
    other = replace(given_, subjects=tuple(subjects), rows={name: tuple(each) for name, each in rows.items()})
    first, second = score(scheme, given_), score(scheme, other)
    assert result_digest(first) == result_digest(second)
    assert digest(as_plain(given_)) == digest(as_plain(other))
    for one in first.scores:
        assert one.total is None or sum(part.points for part in one.parts) == one.total
        assert one.total is None or 0 <= one.total <= 100_000


@settings(max_examples=60, deadline=None)
@given(weeks, st.integers(1, 6), missing)
def test_a_better_figure_never_costs_points_or_rank(services: Any, who: int, way: Missing) -> None:
    good, every = services.get(who, (0, 0))
    if every < 5 or good == every:
        return
    scheme = replace(SCHEME, missing=way)
    visits = dict.fromkeys(services, (3, 4))
    before = table(score(scheme, inputs(services, visits)))
    after = table(score(scheme, inputs({**services, who: (good + 1, every)}, visits)))
    assert (after[who][0] or 0) >= (before[who][0] or 0)
    assert (after[who][1] or 99) <= (before[who][1] or 99)


@settings(max_examples=25, deadline=None)
@given(weeks, weeks)
def test_what_was_packed_comes_out_and_scores_the_same(services: Any, visits: Any) -> None:
    held = inputs(services, visits, adjusted=(Adjusted(3, 1, 500),),
                  corrected=(Corrected(1, "visits", 1000, "made_at", AT.isoformat()),))  # fmt: skip
    again = unpack(pack(held))
    assert digest(as_plain(again)) == digest(as_plain(held))
    assert result_digest(score(SCHEME, again)) == result_digest(score(SCHEME, held))


def test_another_scheme_tells_who_would_move_and_why() -> None:
    held = inputs({1: (10, 10), 2: (5, 10)}, {1: (0, 5), 2: (5, 5)})
    first, second = score(SCHEME, held), score(trying_weights(20), held)
    moved = {one.subject_id: one for one in trying.compare(first, second)}
    assert (moved[2].rank_before, moved[2].rank_after, moved[2].places) == (2, 1, 1) or moved[2].places == 0
    assert moved[2].because[0] == ("visits_written_soon", 40_000)


def trying_weights(weight: int) -> Scheme:
    found = trying.reweighted(SCHEME, "services_confirmed", weight - 60)
    assert found is not None
    assert sum(item.weight for item in found.items) == 100
    return found


def test_each_weight_is_tried_both_ways() -> None:
    held = inputs({1: (10, 10), 2: (5, 10)}, {1: (0, 5), 2: (5, 5)})
    found = trying.sensitivity(SCHEME, held, by=30)
    assert [(one.indicator, one.changed_to) for one in found] == [
        ("services_confirmed", 90), ("services_confirmed", 30), ("visits_written_soon", 70), ("visits_written_soon", 10),
    ]  # fmt: skip
    assert {one.movers for one in found} <= {0, 2}
    assert any(one.leader_changes for one in found)
