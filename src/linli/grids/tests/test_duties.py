"""Duties: who gives them, to whom, where, for how long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from linli.grids import actions, queries
from linli.grids.actions.duties import BadDuty, DutyHeld, Term
from linli.grids.models import Duty
from linli.grids.rules.words import Role
from linli.grids.tests.conftest import Ground
from linli.kernel import access
from linli.kernel.models import AuditEntry
from linli.people.actions import organisations
from linli.people.models import Organisation

pytestmark = pytest.mark.django_db
Person = Callable[..., int]
Staff = Callable[..., access.Actor]


def company(community_id: int, at: datetime) -> int:
    admin = access.Actor(
        None, grants=(access.Grant("admin", community_id, community_id, f"{community_id}."),)
    )
    return organisations.create_organisation(
        actor=admin,
        community_id=community_id,
        kind=Organisation.Kind.PROPERTY_COMPANY,
        sign=organisations.Sign("示例物业"),
        at=at,
    ).pk


def test_a_leader_appoints_a_grid_worker(ground: Ground, staff: Staff, person: Person, at: datetime) -> None:
    leader, grid = staff("community_leader", ground.luxing), ground.at("1003")
    duty = actions.grant_duty(
        actor=leader,
        account_id=person("张丽"),
        role="grid_worker",
        place_id=grid.id,
        at=at,
        title="三格网格长",
    )
    assert (duty.person, duty.role, duty.title, duty.place.id) == (
        "张*",
        "grid_worker",
        "三格网格长",
        grid.id,
    )
    entry = AuditEntry.objects.filter(verb="grids.grant_duty").latest("id")
    assert (entry.community_id, entry.actor_id, entry.detail["role"]) == (
        ground.luxing.id, leader.account_id, "grid_worker",
    )  # fmt: skip


def test_a_leader_makes_no_leaders_and_no_admins(
    ground: Ground, staff: Staff, person: Person, at: datetime
) -> None:
    leader, somebody = staff("community_leader", ground.luxing), person()
    for role in ("admin", "community_leader"):
        with pytest.raises(access.Forbidden) as refused:
            actions.grant_duty(actor=leader, account_id=somebody, role=role, place_id=ground.luxing.id, at=at)
        assert refused.value.code == "admins_only"


def test_a_grid_worker_appoints_nobody_and_a_foreign_admin_sees_no_place(
    ground: Ground, staff: Staff, person: Person, at: datetime
) -> None:
    grid = ground.at("1003")
    for actor in (staff("grid_worker", grid), staff("admin", ground.riverside), access.ANONYMOUS):
        with pytest.raises(access.NotFound):
            actions.grant_duty(actor=actor, account_id=person(), role="grid_worker", place_id=grid.id, at=at)


def test_the_same_duty_is_not_held_twice_at_a_time(ground: Ground, person: Person, at: datetime) -> None:
    somebody, grid = person(), ground.at("1003")

    def grant(start: date, end: date | None) -> None:
        actions.grant_duty(
            actor=access.SYSTEM, account_id=somebody, role="grid_worker", place_id=grid.id, at=at,
            term=Term(start, end),
        )  # fmt: skip

    grant(date(2026, 1, 1), date(2026, 6, 1))
    grant(date(2026, 6, 1), None)
    with pytest.raises(DutyHeld):
        grant(date(2026, 3, 1), date(2026, 3, 2))
    with pytest.raises(DutyHeld):
        grant(date(2027, 1, 1), None)


def test_roles_are_told_apart_by_the_constraint(ground: Ground, person: Person, at: datetime) -> None:
    """The constraint compares hashes of roles: no two of ours may have the same."""
    somebody = person()
    for role in Role:
        Duty.objects.create(
            community_id=ground.luxing.id, place_id=ground.luxing.id, account_id=somebody, role=role.value,
            from_date=date(2026, 1, 1),
        )  # fmt: skip
    assert Duty.objects.filter(account_id=somebody).count() == len(Role)


def test_the_database_itself_refuses_an_unknown_role(ground: Ground, person: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.create(
            community_id=ground.luxing.id, place_id=ground.luxing.id, account_id=person(), role="king",
            from_date=date(2026, 1, 1),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("role", "code", "reason"),
    [
        ("king", "1003", "unknown_role"),
        ("admin", "1003", "role_not_at_this_level"),
        ("building_head", "1003", "role_not_at_this_level"),
        ("property_handler", "1003", "organisation_missing"),
    ],
)
def test_a_duty_that_makes_no_sense_is_refused(
    ground: Ground, person: Person, at: datetime, role: str, code: str, reason: str
) -> None:
    with pytest.raises(BadDuty) as refused:
        actions.grant_duty(
            actor=access.SYSTEM, account_id=person(), role=role, place_id=ground.at(code).id, at=at
        )
    assert refused.value.code == reason


def test_an_organisation_of_another_community_does_not_count(
    ground: Ground, person: Person, at: datetime
) -> None:
    foreign = company(ground.riverside.id, at)
    with pytest.raises(BadDuty) as refused:
        actions.grant_duty(
            actor=access.SYSTEM, account_id=person(), role="property_handler", place_id=ground.luxing.id,
            organisation_id=foreign, at=at,
        )  # fmt: skip
    assert refused.value.code == "organisation_elsewhere"


def test_a_closed_organisation_takes_its_people_off_duty(
    ground: Ground, person: Person, at: datetime
) -> None:
    own, somebody = company(ground.luxing.id, at), person()
    actions.grant_duty(
        actor=access.SYSTEM, account_id=somebody, role="property_handler", place_id=ground.luxing.id,
        organisation_id=own, at=at,
    )  # fmt: skip
    assert [duty.account_id for duty in queries.staff_of(own, queries.day_of(at))] == [somebody]
    Organisation.objects.filter(pk=own).update(closed_at=at)
    actor = queries.actor(somebody, at)
    assert actor is not None
    assert actor.grants == ()
    assert queries.staff_of(own, queries.day_of(at)) == []


def test_an_ended_duty_opens_no_door_from_today(
    ground: Ground, staff: Staff, person: Person, at: datetime
) -> None:
    admin = staff("admin", ground.luxing)
    somebody = person()
    duty = actions.grant_duty(
        actor=admin, account_id=somebody, role="dispatcher", place_id=ground.luxing.id, at=at
    )
    ended = actions.end_duty(actor=admin, duty_id=duty.id, at=at)
    assert ended.until_date == queries.day_of(at)
    actor = queries.actor(somebody, at)
    assert actor is not None
    assert actor.grants == ()
    with pytest.raises(access.Forbidden):
        actions.end_duty(actor=admin, duty_id=duty.id, at=at)


def test_a_duty_of_another_community_cannot_be_ended(
    ground: Ground, staff: Staff, person: Person, at: datetime
) -> None:
    duty = actions.grant_duty(
        actor=access.SYSTEM, account_id=person(), role="dispatcher", place_id=ground.luxing.id, at=at
    )
    with pytest.raises(access.NotFound):
        actions.end_duty(actor=staff("admin", ground.riverside), duty_id=duty.id, at=at)


def test_who_serves_here_is_the_nearest_above(ground: Ground, person: Person, at: datetime) -> None:
    today, grid = queries.day_of(at), ground.at("1003")
    building = queries.subtree(grid.path, "building")[0]
    of_all, of_grid = person("赵一"), person("钱二")
    for somebody, place in ((of_all, ground.luxing), (of_grid, grid)):
        actions.grant_duty(
            actor=access.SYSTEM, account_id=somebody, role="grid_worker", place_id=place.id, at=at
        )
    elsewhere = queries.subtree(ground.at("1004").path, "building")[0]
    assert [duty.account_id for duty in queries.duty_holders(building, "grid_worker", today)] == [of_grid]
    assert [duty.account_id for duty in queries.duty_holders(elsewhere, "grid_worker", today)] == [of_all]
    assert queries.duty_holders(building, "police", today) == []
    team = queries.grid_team(building, today)
    assert [duty.account_id for duty in team["grid_worker"]] == [of_grid, of_all]
    assert queries.duty_holders(building, "grid_worker", today - timedelta(days=1)) == []
