"""Facts that come late: an open week is computed again and says why; a final one stays, and its leader is told once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.assessment.actions import late, runs, sweeping
from linli.assessment.models import Run, Score
from linli.assessment.tests import test_runs
from linli.assessment.tests.test_runs import TUESDAY, announced, late_row, points
from linli.cases.models import Case, ClockRow
from linli.cases.tests.cast import Cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
week = test_runs.week  # the fixture: two workers' week, computed


def put_right(run: Run, cast: Cast) -> int:
    """The case that was late was not: known only now."""
    case = late_row(run, cast.assistant)
    ClockRow.objects.filter(case_id=case, stage="resolve").update(met=True)
    return case


def test_nothing_happens_while_nothing_has_changed(cast: Cast, week: Run) -> None:
    assert late.sweep(TUESDAY + DAY) == 0


def test_a_run_nobody_was_told_of_is_computed_again_and_says_what_came(cast: Cast, week: Run) -> None:
    with cast.inside():
        runs.review(actor=cast.dispatcher.actor(), run_id=week.pk, at=TUESDAY)
        before, case = points(week, cast.assistant), put_right(week, cast)
    assert late.sweep(TUESDAY) == 1
    with cast.inside():
        held = Run.objects.exclude(state="superseded").get(scheme_id=week.scheme_id)
        assert (held.state, held.cause, held.number) == ("computed", "late_facts", 2)
        assert held.late["rows"] == {"cases": {"new": [], "changed": [case], "gone": []}}
        assert held.late["points"] == [[cast.assistant.account_id, before, points(held, cast.assistant)]]
    assert late.sweep(TUESDAY) == 0


def test_an_announced_run_is_opened_again_when_points_change_and_a_day_has_passed(
    cast: Cast, week: Run
) -> None:
    with cast.inside():
        announced(cast, week)
        Case.objects.filter(pk=late_row(week, cast.assistant)).update(solved=True)
        assert late.sweep(TUESDAY + DAY) == 0  # nobody's points
        put_right(week, cast)
    assert late.sweep(TUESDAY + timedelta(hours=1)) == 0
    assert late.sweep(TUESDAY + DAY) == 1
    with cast.inside():
        assert Run.objects.exclude(state="superseded").get(scheme_id=week.scheme_id).state == "computed"


def test_a_final_run_is_never_touched_and_its_leader_is_told_once(cast: Cast, week: Run) -> None:
    end = TUESDAY + timedelta(days=5)
    with cast.inside():
        announced(cast, week)
        assert sweeping.finish_due(end) == 1
        scores = list(Score.objects.filter(run=week).order_by("pk").values())
        digest = Run.objects.get(pk=week.pk).result_digest
        put_right(week, cast)
    assert late.sweep(end + DAY) == 1
    assert late.sweep(end + 2 * DAY) == 0
    with cast.inside():
        (held,) = Run.objects.filter(scheme_id=week.scheme_id)
        assert (held.state, held.result_digest) == ("final", digest)
        assert list(Score.objects.filter(run=week).order_by("pk").values()) == scores
        assert held.late["points"][0][0] == cast.assistant.account_id
        put_right(week, cast)
        ClockRow.objects.filter(case_id=late_row(week, cast.assistant)).update(met=False)
    assert late.sweep(end + late.WATCHED + DAY) == 0
