"""Who hears of a hand-over in the grids, in which words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from linli.fieldwork.actions import handing, visits
from linli.fieldwork.models import HandOver, HandOverItem
from linli.fieldwork.rules.handing import Offer
from linli.fieldwork.rules.visits import Made
from linli.fieldwork.rules.words import Outcome, Purpose, WhyHandOver
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.grids.tests.conftest import Ground, at, few_places, fresh_locator, ground, laid, person, staff
from linli.kernel import scope
from linli.kernel.access import Actor
from linli.notices.models import Notice
from linli.notices.tests.told import facts, hear
from linli.people.models import Account

__all__ = ["at", "facts", "few_places", "fresh_locator", "ground", "laid", "person", "staff"]
pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@dataclass
class Team:
    """Who hands over, who takes over, who leads them; the grid, and what happened so far."""

    grid: PlaceRow
    giver: Actor
    receiver: Actor
    leader: Actor
    at: datetime
    facts: list[Any]

    def offers(self, actor: Actor) -> HandOver:
        """Two promised visits, offered."""
        for home in places.subtree(self.grid.path, "dwelling")[:2]:
            soon = places.day_of(self.at + DAY)
            made = Made(home.id, Purpose.LISTEN, Outcome.MET, self.at, words="灯坏了", follow_up_date=soon)
            visits.make(actor=self.giver, made=made, key=uuid4(), at=self.at)
        wanted = Offer(
            self.grid.id, self.giver.person_id, self.receiver.person_id, WhyHandOver.LEAVE, "去医院陪护"
        )
        return handing.offer(actor=actor, offer=wanted, key=uuid4(), at=self.at)

    def told(self) -> dict[int, Notice]:
        """Whom the facts since the last time told of, heard twice over, by account."""
        before = set(Notice.objects.values_list("pk", flat=True))
        hear(self.facts * 2)
        scope.enter([self.grid.community_id])
        self.facts.clear()
        found = Notice.objects.exclude(pk__in=before)
        assert found.count() == len({one.account_id for one in found}), "nobody is told twice"
        return {one.account_id: one for one in found if one.account_id}


@pytest.fixture
def team(ground: Ground, staff: Callable[..., Actor], at: datetime, facts: list[Any]) -> Team:
    grid = ground.at("1001")
    giver, receiver = staff("grid_worker", grid), staff("assistant", grid)
    leader = staff("community_leader", ground.luxing)
    Account.objects.filter(pk=leader.person_id).update(language="en")
    scope.enter([ground.luxing.id])
    facts.clear()
    return Team(grid, giver, receiver, leader, at, facts)


def test_who_is_to_take_over_hears_of_it_and_nothing_of_the_reason(team: Team) -> None:
    row = team.offers(team.giver)
    told = team.told()
    assert set(told) == {team.receiver.person_id}
    notice = told[team.receiver.person_id]
    assert "2 项" in notice.words
    assert notice.link == f"/desk/handovers/{row.pk}/"
    assert "医院" not in notice.title + notice.words


def test_the_giver_and_who_offered_it_for_them_hear_what_was_taken(team: Team) -> None:
    row = team.offers(team.leader)
    team.told()
    one = HandOverItem.objects.filter(handover=row).values_list("pk", flat=True)[0]
    handing.accept(actor=team.receiver, handover_id=row.pk, at=team.at + DAY, only={one})
    told = team.told()
    assert set(told) == {team.giver.person_id, team.leader.person_id}
    assert "另有 1 项" in told[team.giver.person_id].words
    assert "1 in all. Left, and still with you: 1." in told[team.leader.person_id].words


def test_of_what_is_left_nothing_is_said_where_everything_was_taken(team: Team) -> None:
    row = team.offers(team.giver)
    team.told()
    handing.accept(actor=team.receiver, handover_id=row.pk, at=team.at + DAY)
    words = team.told()[team.giver.person_id].words
    assert "2 项" in words
    assert "另有" not in words


@pytest.mark.parametrize(
    ("by", "hears", "said"), [("receiver", "giver", "谢绝"), ("giver", "receiver", "撤回")]
)
def test_the_other_side_hears_that_nothing_changes_hands(team: Team, by: str, hears: str, said: str) -> None:
    row = team.offers(team.giver)
    team.told()
    handing.decline(actor=getattr(team, by), handover_id=row.pk, at=team.at + DAY)
    told = team.told()
    assert set(told) == {getattr(team, hears).person_id}
    assert said in told[getattr(team, hears).person_id].words
