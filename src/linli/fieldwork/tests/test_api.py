"""The daily work for programs: what a worker writes, whom it is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from linli.fieldwork.models import CarePlan, Visit
from linli.grids import queries as places
from linli.grids.actions import wishes
from linli.grids.rules.words import Level
from linli.grids.tests.conftest import Ground
from linli.kernel import clock
from linli.kernel.access import SYSTEM, Actor
from linli.people.actions import tokens

Staff = Callable[..., Actor]


@pytest.fixture
def program(staff: Staff) -> Callable[..., Any]:
    """A program with the token of somebody new in this role: ``program("grid_worker", grid)("get", path)``."""

    return lambda role, place: program_of(staff(role, place))


def program_of(actor: Actor) -> Callable[..., Any]:
    """A program with a token of this person."""
    scopes = ["people:read", "cases:write"]
    _row, secret = tokens.issue_token(actor=actor, name="t", scopes=scopes, at=clock.now())
    client = Client(headers={"authorization": f"Bearer {secret}"})

    def ask(verb: str, path: str, body: object = None, **headers: str) -> Any:
        given = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(client, verb)(f"/api/v1/fieldwork/{path}", headers=headers, **given)

    return ask


def test_a_worker_writes_by_program_and_only_the_team_reads(
    ground: Ground, program: Callable[..., Any]
) -> None:
    grid, now = ground.at("1001"), clock.now()
    home = places.subtree(grid.path, Level.DWELLING.value)[0]
    worker, stranger = program("grid_worker", grid), program("grid_worker", ground.at("1002"))
    visit = {"dwelling_id": home.id, "purpose": "listen", "outcome": "met", "words": "好"}
    first = worker("post", "visits", visit, **{"Idempotency-Key": "visit-0001"})
    again = worker("post", "visits", visit, **{"Idempotency-Key": "visit-0001"})
    assert (first.status_code, first.json()["id"]) == (201, again.json()["id"])
    assert "words" not in first.json()
    assert worker("post", "visits", {**visit, "report": "!"}).json()["errors"][0]["field"] == "report"
    assert stranger("post", "visits", visit).status_code == 404
    since, until = (now + timedelta(days=days) for days in (-1, 1))
    asked = f"?community={ground.luxing.code}&since={since:%Y-%m-%dT%H:%MZ}&until={until:%Y-%m-%dT%H:%MZ}"
    assert [len(ask("get", f"visits{asked}").json()) for ask in (worker, stranger)] == [1, 0]
    for other in ("visits-due", "patrols", "handovers"):
        assert worker("get", f"{other}{asked}").status_code == 200
    backwards = (
        f"visits?community={ground.luxing.code}&since={until:%Y-%m-%dT%H:%MZ}&until={since:%Y-%m-%dT%H:%MZ}"
    )
    assert worker("get", backwards).status_code == 422


def test_a_visit_for_health_is_told_to_nobody_but_who_makes_it_and_the_leader(
    ground: Ground, staff: Staff, at: datetime
) -> None:
    """Nor what is of another building to who works in one alone."""
    grid = ground.at("1001")
    home = places.subtree(grid.path, Level.DWELLING.value)[0]
    worker = staff("grid_worker", grid)
    made: dict[str, Any] = {
        "grid_id": grid.id,
        "dwelling_id": home.id,
        "worker_id": worker.account_id,
        "made_at": at,
    }
    made |= {"community_id": grid.community_id, "need": "health"}
    today = places.day_of(at)
    plan = CarePlan.objects.create(
        key=uuid4(), every_days=7, from_date=today, until_date=today, due_date=today, ground="request", **made
    )
    Visit.objects.create(key=uuid4(), plan=plan, purpose="care", outcome="met", at=at, **made)
    building = next(one for one in places.ancestors(home) if one.level == Level.BUILDING.value)
    others = [one for one in places.subtree(grid.path, Level.BUILDING.value) if one.id != building.id]
    since, until = (at + timedelta(days=days) for days in (-1, 1))
    asked = f"?community={ground.luxing.code}&since={since:%Y-%m-%dT%H:%MZ}&until={until:%Y-%m-%dT%H:%MZ}"

    def told(ask: Callable[..., Any]) -> list[int]:
        return [len(ask("get", f"{which}{asked}").json()) for which in ("visits", "visits-due")]

    readers = {"self": worker, "colleague": staff("grid_worker", grid)}
    readers["leader"] = staff("community_leader", ground.luxing)
    assert {who: told(program_of(actor)) for who, actor in readers.items()} == {
        "self": [1, 1],
        "colleague": [0, 0],
        "leader": [1, 1],
    }
    CarePlan.objects.update(need="lives_alone")
    Visit.objects.update(need="lives_alone")
    wishes.set_setting(
        actor=SYSTEM, community_id=ground.luxing.id, key="team_building_head", value=True, at=at
    )
    heads = [staff("building_head", one) for one in (building, others[0])]
    assert [told(program_of(one)) for one in (readers["colleague"], *heads)] == [[1, 1], [1, 1], [0, 0]]


def test_a_patrol_by_program_takes_positions_while_it_is_open(
    ground: Ground, program: Callable[..., Any]
) -> None:
    worker = program("grid_worker", ground.at("1001"))
    patrol = worker("post", "patrols", {"grid_id": ground.at("1001").id}).json()
    spot = {"positions": [{"lon": 106.63, "lat": 26.65, "at": clock.now().isoformat()}]}
    path = f"patrols/{patrol['id']}"
    assert worker("post", f"{path}/positions", spot).json() == {"kept": 1}
    ended = worker("post", f"{path}/end", {})
    assert ended.status_code == 200, ended.content
    assert ended.json()["ended_how"] == "worker"
    assert worker("post", f"{path}/positions", spot).status_code == 403
    assert worker("delete", f"{path}/positions").status_code == 204
    assert program("grid_worker", ground.at("1001"))("post", f"{path}/end", {}).status_code == 404
