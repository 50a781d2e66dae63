"""The daily work for programs: what a worker writes, whom it is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.grids import queries as places
from linli.grids.rules.words import Level
from linli.grids.tests.conftest import Ground
from linli.kernel import clock
from linli.kernel.access import Actor
from linli.people.actions import tokens

Staff = Callable[..., Actor]


@pytest.fixture
def program(staff: Staff) -> Callable[..., Any]:
    """A program with the token of somebody new in this role: ``program("grid_worker", grid)("get", path)``."""

    def made(role: str, place: Any) -> Callable[..., Any]:
        actor = staff(role, place)
        _row, secret = tokens.issue_token(
            actor=actor, name="t", scopes=["people:read", "cases:write"], at=clock.now()
        )
        client = Client(headers={"authorization": f"Bearer {secret}"})

        def ask(verb: str, path: str, body: object = None, **headers: str) -> Any:
            given = {} if body is None else {"data": body, "content_type": "application/json"}
            return getattr(client, verb)(f"/api/v1/fieldwork/{path}", headers=headers, **given)

        return ask

    return made


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
