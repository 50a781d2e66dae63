"""The pages of a worker's day: each opens, each form does what it says, strangers find nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from linli.cases.tests.cast import Person, sign_in
from linli.fieldwork.models import CarePlan, HandOver, Patrol, Service, Visit
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.grids.rules.words import Level
from linli.grids.tests.conftest import Ground
from linli.kernel import audit, clock
from linli.kernel.access import Actor

Staff = Callable[..., Actor]


@pytest.fixture
def grid(ground: Ground) -> PlaceRow:
    """A grid with dwellings."""
    return ground.at("1001")


@pytest.fixture
def home(grid: PlaceRow) -> PlaceRow:
    """A household in it."""
    return places.subtree(grid.path, Level.DWELLING.value)[0]


def signed_in(actor: Actor) -> Client:
    """A browser of this person."""
    client = Client()
    return sign_in(client, Person(actor.person_id, actor.name, ""))


def test_a_day_from_the_morning_to_the_hand_over(grid: PlaceRow, home: PlaceRow, staff: Staff) -> None:
    worker, colleague = staff("grid_worker", grid, "罗大海"), staff("assistant", grid, "陈小云")
    client = signed_in(worker)
    page = f"/desk/households/{home.id}/"
    today = places.day_of(clock.now())
    said = {
        "form": "plan",
        "need": "lives_alone",
        "every_days": 7,
        "from_date": today,
        "until_date": today + timedelta(30),
    }
    said |= {
        "ground": "request",
        "worker": worker.account_id,
        "words": "听力不好，请按门铃两次",
        "key": uuid4(),
    }
    assert client.post(page, said).status_code == 302
    assert "听力不好" not in client.get(page).content.decode()
    assert "听力不好" in client.post(page, {"form": "words"}).content.decode()
    assert "独居" in client.get("/desk/today/").content.decode()
    CarePlan.objects.update(due_date=today - timedelta(3))
    for late in ("/desk/today/", page):
        assert "超期 3 天" in client.get(late).content.decode()
    plan = CarePlan.objects.get()
    form = client.get(f"{page}visit/?plan={plan.pk}").content.decode()
    assert f'value="{plan.pk}" selected' in form
    visit = {
        "dwelling": home.id,
        "outcome": "met",
        "purpose": "care",
        "plan": plan.pk,
        "key": uuid4(),
        "words": "好",
    }
    for _twice in range(2):
        assert client.post(f"{page}visit/", visit).status_code == 302
    assert Visit.objects.count() == 1
    for wrong in ({"outcome": ""}, {"report": "!"}, {"at": "2020-01-01T10:00"}):
        assert client.post(f"{page}visit/", {**visit, **wrong, "key": uuid4()}).status_code == 422
    assert client.get(f"/desk/handovers/new/{grid.id}/").status_code == 200
    offer = {"giver": worker.account_id, "receiver": colleague.account_id, "why": "leave", "key": uuid4()}
    assert client.post(f"/desk/handovers/new/{grid.id}/", offer).status_code == 302
    handed = HandOver.objects.get()
    other = signed_in(colleague)
    assert f"/desk/handovers/{handed.pk}/" in other.get("/desk/today/").content.decode()
    assert other.get(f"/desk/handovers/{handed.pk}/").status_code == 200
    other.post(f"/desk/handovers/{handed.pk}/answer/", {"verb": "all"})
    assert CarePlan.objects.get().worker_id == colleague.account_id
    assert client.get("/desk/handovers/").status_code == 200


def test_a_patrol_from_start_to_what_is_kept_of_it(grid: PlaceRow, home: PlaceRow, staff: Staff) -> None:
    client = signed_in(staff("grid_worker", grid))
    assert client.get("/desk/patrol/").status_code == 200
    client.post("/desk/patrol/start/", {"grid": grid.id})
    patrol = Patrol.objects.get()
    here = f"/desk/patrol/{patrol.pk}/"
    building = places.subtree(grid.path, Level.BUILDING.value)[0]
    client.post(f"{here}tick/", {"place": building.id})
    spot = {"positions": [{"lon": 106.63, "lat": 26.65, "at": clock.now().isoformat()}]}
    assert client.post(f"{here}positions/", spot, "application/json").json() == {"kept": 1}
    assert client.post(f"{here}positions/", {"positions": "x"}, "application/json").status_code == 400
    found = {"words": "单元门口灯罩脱落，可能砸到人", "building": building.id, "key": uuid4()}
    assert client.post(f"{here}find/", {**found, "words": ""}).status_code == 422
    assert client.post(f"{here}find/", found).status_code == 302
    assert "<table" in client.get(here).content.decode()
    client.post(f"{here}end/")
    client.post(f"{here}wipe/")
    assert "106.63" not in client.get(here).content.decode()
    assert client.get("/desk/patrol/").status_code == 200
    stranger = signed_in(staff("grid_worker", grid))
    assert stranger.get(here).status_code == 404


def test_a_household_is_open_to_nobody_else_and_its_people_see_who_read(
    ground: Ground, grid: PlaceRow, home: PlaceRow, staff: Staff
) -> None:
    page = f"/desk/households/{home.id}/"
    for role, place, status in (("grid_worker", ground.at("1002"), 404), ("dispatcher", ground.luxing, 403)):
        assert signed_in(staff(role, place)).get(page).status_code == status
    leader = staff("community_leader", ground.luxing)
    assert signed_in(leader).post(page, {"form": "words"}).status_code == 200
    (look,) = audit.looks_at_subject(community_id=home.community_id, subject=f"household:{home.id}")
    assert (look.reader_id, look.purpose) == (leader.account_id, "visit")


def test_what_a_phone_kept_is_taken_once_and_only_from_its_owner(
    grid: PlaceRow, home: PlaceRow, staff: Staff
) -> None:
    client = signed_in(staff("grid_worker", grid))
    mark = client.get("/report/outbox/").json()["owner"]
    kept: dict[str, Any] = {"idempotency_key": uuid4().hex, "dwelling": home.id, "purpose": "listen"}
    kept["outcome"] = "not_at_home"
    assert client.post("/desk/visits/outbox/", {**kept, "owner": "a1"}).status_code == 409
    for _twice in range(2):
        assert client.post("/desk/visits/outbox/", {**kept, "owner": mark}).status_code == 201
    assert Visit.objects.get().outcome == "not_at_home"
    wrong = client.post(
        "/desk/visits/outbox/", {**kept, "owner": mark, "outcome": "x", "idempotency_key": uuid4().hex}
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "refused")
    gone = client.post("/desk/visits/outbox/", {**kept, "owner": mark, "dwelling": 0})
    assert gone.json()["code"] == "place_gone"


def test_help_that_a_phone_kept_is_taken_once_and_only_from_its_owner(
    grid: PlaceRow, home: PlaceRow, staff: Staff
) -> None:
    client = signed_in(staff("grid_worker", grid))
    mark = client.get("/report/outbox/").json()["owner"]
    building = next(one for one in places.ancestors(home) if one.level == Level.BUILDING.value)
    door = f"/desk/help/outbox/?community={home.community_id}&building={building.id}"
    kept: dict[str, Any] = {"idempotency_key": uuid4().hex, "dwelling": home.id, "kind": "e_commerce"}
    kept |= {"at": f"{clock.now() - timedelta(hours=30):%Y-%m-%dT%H:%M}", "words": "帮忙上架干辣椒"}
    assert client.post(door, {**kept, "owner": "a1"}).status_code == 409
    for _twice in range(2):
        assert client.post(door, {**kept, "owner": mark}).status_code == 201
    assert Service.objects.get().dwelling_id == home.id
    assert "1 次服务等居民确认" in client.get("/desk/today/").content.decode()
    Service.objects.update(at=clock.now() - timedelta(days=61))
    assert "等居民确认" not in client.get("/desk/today/").content.decode()
    wrong = client.post(door, {**kept, "owner": mark, "words": "", "idempotency_key": uuid4().hex})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "refused")
