"""Stored clocks keep what the rules say: a pause hides nothing, and the last second is in time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from linli.cases.actions import clocks
from linli.cases.models import ClockRow
from linli.cases.rules.promises import Stage
from linli.cases.tests.cast import Cast

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def accept_clock(number: str) -> tuple[ClockRow, datetime]:
    row = ClockRow.objects.get(case__number=number, stage=Stage.ACCEPT.value)
    assert row.due_at is not None
    return row, row.due_at


def test_a_pause_takes_the_due_moment_away_until_it_ends(cast: Cast) -> None:
    number = cast.report().number
    with cast.inside():
        row, due = accept_clock(number)
        clocks.pause([row], at=due - 60 * SECOND, move=1)
        row.refresh_from_db()
        assert (row.due_at, row.at_risk_at) == (None, None)
        clocks.resume([row], at=due + timedelta(days=7))
        row.refresh_from_db()
        assert row.due_at == due + timedelta(days=7) + 60 * SECOND


def test_a_pause_does_not_hide_a_promise_that_is_already_broken(cast: Cast) -> None:
    number = cast.report().number
    with cast.inside():
        row, due = accept_clock(number)
        clocks.pause([row], at=due + SECOND, move=1)
        row.refresh_from_db()
        assert row.due_at == due


@pytest.mark.parametrize(("late", "met"), [(timedelta(milliseconds=900), True), (SECOND, False)])
def test_the_last_second_is_in_time(cast: Cast, late: timedelta, met: bool) -> None:
    number = cast.report().number
    with cast.inside():
        row, due = accept_clock(number)
        clocks.stop([row], [Stage.ACCEPT], at=due + late)
        row.refresh_from_db()
        assert row.met is met
