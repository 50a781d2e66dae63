"""Following a place, and being bound to a dwelling on proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from linli.grids import actions, ports, queries
from linli.grids.actions import own_data
from linli.grids.models import Membership, Residence
from linli.grids.rows import PlaceRow
from linli.grids.tests.conftest import Ground
from linli.kernel import access, scope
from linli.people import queries as people
from linli.people.actions import erasure

pytestmark = pytest.mark.django_db
Person = Callable[..., int]
Staff = Callable[..., access.Actor]


@pytest.fixture
def dwelling(ground: Ground) -> PlaceRow:
    return queries.subtree(ground.at("1003").path, "dwelling")[0]


@pytest.fixture
def resident(ground: Ground, person: Person, at: datetime) -> access.Actor:
    somebody = person("陈晨")
    actions.follow(actor=access.Actor(somebody), place_id=ground.luxing.id, at=at)
    actor = queries.actor(somebody, at)
    assert actor is not None
    scope.enter(actor.communities)
    return actor


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> set[tuple[int, str]]:
    entries: set[tuple[int, str]] = set()
    monkeypatch.setattr(ports._sockets, "register", lambda account_id, code: (account_id, code) in entries)
    return entries


def test_a_scan_ties_to_the_place_and_again_changes_nothing(
    ground: Ground, resident: access.Actor, at: datetime
) -> None:
    building = queries.subtree(ground.at("1003").path, "building")[0]
    assert actions.follow(actor=resident, place_id=building.id, at=at)
    assert not actions.follow(actor=resident, place_id=building.id, at=at)
    assert not actions.follow(actor=resident, place_id=ground.luxing.id, at=at)
    assert queries.memberships(resident.account_id or 0) == [(ground.luxing.id, building.id, at)]
    assert queries.home(resident.account_id or 0) == queries.place(building.id)


def test_nobody_follows_without_signing_in(ground: Ground, at: datetime) -> None:
    with pytest.raises(access.NotFound):
        actions.follow(actor=access.ANONYMOUS, place_id=ground.luxing.id, at=at)


def test_two_members_of_staff_bind_a_residence(
    ground: Ground, resident: access.Actor, staff: Staff, dwelling: PlaceRow, at: datetime
) -> None:
    asked = actions.ask_residence(actor=resident, dwelling_id=dwelling.id, at=at)
    assert actions.ask_residence(actor=resident, dwelling_id=dwelling.id, at=at).id == asked.id
    worker, officer = staff("grid_worker", ground.at("1003")), staff("police", ground.luxing)
    once = actions.vouch_residence(actor=worker, residence_id=asked.id, at=at)
    assert once.bound_at is None
    with pytest.raises(access.Forbidden) as refused:
        actions.vouch_residence(actor=worker, residence_id=asked.id, at=at)
    assert refused.value.code == "second_person"
    bound = actions.vouch_residence(actor=officer, residence_id=asked.id, at=at)
    assert bound.basis == "two_approvals"
    assert bound.expires_date == queries.day_of(at) + timedelta(days=365)
    now, later = (queries.actor(resident.account_id or 0, at + timedelta(days=days)) for days in (0, 366))
    assert now is not None
    assert later is not None
    assert (now.level, later.level) == (3, 2)


def test_nobody_vouches_for_oneself_or_out_of_reach(
    ground: Ground, staff: Staff, dwelling: PlaceRow, at: datetime
) -> None:
    worker = staff("grid_worker", ground.at("1003"))
    asked = actions.ask_residence(actor=worker, dwelling_id=dwelling.id, at=at)
    with pytest.raises(access.Forbidden) as refused:
        actions.vouch_residence(actor=worker, residence_id=asked.id, at=at)
    assert refused.value.code == "own_residence"
    for outsider in (
        staff("grid_worker", ground.at("1004")),
        staff("dispatcher", ground.luxing),
        staff("admin", ground.riverside),
    ):
        with pytest.raises(access.NotFound):
            actions.vouch_residence(actor=outsider, residence_id=asked.id, at=at)


def test_the_register_binds_whom_it_knows(
    resident: access.Actor, dwelling: PlaceRow, register: set[tuple[int, str]], at: datetime
) -> None:
    asked = actions.ask_residence(actor=resident, dwelling_id=dwelling.id, at=at)
    with pytest.raises(access.Forbidden) as refused:
        actions.bind_residence(actor=resident, residence_id=asked.id, at=at)
    assert refused.value.code == "not_in_register"
    register.add((resident.account_id or 0, dwelling.code))
    assert actions.bind_residence(actor=resident, residence_id=asked.id, at=at).basis == "register"


def test_without_a_register_it_says_so(
    resident: access.Actor, dwelling: PlaceRow, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports._sockets, "register", None)
    asked = actions.ask_residence(actor=resident, dwelling_id=dwelling.id, at=at)
    with pytest.raises(ports.NotWired):
        actions.bind_residence(actor=resident, residence_id=asked.id, at=at)


def test_giving_up_a_home_takes_the_level_back(
    resident: access.Actor, dwelling: PlaceRow, register: set[tuple[int, str]], at: datetime
) -> None:
    register.add((resident.account_id or 0, dwelling.code))
    asked = actions.ask_residence(actor=resident, dwelling_id=dwelling.id, at=at)
    actions.bind_residence(actor=resident, residence_id=asked.id, at=at)
    actions.end_residence(actor=resident, residence_id=asked.id, at=at)
    account = people.account(resident.account_id or 0)
    assert account is not None
    assert account.level == 2
    with pytest.raises(access.NotFound):
        actions.end_residence(actor=resident, residence_id=asked.id, at=at)


def test_another_community_sees_no_residence(
    ground: Ground, resident: access.Actor, staff: Staff, dwelling: PlaceRow, at: datetime
) -> None:
    asked = actions.ask_residence(actor=resident, dwelling_id=dwelling.id, at=at)
    assert queries.residence(asked.id) is not None
    staff("admin", ground.riverside)
    assert queries.residence(asked.id) is None
    assert Residence.objects.count() == 0
    scope.leave()
    assert Residence.objects.count() == 0


def test_a_dwelling_of_a_community_not_followed_cannot_be_claimed(
    ground: Ground, resident: access.Actor, at: datetime
) -> None:
    foreign = queries.subtree(ground.riverside.path, "dwelling")[0]
    with pytest.raises(access.NotFound):
        actions.ask_residence(actor=resident, dwelling_id=foreign.id, at=at)


# One's own data


def test_a_person_takes_along_what_the_places_hold(
    ground: Ground, resident: access.Actor, dwelling: PlaceRow, at: datetime
) -> None:
    actions.ask_residence(actor=resident, dwelling_id=dwelling.id, at=at)
    scope.leave()
    held = own_data.held(resident.account_id or 0)
    assert [each["community"] for each in held["memberships"]] == [ground.luxing.id]  # type: ignore[attr-defined]
    assert [each["dwelling"] for each in held["homes"]] == [dwelling.code]  # type: ignore[attr-defined]
    assert held["duties"] == []


def test_erasing_a_person_leaves_no_home_and_no_membership(
    ground: Ground, resident: access.Actor, staff: Staff, dwelling: PlaceRow, at: datetime
) -> None:
    asked = actions.ask_residence(actor=resident, dwelling_id=dwelling.id, at=at)
    own_data.erase(resident.account_id or 0, at)
    scope.enter([ground.luxing.id])
    assert not Residence.objects.filter(pk=asked.id).exists()
    assert not Membership.objects.filter(account_id=resident.account_id or 0).exists()


def test_an_account_that_is_erased_takes_its_home_along(
    ground: Ground, resident: access.Actor, dwelling: PlaceRow, at: datetime
) -> None:
    asked = actions.ask_residence(actor=resident, dwelling_id=dwelling.id, at=at)
    erasure.erase_account(account_id=resident.account_id or 0, at=at)
    scope.enter([ground.luxing.id])
    assert not Residence.objects.filter(pk=asked.id).exists()
