"""Who acts: everything one may, read in one statement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from linli.grids import actions, queries
from linli.grids.actions.duties import Term
from linli.grids.tests.conftest import Ground
from linli.kernel import access
from linli.people import models as people
from linli.people import queries as people_queries

pytestmark = pytest.mark.django_db
Person = Callable[..., int]


def test_it_takes_one_statement(
    ground: Ground, person: Person, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    worker = person()
    grid = ground.at("1003")
    actions.grant_duty(actor=access.SYSTEM, account_id=worker, role="grid_worker", place_id=grid.id, at=at)
    actions.follow(actor=access.Actor(worker), place_id=ground.riverside.id, at=at)
    with django_assert_num_queries(1):
        actor = queries.actor(worker, at)
    assert actor is not None
    assert actor.grants == (access.Grant("grid_worker", ground.luxing.id, grid.id, grid.path, None),)
    assert actor.communities == {ground.luxing.id, ground.riverside.id}
    assert actor.home_id == ground.riverside.id
    assert (actor.name, actor.level, actor.language) == ("王**", 2, "zh-hans")


def test_a_duty_reaches_the_subtree_and_no_further(
    ground: Ground, staff: Callable[..., access.Actor]
) -> None:
    grid, other = ground.at("1003"), ground.at("1004")
    worker = staff("grid_worker", grid)
    inside = queries.subtree(grid.path, "building")[0]
    outside = queries.subtree(other.path, "building")[0]
    here = {"community_id": ground.luxing.id}
    assert worker.has("grid_worker", **here, place_path=inside.path)
    assert not worker.has("grid_worker", **here, place_path=outside.path)
    assert not worker.has("grid_worker", **here, place_path=ground.luxing.path)
    assert not worker.has("grid_worker", community_id=ground.riverside.id)


def test_a_duty_holds_from_its_first_day_to_the_day_before_its_end(
    ground: Ground, person: Person, at: datetime
) -> None:
    worker, today = person(), queries.day_of(at)
    term = Term(today + timedelta(days=1), today + timedelta(days=3))
    actions.grant_duty(
        actor=access.SYSTEM, account_id=worker, role="dispatcher", place_id=ground.luxing.id, at=at, term=term
    )
    held = [bool(queries.actor(worker, at + timedelta(days=days)).grants) for days in range(5)]  # type: ignore[union-attr]
    assert held == [False, True, True, False, False]


def test_a_locked_account_is_nobody(ground: Ground, person: Person, at: datetime) -> None:
    somebody = person()
    people.Account.objects.filter(pk=somebody).update(is_active=False)
    assert queries.actor(somebody, at) is None


def test_a_level_that_has_run_out_falls_to_the_phone(person: Person, at: datetime) -> None:
    somebody = person()
    yesterday = queries.day_of(at) - timedelta(days=1)
    people.Account.objects.filter(pk=somebody).update(level=3, level_until_date=yesterday)
    actor = queries.actor(somebody, at)
    assert actor is not None
    assert actor.level == 2


def _token(account_id: int, at: datetime, **fields: object) -> bytes:
    digest = people_queries.token_digest(f"secret-{account_id}-{sorted(fields)}")
    values = {"scopes": ["cases:read"], "expires_at": at + timedelta(days=1), "name": "test", **fields}
    people.ApiToken.objects.create(account_id=account_id, digest=digest, **values)
    return digest


def test_a_token_speaks_for_its_person_in_one_statement(
    ground: Ground, person: Person, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    somebody = person()
    actions.follow(actor=access.Actor(somebody), place_id=ground.luxing.id, at=at)
    digest = _token(somebody, at)
    with django_assert_num_queries(1):
        actor = queries.actor_by_token(digest, at)
    assert actor is not None
    assert actor.account_id == somebody
    assert actor.scopes == {"cases:read"}
    assert actor.token_id is not None


def test_a_token_of_one_community_shows_nothing_of_another(
    ground: Ground, person: Person, at: datetime
) -> None:
    somebody = person()
    for place in (ground.luxing, ground.riverside):
        actions.grant_duty(actor=access.SYSTEM, account_id=somebody, role="auditor", place_id=place.id, at=at)
        actions.follow(actor=access.Actor(somebody), place_id=place.id, at=at)
    actor = queries.actor_by_token(_token(somebody, at, community_id=ground.luxing.id), at)
    assert actor is not None
    assert actor.communities == {ground.luxing.id}
    assert {grant.community_id for grant in actor.grants} == {ground.luxing.id}


@pytest.mark.parametrize("ended", ["expires_at", "revoked_at"])
def test_a_token_that_has_ended_speaks_for_nobody(person: Person, at: datetime, ended: str) -> None:
    assert queries.actor_by_token(_token(person(), at, **{ended: at - timedelta(seconds=1)}), at) is None


def test_an_unknown_token_speaks_for_nobody(person: Person, at: datetime) -> None:
    assert queries.actor_by_token(b"x" * 32, at) is None
