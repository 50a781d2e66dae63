"""The operations: what I was told, how I want it; how deliveries went."""

from __future__ import annotations

from typing import Any

import pytest

from linli.cases.tests.cast import AT, Cast, Person
from linli.cases.tests.programs import program
from linli.notices.actions import carrying
from linli.notices.ports import Carried, Result
from linli.notices.tests.told import Roads, only, say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def test_a_program_reads_what_its_person_was_told(cast: Cast, roads: Roads) -> None:
    for fact in ("a", "b", "c"):
        say(cast, cast.resident, fact=fact)
    mine = program(cast.resident)
    page = mine.get("/notices", size=2).body
    assert [one["title"] for one in page["items"]] == ["已办结，请您评价"] * 2
    assert page["unread"] == 3
    rest = mine.get("/notices", cursor=page["cursor"]).body
    assert (len(rest["items"]), rest["cursor"]) == (1, "")
    assert program(cast.neighbour).get("/notices").body["items"] == []
    newest = page["items"][0]["id"]
    assert mine.post("/notices/read", {"up_to": newest - 1}).body == {"read": 2}
    assert mine.post("/notices/read", {}).body == {"read": 1}
    assert mine.get("/notices", cursor="x").status == 422


def test_choices_are_read_and_set(cast: Cast, roads: Roads) -> None:
    mine = program(cast.resident)
    before = mine.get("/notices/choices").body
    assert "cases:sms" in before["on"]
    wanted: dict[str, Any] = {
        "on": ["cases:wechat"],
        "quiet": "21:00-08:00",
        "digest": True,
        "language": "en",
    }
    after = mine.put("/notices/choices", wanted).body
    assert "cases:sms" not in after["on"]
    assert "alarms:sms" in after["on"]
    assert (after["quiet"], after["digest"]) == ("21:00-08:00", True)
    assert mine.put("/notices/choices", {**wanted, "quiet": "late"}).status == 422


def test_deliveries_are_for_those_who_look_after_them(cast: Cast, roads: Roads) -> None:
    for road in ("wechat", "sms"):
        roads[road].answer = lambda address, letter: Carried(Result.REFUSED, "bad")
    say(cast, cast.resident)
    carrying.sweep_community(cast.here.id, AT)
    carrying.sweep_community(cast.here.id, AT)
    notice = only(cast, "case_settled", cast.resident)
    desk, where = program(cast.dispatcher), {"community": cast.here.code}
    listed = desk.get("/notices/deliveries", community=cast.here.code, view="failed").body["items"]
    assert [one["id"] for one in listed] == [notice.pk]
    assert "words" not in listed[0]
    told = desk.get(f"/notices/deliveries/{notice.pk}").body
    assert [one["code"] for one in told["attempts"]] == ["bad", "bad"]
    again = desk.post(f"/notices/deliveries/{notice.pk}/again", {})
    assert (again.status, again.body["state"]) == (200, "waiting")
    assert desk.post(f"/notices/deliveries/{notice.pk}/again", {}).status == 403
    assert _status(cast.resident, "deliveries", **where) == 403
    assert _status(cast.elsewhere.people["dispatcher"], "deliveries", **where) == 404
    assert _status(cast.elsewhere.people["dispatcher"], f"deliveries/{notice.pk}") == 404


def _status(person: Person, path: str, **query: Any) -> int:
    return int(program(person).get(f"/notices/{path}", **query).status)
