"""Moving cases by API: the whole story, races, many at once, and the reporter's own moves by receipt."""

from __future__ import annotations

import pytest

from linli.cases.rules.workflow import Verb
from linli.cases.tests import ground
from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.programs import REPORT, WRITE, dispatching, program
from linli.kernel.tests.program import Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def test_the_whole_story_goes_through_the_api(cast: Cast) -> None:
    desk, body, checker = (program(who) for who in (cast.dispatcher, cast.property_handler, cast.verifier))
    receipt = program(cast.resident).post("/cases", {**REPORT, "publish": True}).body
    path = f"/cases/{receipt['number']}"
    sent = desk.post(f"{path}/moves", dispatching(cast), tag=desk.get(path).headers["ETag"])
    assert sent.body["case"]["state"] == "dispatched"
    assert body.post(f"{path}/moves", {"verb": "sign"}).body["case"]["state"] == "signed"
    proof = ground.uploaded_picture(cast.property_handler.actor(), cast.here.id, at=AT)
    handled = {"verb": "handled", "answer": "灯泡已更换。", "uploads": [proof]}
    assert body.post(f"{path}/moves", handled).body["case"]["state"] == "handled"
    assert body.post(f"{path}/moves", {"verb": "close", "answer": "好了"}).code == "not_your_move"
    closed = checker.post(f"{path}/moves", {"verb": "close", "answer": "灯泡已更换。"})
    assert closed.body["case"]["published_at"]
    rated = program(cast.resident).post(f"{path}/moves", {"verb": "rate", "solved": True, "stars": 5})
    assert (rated.body["case"]["solved"], rated.body["case"]["stars"]) == (True, 5)
    assert [one["verb"] for one in Program().post("/follow", _key(receipt)).body["timeline"]][-1] == "rate"


def _key(receipt: dict[str, str]) -> dict[str, str]:
    return {"number": receipt["number"], "code": receipt["code"]}


def test_a_race_is_told_and_nothing_is_moved(cast: Cast) -> None:
    number = cast.report().number
    desk = program(cast.dispatcher)
    tag = desk.get(f"/cases/{number}").headers["ETag"]
    assert desk.post(f"/cases/{number}/moves", {"verb": "note", "note": "看过了"}, tag=tag).status == 200
    late = desk.post(f"/cases/{number}/moves", dispatching(cast), tag=tag)
    assert (late.status, late.code) == (412, "version")
    assert desk.post(f"/cases/{number}/moves", dispatching(cast), tag='"nonsense"').status == 412
    assert cast.case(number).state == "reported"
    assert desk.post(f"/cases/{number}/moves", dispatching(cast), tag='"2"').status == 200


def test_a_move_that_no_longer_fits_says_why(cast: Cast) -> None:
    number = cast.report().number
    desk = program(cast.dispatcher)
    desk.post(f"/cases/{number}/moves", dispatching(cast))
    again = desk.post(f"/cases/{number}/moves", dispatching(cast))
    assert (again.status, again.code) == (409, "wrong_state")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"verb": "fly"}, {"verb": "enum"}),
        ({}, {"verb": "missing"}),
        ({"verb": "dispatch"}, {"category": "missing", "body": "missing"}),
        ({"verb": "decline", "reason": "because", "answer": "不归社区管"}, {"reason": "unknown"}),
        ({"verb": "decline", "reason": "in_court", "answer": "电话13811100150"}, {"answer": "holds_mobile"}),
        ({"verb": "note", "note": "x", "stars": 9}, {"stars": "less_than_equal"}),
        ({"verb": "note", "note": "x", "until": "2026-12-01"}, {"until": "value_error"}),
        ({"verb": "note", "note": "x", "granted": 1}, {"granted": "bool_type"}),
        ({"verb": "note", "note": "x", "colour": "red"}, {"colour": "extra_forbidden"}),
        ({"verb": "note", "note": "x" * 10_001}, {"note": "string_too_long"}),
    ],
)
def test_it_names_what_a_move_lacks(cast: Cast, body: dict[str, object], fields: dict[str, str]) -> None:
    number = cast.report().number
    got = program(cast.dispatcher).post(f"/cases/{number}/moves", body)
    assert got.status == 422
    assert {name: code for name, code in got.fields.items() if name in fields} == fields
    assert cast.case(number).version == 1


def test_reading_is_not_moving(cast: Cast) -> None:
    number = cast.report().number
    got = program(cast.dispatcher, "cases:read").post(f"/cases/{number}/moves", {"verb": "note", "note": "x"})
    assert got.code == "scope_missing"
    elsewhere = program(cast.elsewhere.dispatcher).post(
        f"/cases/{number}/moves", {"verb": "note", "note": "x"}
    )
    assert elsewhere.status == 404
    assert Program().post(f"/cases/{number}/moves", {"verb": "note", "note": "x"}).status == 401


def test_many_are_moved_each_by_itself(cast: Cast) -> None:
    numbers = [cast.report(f"第{n}次 路灯").number for n in range(3)]
    far = cast.report(community=cast.elsewhere).number
    cast.dispatched(numbers[2])
    moves = [{"number": number, **dispatching(cast)} for number in (*numbers, far, "x")]
    moves[1]["version"] = 7
    got = program(cast.dispatcher).post("/moves", {"moves": moves})
    assert got.status == 200
    assert [one["done"] for one in got.body["items"]] == [True, False, False, False, False]
    assert [one["problem"] and one["problem"]["code"] for one in got.body["items"]] == [
        None,
        "version",
        "wrong_state",
        "not_found",
        "not_found",
    ]
    assert [cast.case(number).state for number in numbers] == ["dispatched", "reported", "dispatched"]
    assert got.body["items"][0]["version"] == 2


def test_many_are_at_most_a_hundred(cast: Cast) -> None:
    desk = program(cast.dispatcher, WRITE)
    note = {"number": "261123048213", "verb": "note", "note": "x"}
    assert desk.post("/moves", {"moves": [note] * 101}).fields == {"moves": "too_long"}
    assert desk.post("/moves", {"moves": []}).fields == {"moves": "too_short"}
    assert desk.post("/moves", {"moves": [{**note, "colour": "red"}]}).fields == {
        "moves.0.colour": "extra_forbidden"
    }


def test_whoever_holds_the_receipt_follows_the_case(cast: Cast) -> None:
    receipt = Program().post("/cases", REPORT).body
    cast.dispatched(receipt["number"])
    cast.move(receipt["number"], Verb.NOTE, cast.dispatcher, note="INTERNAL-CANARY")
    got = Program().post("/follow", _key(receipt))
    assert [one["verb"] for one in got.body["timeline"]] == ["report", "dispatch"]
    assert "INTERNAL-CANARY" not in got.raw.decode()
    assert "刘调度" not in got.raw.decode()
    assert {one["verb"] for one in got.body["moves"]} == {"add", "urge", "withdraw"}
    for wrong in ({"code": "0000-0000-0000-0000"}, {"number": "261123999999"}, {"code": "x"}):
        assert Program().post("/follow", {**_key(receipt), **wrong}).status == 404


def test_a_colleague_with_the_receipt_reads_as_the_reporter_does(cast: Cast) -> None:
    receipt = Program().post("/cases", REPORT).body
    cast.move(receipt["number"], Verb.NOTE, cast.dispatcher, note="INTERNAL-CANARY")
    got = program(cast.dispatcher).post("/follow", _key(receipt))
    assert "INTERNAL-CANARY" not in got.raw.decode()


def test_the_reporter_moves_by_receipt_and_nothing_more(cast: Cast) -> None:
    receipt = Program().post("/cases", REPORT).body
    added = Program().post("/follow/moves", {**_key(receipt), "verb": "add", "words": "今晚还是不亮"})
    assert added.body["timeline"][-1]["answer"] == "今晚还是不亮"
    refused = Program().post("/follow/moves", {**_key(receipt), **dispatching(cast)})
    assert (refused.status, refused.code) == (403, "not_your_move")
    wrong = {**_key(receipt), "code": "0000-0000-0000-0000", "verb": "withdraw"}
    assert Program().post("/follow/moves", wrong).status == 404
    gone = Program().post("/follow/moves", {**_key(receipt), "verb": "withdraw"})
    assert gone.body["case"]["state"] == "withdrawn"


def test_guessing_codes_comes_to_an_end(cast: Cast) -> None:
    receipt = Program().post("/cases", REPORT).body
    for _ in range(20):
        assert Program().post("/follow", {**_key(receipt), "code": "0000-0000-0000-0000"}).status == 404
    got = Program().post("/follow", _key(receipt))
    assert (got.status, got.code, got.headers["Retry-After"]) == (429, "too_many", "3600")
