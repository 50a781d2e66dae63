"""The cast is what it says: everybody has their duties, and nobody sees the other community."""

from __future__ import annotations

import pytest

from linli.cases import access
from linli.cases.rules.workflow import State, Verb
from linli.cases.tests.cast import AT, Cast
from linli.kernel.access import NotFound

pytestmark = pytest.mark.django_db


def test_everybody_holds_the_duty_they_are_named_for(cast: Cast) -> None:
    for name, person in cast.here.people.items():
        roles = person.actor().roles(cast.here.id)
        expected = {"leader": "community_leader", "other_grid_worker": "grid_worker"}.get(name, name)
        assert roles == (set() if name in {"resident", "neighbour"} else {expected}), name


def test_a_report_is_located_in_the_grid_of_its_building(cast: Cast) -> None:
    receipt = cast.report()
    case = cast.case(receipt.number)
    assert case.grid_id == cast.grid.id
    assert case.building_id == cast.building.id
    assert case.place_path == cast.building.path


def test_a_case_can_go_all_the_way(cast: Cast) -> None:
    receipt = cast.report()
    assert cast.settled(receipt.number).state == State.CLOSED
    assert cast.move(receipt.number, Verb.RATE, cast.resident, at=AT, solved=True, stars=5).stars == 5


def test_staff_elsewhere_see_nothing_of_it(cast: Cast) -> None:
    receipt = cast.report()
    for person in (cast.elsewhere.dispatcher, cast.elsewhere.resident, cast.stranger, cast.neighbour):
        with cast.inside(cast.here, cast.elsewhere), pytest.raises(NotFound):
            access.find(person.actor(), receipt.number)
