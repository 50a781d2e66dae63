"""Scores for programs, and the command: the assessed see their own, readers everything, strangers nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner

from linli.assessment.cli import assessment
from linli.assessment.models import Run, SchemeVersion
from linli.assessment.tests.test_runs import TUESDAY, announced, week
from linli.cases.tests.cast import Cast
from linli.cases.tests.programs import HERE, program
from linli.kernel import clock

__all__ = ["week"]
pytestmark = pytest.mark.django_db
READ = "cases:read"


@pytest.fixture(autouse=True)
def _that_week(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: TUESDAY + timedelta(hours=2))


def test_a_worker_reads_the_own_score_a_leader_all_and_a_resident_none(cast: Cast, week: Run) -> None:
    worker, leader = program(cast.grid_worker, READ), program(cast.leader, READ)
    at_work = f"/assessment/runs/{week.pk}/scores"
    assert worker.get(at_work).status == 404  # not announced
    with cast.inside():
        announced(cast, week)
    own = worker.get(at_work).body
    assert [one["subject_id"] for one in own] == [cast.grid_worker.account_id]
    assert len(leader.get(at_work).body) == week.subjects
    told = worker.get(f"{at_work}/{cast.grid_worker.account_id}").body
    assert sum(part["points"] for part in told["parts"]) == told["points"]
    assert worker.get(f"{at_work}/{cast.assistant.account_id}").status == 404
    assert program(cast.resident, READ).get(at_work).status == 403
    assert program(cast.elsewhere.people["grid_worker"], READ).get(at_work).status == 404


def test_schemes_runs_and_indicators_are_listed(cast: Cast, week: Run) -> None:
    leader = program(cast.leader, READ)
    (scheme,) = leader.get(f"/assessment/schemes?community={HERE}").body
    assert (scheme["id"], scheme["says"]["period"]) == (week.scheme_id, "week")
    (run,) = leader.get(f"/assessment/runs?community={HERE}").body
    assert (run["id"], run["digest"], run["state"]) == (week.pk, week.digest, "computed")
    assert program(cast.grid_worker, READ).get(f"/assessment/runs?community={HERE}").body == []
    assert len(leader.get("/assessment/indicators").body) >= 20


def test_an_appeal_is_made_once_for_a_key_and_read_by_its_maker(cast: Cast, week: Run) -> None:
    with cast.inside():
        announced(cast, week)
    worker = program(cast.assistant, READ, "cases:write")
    body = {
        "subject_id": cast.assistant.account_id,
        "indicator": "on_time",
        "words": "那天停电，改到第二天。",
    }
    address = f"/assessment/runs/{week.pk}/appeals"
    first = worker.post(address, body, key="one")
    again = worker.post(address, body, key="one")
    assert (first.status, again.body["id"]) == (201, first.body["id"])
    assert worker.post(address, body).status == 422
    assert worker.get(f"/assessment/appeals/{first.body['id']}").body["words"] == body["words"]
    assert program(cast.grid_worker, READ).get(f"/assessment/appeals/{first.body['id']}").status == 404


def test_the_command_proves_a_run_and_says_when_it_was_changed(cast: Cast, week: Run) -> None:
    def said(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(assessment, words)
        return done.exit_code, done.output

    assert said("rescore", str(week.pk))[0] == 0
    assert "computed (due)" in said("runs", "--community", HERE)[1]
    code, shown = said("show", str(week.pk), "--subject", str(cast.assistant.account_id))
    assert (code, "Done in time" in shown) == (0, True)
    assert said("sensitivity", str(week.pk))[0] == 0
    assert said("run", str(week.scheme_id), "2026-11-24")[0] == 1
    assert said("rescore", "999999")[0] == 2
    says = week.version.says
    lighter = [{**one, "cap": 50} if one["weight"] else one for one in says["items"]]
    SchemeVersion.objects.update(says={**says, "items": lighter})
    code, shown = said("rescore", str(week.pk))
    assert (code, "DIFFERENT" in shown) == (1, True)
