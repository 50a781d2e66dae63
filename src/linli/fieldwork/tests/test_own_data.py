"""What is kept of a person: taken along by them, gone with their account, and by itself after its time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from linli.fieldwork.actions import own_data, patrols, sweeping, visits
from linli.fieldwork.models import PatrolPoint, Visit
from linli.fieldwork.rules.patrols import Position
from linli.fieldwork.rules.visits import Made
from linli.fieldwork.rules.words import Outcome, Purpose
from linli.grids import queries as places
from linli.grids.actions import members
from linli.grids.rules.words import Level
from linli.grids.tests.conftest import Ground
from linli.kernel import scope
from linli.kernel.access import Actor

Staff = Callable[..., Actor]


@pytest.fixture
def visited(ground: Ground, staff: Staff, person: Callable[..., int], at: datetime) -> tuple[int, Actor]:
    """A resident with a proved home that was visited before and after the proof; who visited."""
    grid = ground.at("1001")
    home = places.subtree(grid.path, Level.DWELLING.value)[0]
    worker, leader = staff("grid_worker", grid), staff("community_leader", ground.luxing)
    resident = person("周桂兰")
    with scope.within([ground.luxing.id]):
        for hours, words in ((-30, "前一户的事"), (2, "血压药快吃完了")):
            moment = at + timedelta(hours=hours)
            made = Made(home.id, Purpose.LISTEN, Outcome.MET, moment, words)
            visits.make(actor=worker, made=made, key=uuid4(), at=moment)
        members.follow(actor=Actor(resident), place_id=home.parent_id or 0, at=at)
        asked = members.ask_residence(
            actor=places.actor(resident, at) or Actor(resident), dwelling_id=home.id, at=at
        )
        for voucher in (worker, leader):
            members.vouch_residence(actor=voucher, residence_id=asked.id, at=at)
    return resident, worker


def test_a_resident_takes_along_what_is_kept_of_the_time_they_lived_there(
    visited: tuple[int, Actor],
) -> None:
    told = own_data.held(visited[0])
    assert [one["words"] for one in told["visits_to_my_home"]] == ["血压药快吃完了"]  # type: ignore[attr-defined]  # plain data


def test_with_the_account_the_words_go_and_the_work_stays(visited: tuple[int, Actor], at: datetime) -> None:
    own_data.erase(visited[0], at)
    assert [row.words for row in Visit.objects.order_by("at")] == ["前一户的事", None]


def test_words_and_positions_go_after_their_time(visited: tuple[int, Actor], at: datetime) -> None:
    worker = visited[1]
    grid = places.place(worker.grants[0].place_id)
    assert grid is not None
    row = patrols.start(actor=worker, grid_id=grid.id, key=uuid4(), at=at)
    patrols.send_positions(actor=worker, patrol_id=row.pk, positions=[Position(106.6, 26.6, at)], at=at)
    assert own_data.held(worker.person_id)["patrols_i_made"][0]["points"]  # type: ignore[index]  # plain data
    assert sweeping.sweep(at + timedelta(minutes=30)) == 0
    assert sweeping.sweep(at + timedelta(days=9)) == 2  # forgotten, wiped
    assert not PatrolPoint.objects.exists()
    assert sweeping.sweep(at + timedelta(days=731)) == 2
    assert {row.words for row in Visit.objects.all()} == {None}
