"""Late facts: what differs is named by row; only what is not final is computed again, and nobody's score every hour."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from linli.assessment.rules import late
from linli.assessment.rules.late import Came, Moved, Verdict
from linli.assessment.rules.rows import Covered, Inputs
from linli.assessment.rules.runs import State
from linli.assessment.rules.scoring import Result, Scored
from linli.assessment.rules.subjects import Level, Subject

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
FIRST, SECOND, THIRD = (Covered(number, number, 50, 100, 60, 50, ()) for number in (1, 2, 3))
ROWS = (Came("groups", new=(3,)),)
POINTS = (Moved(7, 1000, 2000),)


def inputs(*rows: Covered) -> Inputs:
    return Inputs(date(2026, 11, 16), date(2026, 11, 23), ranked=True, subjects=(), rows={"groups": rows})


def result(**totals: int | None) -> Result:
    return Result(tuple(
        Scored(Subject(Level.WORKER, int(who[1:]), (), ()), total, None, 0, 0, ())
        for who, total in totals.items()
    ))  # fmt: skip


def test_new_changed_and_gone_rows_are_told_apart() -> None:
    now = {"groups": (replace(SECOND, reached=70), THIRD), "visits": ()}
    assert late.came(inputs(FIRST, SECOND), now) == (Came("groups", (3,), (2,), (1,)),)
    assert late.came(inputs(FIRST, SECOND), {"groups": (SECOND, FIRST)}) == ()


def test_a_source_that_was_not_read_before_is_new() -> None:
    assert late.came(inputs(), {"groups": (), "visits": (FIRST,)}) == (Came("visits", (1,)),)


def test_whose_points_change_is_told_and_nobody_else() -> None:
    assert late.moved(result(w1=1000, w2=None, w3=5), result(w1=1000, w2=300, w3=None)) == (
        Moved(2, None, 300),
        Moved(3, 5, None),
    )


@pytest.mark.parametrize(
    ("state", "rows", "points", "hours", "said"),
    [
        (State.COMPUTED, (), (), 99, Verdict.LEAVE),
        (State.COMPUTED, ROWS, (), 0, Verdict.AGAIN),
        (State.REVIEWED, ROWS, (), 0, Verdict.AGAIN),
        (State.ANNOUNCED, ROWS, (), 99, Verdict.LEAVE),
        (State.ANNOUNCED, ROWS, POINTS, 23, Verdict.LEAVE),
        (State.ANNOUNCED, ROWS, POINTS, 24, Verdict.AGAIN),
        (State.FINAL, ROWS, POINTS, 99, Verdict.TELL),
        (State.FINAL, ROWS, (), 99, Verdict.TELL),
        (State.FINAL, (), (), 99, Verdict.LEAVE),
        (State.SUPERSEDED, ROWS, POINTS, 99, Verdict.LEAVE),
    ],
)
def test_the_first_line_of_the_rule_that_fits_holds(
    state: State, rows: Any, points: Any, hours: int, said: Verdict
) -> None:
    assert late.verdict(state, rows, points, computed_at=AT - timedelta(hours=hours), at=AT) is said


def test_a_note_survives_being_written_and_is_the_same_whenever_it_was_made() -> None:
    note = late.as_plain(ROWS, POINTS, AT)
    assert late.same(json.loads(json.dumps(note)), late.as_plain(ROWS, POINTS, AT + timedelta(days=1)))
    assert not late.same(note, late.as_plain(ROWS, (), AT))
    assert not late.same({}, note)
