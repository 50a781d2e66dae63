"""Me too, by programs: what neighbours reported, joining, one's word, leaving; another matter."""

# ruff: noqa: F811  (fixtures are taken over by importing them)

from __future__ import annotations

from typing import Any

import pytest

from linli.cases.tests.cast import Cast, cast, standing_cast, this_evening  # noqa: F401  (fixtures)
from linli.cases.tests.programs import ELSEWHERE, HERE, program
from linli.kernel import limits
from linli.kernel.tests.program import Program


@pytest.fixture(autouse=True)
def evening(this_evening: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits commit by themselves, which a test's transaction forbids."""
    monkeypatch.setattr(limits, "allow", lambda *_args, **_more: True)


def ask(reader: Program, cast: Cast, words: str = "楼下路灯坏了", **more: Any) -> Any:
    query = "&".join(f"{key}={value}" for key, value in {"community": HERE, "words": words, **more}.items())
    return reader.get(f"/cases/alike?{query}")


def test_neighbours_see_that_it_is_there_and_not_who_said_what(cast: Cast) -> None:
    number = cast.report("门口路灯不亮，我是张三").number
    found = ask(program(cast.neighbour), cast, building_id=cast.building.id)
    assert found.status == 200, found.body
    (one,) = found.body["items"]
    assert (one["number"], one["words"], one["building"]) == (number, "", "8 栋")
    assert one["certainty"] > 0.5
    assert "张三" not in str(found.body)


def test_anybody_may_ask_of_any_community_but_only_of_one(cast: Cast) -> None:
    cast.report("门口路灯不亮")
    assert ask(Program(""), cast, building_id=cast.building.id).body["items"]
    assert ask(Program(""), cast, community=ELSEWHERE).body["items"] == []
    assert ask(Program(""), cast, community="999999999999").status == 404
    assert ask(Program(""), cast, words="").status == 422
    assert ask(Program(""), cast, lon=200).status == 422


def test_joining_twice_is_joining_once(cast: Cast) -> None:
    number = cast.report().number
    neighbour = program(cast.neighbour)
    first = neighbour.post(f"/cases/{number}/join", {"community": HERE, "words": "也是"})
    again = neighbour.post(f"/cases/{number}/join", {"community": HERE})
    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    assert first.body["supporters"] == 1
    mine = neighbour.get(f"/cases/{number}/joined").body
    assert (mine["own_words"], mine["answer"], mine["words"]) == ("也是", "", "")
    assert [one["number"] for one in neighbour.get("/joined").body["items"]] == [number]


def test_a_passer_by_joins_with_a_phone_or_a_key_and_follows_by_code(cast: Cast) -> None:
    number = cast.report().number
    nobody = Program("")
    assert nobody.post(f"/cases/{number}/join", {"community": HERE}).status == 422
    made = nobody.post(f"/cases/{number}/join", {"community": HERE, "contact_phone": "13812345678"})
    assert made.status == 201
    receipt = {"number": number, "code": made.body["code"]}
    assert nobody.post("/follow/joined", receipt).body["number"] == number
    assert nobody.post("/follow/joined", {**receipt, "code": "0000-0000-0000-0000"}).status == 404
    assert nobody.post("/follow/word", {**receipt, "solved": True}).status == 409
    cast.settled(number)
    said = nobody.post("/follow/word", {**receipt, "solved": True, "stars": 4})
    assert (said.status, said.body["solved"], said.body["answer"]) == (200, True, "灯泡已更换，今晚起亮灯。")
    assert nobody.post("/follow/leave", receipt).status == 204
    assert nobody.post("/follow/leave", receipt).status == 404


def test_ones_own_and_unknown_cases_cannot_be_joined(cast: Cast) -> None:
    number = cast.report().number
    own = program(cast.resident).post(f"/cases/{number}/join", {"community": HERE})
    assert (own.status, own.body["code"]) == (409, "yours_already")
    for path in ("261123000009", "nonsense"):
        assert program(cast.neighbour).post(f"/cases/{path}/join", {"community": HERE}).status == 404
    assert program(cast.neighbour).post(f"/cases/{number}/join", {"community": ELSEWHERE}).status == 404


def test_leaving_and_ones_word_belong_to_those_who_joined(cast: Cast) -> None:
    number = cast.report().number
    for person in (cast.neighbour, cast.resident, cast.stranger, cast.elsewhere.dispatcher):
        who = program(person)
        assert who.delete(f"/cases/{number}/join").status == 404
        assert who.post(f"/cases/{number}/word", {"solved": True}).status == 404
        assert who.get(f"/cases/{number}/joined").status == 404


def test_the_desk_says_that_it_is_another_matter(cast: Cast) -> None:
    one, two = cast.report().number, cast.report("门口路灯坏了", by=cast.neighbour).number
    desk = program(cast.dispatcher)
    assert [each["number"] for each in desk.get(f"/cases/{one}/similar").body["items"]] == [two]
    got = desk.post(f"/cases/{one}/another-matter", {"other": two})
    assert (got.status, got.body["another_matter"]) == (200, True)
    assert desk.get(f"/cases/{one}/similar").body["items"] == []
    desk.post(f"/cases/{two}/another-matter", {"other": one, "undo": True})
    assert desk.get(f"/cases/{one}/similar").body["items"]
    assert program(cast.grid_worker).post(f"/cases/{one}/another-matter", {"other": two}).status in {403, 404}
    assert program(cast.resident).post(f"/cases/{one}/another-matter", {"other": two}).status == 403
