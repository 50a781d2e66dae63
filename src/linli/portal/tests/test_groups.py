"""The directory of groups, from the desk to the page of a place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from linli.cases.tests.cast import Cast, sign_in
from linli.grids.queries import day_of

pytestmark = pytest.mark.django_db


def body(response: Any) -> str:
    return str(response.content.decode())


def test_a_group_is_opened_counted_read_below_and_closed(
    client: Client, cast: Cast, this_evening: datetime
) -> None:
    desk = sign_in(Client(), cast.leader)
    told = {"place": str(cast.here.places["grid"].id), "kind": "residents", "platform": "wechat"}
    made = desk.post("/desk/groups/new/", {**told, "name_zh": "邻里 1 群 🏠", "join_zh": "请联系网格员。"})
    assert made.status_code == 302, body(made)
    group = made["Location"]
    day = day_of(this_evening).isoformat()
    count = {"form": "count", "key": "00000000-0000-0000-0000-000000000007", "counted_date": day}
    count |= {"people": "6", "households": "4", "evidence": "names"}
    for _click in range(2):
        assert desk.post(group, count).status_code == 302
    assert desk.post(group, {**count, "households": "7"}).status_code == 422
    listed = body(desk.get("/desk/groups/"))
    assert "邻里 1 群 🏠" in listed
    code = cast.here.places["building"].code
    assert "请联系网格员。" in body(client.get(f"/place/{code}/"))
    assert "邻里 1 群" not in body(client.get(f"/place/{cast.elsewhere.code}/"))
    assert sign_in(Client(), cast.elsewhere.people["dispatcher"]).get(group).status_code == 404
    desk.post(f"{group}close/")
    assert "邻里 1 群" not in body(client.get(f"/place/{code}/"))
