"""Who hears of a result of the league, in which words."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from linli.assessment.actions import publishing
from linli.assessment.events import LateFactsFound, RunAnnounced, ScoresPublished
from linli.assessment.models import Run
from linli.assessment.queries import runs as runs_of
from linli.assessment.tests.test_pages import announced
from linli.assessment.tests.test_runs import BEFORE, TUESDAY, week
from linli.cases.tests.cast import Cast, cast, standing_cast
from linli.notices.actions import carrying, deciding
from linli.notices.actions.deciding import NewRobot
from linli.notices.models import Notice
from linli.site import journeys

__all__ = ["cast", "standing_cast", "week"]
pytestmark = pytest.mark.django_db


def test_everybody_hears_of_the_own_score_once(cast: Cast, week: Run) -> None:
    announced(cast, week)
    with cast.inside():
        fact = RunAnnounced(cast.here.id, week.pk, TUESDAY, (TUESDAY + timedelta(days=3)).isoformat())
        journeys.tell_of_scores(fact)
        journeys.tell_of_scores(fact)
        told = Notice.objects.filter(kind="work_score")
        assert {one.account_id for one in told} == {one.subject_id for one in runs_of.scores(week.pk)}
        assert all(str(date(2026, 11, 23)) in one.title for one in told)


def test_the_group_hears_the_result_by_numbers_and_finds_its_card(cast: Cast, week: Run) -> None:
    leader = cast.leader.actor()
    rule = publishing.Wanted("group", "number", 3, 9, when_final=False, basis="")
    robot = NewRobot(
        road="wecom", name="网格员群", address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc"
    )
    with cast.inside():
        publishing.set_rule(actor=leader, community_id=cast.here.id, wanted=rule, key=uuid4(), at=BEFORE)
        deciding.add_robot(actor=leader, community_id=cast.here.id, robot=robot, at=BEFORE)
        announced(cast, week)
        row = publishing.publish_now(actor=leader, run_id=week.pk, at=TUESDAY)
        assert row is not None
        journeys.tell_of_result(ScoresPublished(cast.here.id, row.pk, week.pk, TUESDAY))
        told = Notice.objects.get(kind="league_result")
        assert row.ticket in told.link
        assert "1. 网格员 0" in told.words
        names = [person.name for person in cast.here.people.values()]
        assert not [name for name in names if name and name in told.words]
        told.road = "wecom"
        draw = carrying.letter(told).draw
        assert draw is not None
        assert draw().startswith(b"\x89PNG")
        assert len(draw()) < 2 * 1024 * 1024
        told.road = "sms"
        assert carrying.letter(told).draw is None
        Run.objects.filter(pk=week.pk).update(state="superseded")
        assert draw() == b""


def test_the_leader_hears_once_that_facts_came_after_a_result_was_final(cast: Cast, week: Run) -> None:
    with cast.inside():
        fact = LateFactsFound(cast.here.id, week.pk, TUESDAY)
        journeys.tell_of_late_facts(fact)
        journeys.tell_of_late_facts(fact)
        told = Notice.objects.get(kind="work_late")
        assert told.account_id == cast.leader.account_id
        assert told.link.endswith(f"/desk/league/{week.pk}/")
        assert "2026-11-23" in told.words
