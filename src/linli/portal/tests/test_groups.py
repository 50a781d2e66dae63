"""Chat groups, from the desk to residents and programs: codes that run out, counts with their proof, coverage."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from linli.cases.tests.cast import AT, Cast, sign_in
from linli.cases.tests.desk import photo
from linli.cases.tests.programs import program
from linli.grids.queries import day_of
from linli.groups import actions, reminding
from linli.groups.models import ChatGroup, GroupCode
from linli.groups.rules import Sign
from linli.kernel import events

pytestmark = pytest.mark.django_db


def opened(cast: Cast, place: str = "building", name: str = "8号楼邻里群") -> ChatGroup:
    with cast.inside():
        return actions.open_group(
            actor=cast.leader.actor(),
            place_id=cast.here.places[place].id,
            sign=Sign("residents", "wechat", name, "请联系网格员入群", owner_id=cast.grid_worker.account_id),
            key=uuid4(),
            at=AT,
        )


def body(answer: Any) -> str:
    return str(answer.content.decode())


def show(desk: Client, group: ChatGroup, last: datetime) -> Any:
    form = {"form": "code", "last_date": day_of(last).isoformat(), "picture": photo("code.png")}
    return desk.post(f"/desk/groups/{group.pk}/", form)


def test_a_code_is_seen_by_those_who_live_here_and_only_while_it_works(
    client: Client, cast: Cast, monday_morning: datetime
) -> None:
    group, desk = opened(cast), sign_in(Client(), cast.grid_worker)
    page = f"/place/{cast.here.places['building'].code}/"
    assert show(desk, group, AT + timedelta(days=8)).status_code == 422
    assert show(desk, group, AT + timedelta(days=7)).status_code == 302
    link = re.findall(r"/groups/[0-9a-f-]{36}/", body(client.get(page)))[0]
    assert client.get(link).status_code == 302  # to the sign-in
    assert client.get(f"{link}picture/").status_code == 302
    neighbour = sign_in(Client(), cast.neighbour)
    assert f"{link}picture/" in body(neighbour.get(link))
    assert neighbour.get(f"{link}picture/")["Cache-Control"] == "no-store"
    assert sign_in(Client(), cast.elsewhere.resident).get(link).status_code == 404
    assert show(desk, group, AT + timedelta(days=5)).status_code == 302
    assert neighbour.get(link).status_code == 404  # another one took its place
    with cast.inside():
        GroupCode.objects.filter(ended_at=None).update(last_date=day_of(AT) - timedelta(days=1))
    assert "/groups/" not in body(client.get(page)).replace("/desk/groups/", "")
    assert "已失效" in body(desk.get(f"/desk/groups/{group.pk}/"))


def test_a_day_before_the_end_somebody_is_asked_once(
    cast: Cast, monday_morning: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    group, desk = opened(cast), sign_in(Client(), cast.grid_worker)
    show(desk, group, AT + timedelta(days=7))
    found: list[Any] = []
    monkeypatch.setattr(events, "publish", lambda *facts: found.extend(facts))
    assert reminding.sweep(AT + timedelta(days=5)) == 0
    assert reminding.sweep(AT + timedelta(days=6)) == 1
    assert reminding.sweep(AT + timedelta(days=6, hours=1)) == 0
    assert [(fact.group_id, fact.until) for fact in found] == [(group.pk, "2026-11-30")]


def test_a_count_is_proved_by_pictures_that_only_its_keepers_see(
    cast: Cast, monday_morning: datetime
) -> None:
    group, desk = opened(cast), sign_in(Client(), cast.grid_worker)
    households = cast.here.places["building"].households or 0
    form = {
        "form": "count", "counted_date": day_of(AT).isoformat(), "people": "60", "households": "1",
        "evidence": "names", "key": str(uuid4()), "pictures": [photo("a.png"), photo("b.png")],
    }  # fmt: skip
    here = f"/desk/groups/{group.pk}/"
    assert desk.post(here, {**form, "pictures": [photo(f"{n}.png") for n in range(4)]}).status_code == 422
    for _twice in range(2):
        assert desk.post(here, {**form, "pictures": [photo("a.png"), photo("b.png")]}).status_code == 302
    pictures = set(re.findall(r"/desk/groups/pictures/[0-9a-f-]{36}/(?!thumb)", body(desk.get(here))))
    assert len(pictures) == 2
    address = pictures.pop()
    assert desk.get(address)["Content-Type"] == "image/jpeg"
    assert sign_in(Client(), cast.elsewhere.leader).get(address).status_code == 404
    place = cast.here.places["building"]
    shown = body(desk.get(f"/desk/groups/coverage/{place.id}/"))
    assert f"1 / {households}" in shown or households == 0
    assert f"/desk/groups/{group.pk}/" in shown
    above = body(desk.get(f"/desk/groups/coverage/{cast.here.id}/"))
    assert "/desk/groups/coverage/" in above
    assert desk.get(f"/desk/groups/coverage/{cast.elsewhere.id}/").status_code == 404


def test_a_program_keeps_the_directory_and_everybody_reads_what_is_open(
    client: Client, cast: Cast, monday_morning: datetime
) -> None:
    leader, code = program(cast.admin, "admin"), cast.here.places["building"].code
    sign = {"kind": "residents", "platform": "wechat", "name_zh": "8号楼群 🏠", "join_zh": "请联系网格员"}
    made = leader.post("/groups", {**sign, "place_code": code}, key="one")
    assert made.status == 201, made.body
    assert leader.post("/groups", {**sign, "place_code": code}, key="one").body == made.body
    one = f"/groups/{made.body['id']}"
    tag = leader.get(one).headers["ETag"]
    assert leader.put(one, {**sign, "name_en": "Building 8"}, tag=tag).body["version"] == 2
    assert leader.put(one, {**sign, "name_en": "B8"}, tag=tag).status == 412
    assert leader.put(one, {**sign, "join_zh": "打 13812345678"}).fields == {"join_zh": "personal"}
    count = {"counted_date": "2026-11-23", "people": 40, "households": 1, "evidence": "round"}
    assert leader.post(f"{one}/counts", count, key="two").status == 201
    assert [row["people"] for row in leader.get(f"{one}/counts").body] == [40]
    assert [row["reached"] for row in leader.get(f"/places/{cast.here.code}/groups/coverage").body][0] == 1
    assert len(leader.get(f"/places/{cast.here.code}/groups/all").body) == 1
    (told,) = client.get(f"/api/v1/places/{code}/groups").json()
    assert (told["name_zh"], told["people"]) == ("8号楼群 🏠", 40)
    assert program(cast.resident).get(f"/places/{cast.here.code}/groups/all").status == 403
    assert program(cast.elsewhere.dispatcher).get(one).status == 404
    assert leader.post(f"{one}/close", {}).status == 204
    assert leader.get(one).status == 404
