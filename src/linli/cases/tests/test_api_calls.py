"""Whistles and call-backs by program: the same acts, rights and refusals as on the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.cases.models import CallBack, Whistle
from linli.cases.tests.calls import closed, row_of
from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.programs import HERE, program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def whistle(cast: Cast, **changes: Any) -> dict[str, Any]:
    bodies = [
        {"organisation_id": cast.property_company.pk, "words": "带水泵"},
        {"organisation_id": cast.department.pk},
    ]
    return {
        "bodies": bodies,
        "meet_at": AT.isoformat(),
        "place": "8 栋门口",
        "words": "路面塌陷",
        **changes,
    }


def test_a_whistle_from_call_to_conclusion(cast: Cast) -> None:
    number = cast.report().number
    caller, body = program(cast.grid_worker), program(cast.property_handler)
    made = caller.post(f"/cases/{number}/whistles", whistle(cast), key="w1")
    assert made.status == 201, made.body
    again = caller.post(f"/cases/{number}/whistles", whistle(cast), key="w1")
    assert (again.body["id"], again.headers["Idempotent-Replayed"]) == (made.body["id"], "true")
    first, second = made.body["calls"]
    assert (first["asked"], first["standing"]) == ("带水泵", "called")
    coming = body.post(f"/whistles/calls/{first['id']}/answer", {"answer": "coming"})
    assert coming.body["calls"][0]["standing"] == "coming"
    assert body.post(f"/whistles/calls/{second['id']}/answer", {"answer": "coming"}).code == "not_your_call"
    there = body.post(f"/whistles/calls/{first['id']}/arrival", {})
    assert there.body["calls"][0]["standing"] == "arrived"
    mine = program(cast.department_handler).get(f"/whistles?community={HERE}&which=mine")
    assert [one["id"] for one in mine.body] == [made.body["id"]]
    until = (AT + timedelta(days=2)).isoformat()
    end = {
        "words": "已会商", "answer": "三天内修好。", "agreed": [first["organisation_id"]],
        "steps": [{"organisation_id": first["organisation_id"], "words": "围挡", "until": until}],
    }  # fmt: skip
    done = caller.post(f"/whistles/{made.body['id']}/conclusion", end)
    assert (done.body["state"], len(done.body["steps"])) == ("concluded", 1)
    assert caller.post(f"/whistles/{made.body['id']}/conclusion", end).status == 409
    days = f"&since={_utc(-1)}&until={_utc(1)}"
    seen = program(cast.leader).get(f"/whistles/attendance?community={HERE}{days}")
    assert {row["organisation"]: row["called"] for row in seen.body} == {"安居物业": 1, "街道城管办": 1}


def _utc(days: int) -> str:
    return (AT + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"bodies": []}, "bodies", "missing"),
        ({"place": " "}, "place", "missing"),
        ({"meet_at": "2020-01-01T00:00:00Z"}, "meet_at", "in_the_past"),
    ],
)
def test_a_bad_call_names_the_field(cast: Cast, changes: dict[str, Any], field: str, code: str) -> None:
    number = cast.report().number
    answer = program(cast.dispatcher).post(f"/cases/{number}/whistles", whistle(cast, **changes))
    assert answer.status == 422
    assert {"field": field, "code": code}.items() <= answer.body["errors"][0].items()
    with cast.inside():
        assert not Whistle.objects.exists()


def test_others_get_nothing(cast: Cast) -> None:
    number = cast.report().number
    made = program(cast.dispatcher).post(f"/cases/{number}/whistles", whistle(cast)).body
    other = program(cast.elsewhere.people["dispatcher"], community_id=cast.elsewhere.id)
    assert other.get(f"/whistles/{made['id']}").status == 404
    assert other.post(f"/whistles/{made['id']}/call-off", {"reason": "other"}).status == 404
    assert program(cast.resident).get(f"/whistles/{made['id']}").status == 403
    assert program(cast.property_handler).post(f"/cases/{number}/whistles", whistle(cast)).status == 403


def test_the_moves_of_a_case_say_that_it_needs_its_own_operation(cast: Cast) -> None:
    number = cast.report().number
    answer = program(cast.dispatcher).post(f"/cases/{number}/moves", {"verb": "whistle"})
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, "meeting")


def test_a_call_back_from_the_queue_to_the_answer(cast: Cast) -> None:
    number = closed(cast)
    verifier = program(cast.verifier)
    (row,) = verifier.get(f"/callbacks?community={HERE}").body["items"]
    assert (row["number"], row["why"], row["state"]) == (number, "no_plan", "open")
    lacking = verifier.post(f"/callbacks/{row['id']}/calls", {"outcome": "reached", "solved": False})
    assert {one["field"] for one in lacking.body["errors"]} == {"complaint", "wants_reopening"}
    given = {
        "outcome": "reached", "solved": True, "stars": 1, "complaint": "too_slow", "wants_reopening": False,
        "tries_seen": 0,
    }  # fmt: skip
    done = verifier.post(f"/callbacks/{row['id']}/calls", given)
    assert (done.body["outcome"], done.body["satisfied"]) == ("reached", False)
    slower = program(cast.dispatcher).post(f"/callbacks/{row['id']}/calls", given)
    assert slower.status == 409
    verifier.post(f"/callbacks/{row['id']}/answer", {"answer": "下次会更快，已和物业约定时限。"})
    assert verifier.post(f"/callbacks/{row['id']}/ruling", {"approved": True}).status == 403
    assert (
        program(cast.leader).post(f"/callbacks/{row['id']}/ruling", {"approved": True}).body["approved"]
        is True
    )


def test_the_queue_is_for_those_who_call(cast: Cast) -> None:
    row = row_of(cast, closed(cast))
    for who, status in ((cast.auditor, 200), (cast.property_handler, 403), (cast.admin, 403)):
        assert program(who).get(f"/callbacks/{row.pk}").status == status
    other = program(cast.elsewhere.people["dispatcher"], community_id=cast.elsewhere.id)
    assert other.get(f"/callbacks/{row.pk}").status == 404
    assert other.get(f"/callbacks?community={HERE}").status == 404


def test_the_draw_is_repeated_and_its_seed_is_the_auditors_at_once(cast: Cast) -> None:
    number = closed(cast)
    path = f"/callbacks/draw?community={HERE}&month=2026-11"
    told = program(cast.auditor).get(path).body
    assert (told["closings"], told["drawn"], told["differing"], len(told["seed"])) == (1, 1, [], 64)
    assert program(cast.leader).get(path).body["seed"] == ""
    with cast.inside():
        CallBack.objects.update(lot=3)
    assert program(cast.auditor).get(path).body["differing"] == [number]


def test_the_plan_is_kept_by_program(cast: Cast) -> None:
    leader = program(cast.admin, "admin")
    line = {"community": HERE, "share": "25.5", "special": "urgent", "minimum": 2}
    made = leader.post("/callback-plan", line)
    assert (made.status, made.body["share"], made.body["valid_from"]) == (201, "25.50", "2026-11-24")
    assert leader.post("/callback-plan", {**line, "valid_from": "2026-11-23"}).status == 422
    assert [row["id"] for row in leader.get(f"/callback-plan?community={HERE}").body] == [made.body["id"]]
    leader.post(f"/callback-plan/{made.body['id']}/end?community={HERE}", {"last_day": "2026-11-23"})
    assert leader.get(f"/callback-plan?community={HERE}").body == []
    assert program(cast.dispatcher).post("/callback-plan", line).status == 403
