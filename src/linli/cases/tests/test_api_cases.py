"""Lists and single cases by API: who sees what, filters, pages by cursor, tags, what lies beside a case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from linli.cases.queries import queue
from linli.cases.rules.workflow import Verb
from linli.cases.schemas import wanted
from linli.cases.tests.cast import AT, Cast, Person
from linli.cases.tests.programs import ELSEWHERE, HERE, LIGHTING, READ, program
from linli.kernel.tests.program import Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
CANARY = "INTERNAL-CANARY"


def numbers(got: Any) -> list[str]:
    return [one["number"] for one in got.body["items"]]


def test_the_filters_know_every_view_and_order() -> None:
    assert set(wanted.View.__args__) == set(queue.VIEWS)  # type: ignore[attr-defined]  # a closed list of words


def test_the_desk_sees_its_community_and_a_resident_their_own(cast: Cast) -> None:
    mine, other = cast.report().number, cast.report("电梯坏了", by=cast.neighbour).number
    far = cast.report(community=cast.elsewhere).number
    assert set(numbers(program(cast.dispatcher).get("/cases"))) == {mine, other}
    assert numbers(program(cast.resident).get("/cases")) == [mine]
    assert numbers(program(cast.elsewhere.dispatcher).get("/cases")) == [far]
    assert numbers(program(cast.neighbour).get("/me/cases")) == [other]
    assert program(cast.stranger).get("/cases").body["items"] == []


def test_nobody_lists_without_a_token_or_its_scope(cast: Cast) -> None:
    for path in ("/cases", "/me/cases", "/queue"):
        assert Program().get(path).status == 401
        assert program(cast.dispatcher, "places:read").get(path).code == "scope_missing"
    assert program(cast.resident).get("/queue").code == "not_your_door"


def test_a_token_of_one_community_shows_nothing_of_another(cast: Cast) -> None:
    cast.report()
    both = program(cast.dispatcher, READ, community_id=cast.here.id)
    assert len(numbers(both.get("/cases", community=HERE))) == 1
    assert numbers(both.get("/cases", community=ELSEWHERE)) == []


def test_pages_follow_each_other_by_cursor_and_link(cast: Cast) -> None:
    made = [
        cast.report(f"第{n}次 路灯", at=AT + timedelta(minutes=n), limited=False).number for n in range(5)
    ]
    reader = program(cast.dispatcher)
    first = reader.get("/cases", size=2)
    assert numbers(first) == made[:2:-1]
    link = first.headers["Link"]
    assert link.startswith("</api/v1/cases?size=2&cursor=")
    assert link.endswith('>; rel="next"')
    second = reader.ask("GET", link.partition(">")[0].removeprefix("</api/v1"))
    assert numbers(second) == made[2:0:-1]
    last = reader.get("/cases", size=2, cursor=second.body["cursor"])
    assert numbers(last) == made[:1]
    assert last.body["cursor"] == ""
    assert "Link" not in last.headers


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "路灯"}, 1),
        ({"q": "喷泉"}, 0),
        ({"view": "in_work"}, 1),
        ({"view": "to_accept"}, 1),
        ({"view": "all", "state": "dispatched"}, 1),
        ({"category": "facilities"}, 1),
        ({"category": "facil"}, 0),
        ({"urgency": "critical"}, 0),
        ({"since": "2026-11-23T10:30:00+08:00"}, 1),
        ({"until": "2026-11-23T02:30:00Z"}, 1),
        ({"order": "due"}, 2),
    ],
)
def test_filters_narrow_the_list(cast: Cast, query: dict[str, Any], found: int) -> None:
    cast.dispatched(cast.report().number)
    cast.report("电梯坏了", at=AT + timedelta(hours=1))
    assert len(numbers(program(cast.dispatcher).get("/cases", **query))) == found


def test_a_place_is_named_by_its_id_or_its_path(cast: Cast) -> None:
    cast.report()
    reader = program(cast.dispatcher)
    for place in (str(cast.building.id), cast.grid.path, str(cast.here.id)):
        assert len(numbers(reader.get("/cases", place=place))) == 1, place
    assert numbers(reader.get("/cases", place=str(cast.other_grid.id))) == []
    assert reader.get("/cases", place="999999").status == 404


def test_mine_and_our_parts(cast: Cast) -> None:
    number = cast.report().number
    cast.dispatched(number)
    cast.move(number, Verb.SIGN, cast.property_handler)
    joint = {"organisation_id": cast.department.pk, "words": "请清理路边"}
    cast.move(number, Verb.JOINT, cast.dispatcher, **joint)
    assert numbers(program(cast.property_handler).get("/cases", whose="mine")) == [number]
    parts = program(cast.department_handler).get("/cases", whose="tasks", community=HERE)
    assert numbers(parts) == [number]
    refused = program(cast.department_handler).get("/cases", whose="tasks")
    assert refused.fields == {"query.community": "unknown"}


@pytest.mark.parametrize(
    "query",
    [
        {"view": "secret"},
        {"order": "reporter"},
        {"size": "0"},
        {"size": "101"},
        {"cursor": "x"},
        {"since": "2026-11-23"},
        {"since": "2026-11-23T10:00:00"},
        {"since": "0001-01-01T00:00:00+14:00"},
        {"organisation": "-1"},
        {"organisation": str(2**63)},
        {"place": "1; drop table"},
        {"community": "12"},
        {"reporter": "5"},
    ],
)
def test_a_filter_we_did_not_make_is_refused(cast: Cast, query: dict[str, Any]) -> None:
    got = program(cast.dispatcher).get("/cases", **query)
    assert (got.status, got.code) == (422, "invalid")
    assert set(got.fields) == {f"query.{name}" for name in query}


def test_nul_in_a_query_is_only_taken_out(cast: Cast) -> None:
    assert program(cast.dispatcher).get("/cases", q="路\x00灯", category="x\x00").status == 200


def test_a_list_of_a_hundred_takes_two_statements(cast: Cast) -> None:
    for n in range(12):
        cast.dispatched(cast.report(f"第{n}次 路灯", limited=False).number)
    reader = program(cast.dispatcher)
    reader.get("/cases", size=100)
    before = connection.linli_statements  # type: ignore[attr-defined]  # our own backend counts
    reader.get("/cases", size=100)
    assert connection.linli_statements - before <= 3  # type: ignore[attr-defined]  # as above


def settled(cast: Cast) -> str:
    number = cast.report(publish=True).number
    cast.settled(number)
    return number


def test_staff_read_the_whole_story(cast: Cast) -> None:
    got = program(cast.dispatcher).get(f"/cases/{settled(cast)}")
    assert [one["verb"] for one in got.body["timeline"]] == ["report", "dispatch", "sign", "handled", "close"]
    assert got.body["case"]["organisation"] == "安居物业"
    assert got.body["case"]["handler_id"] == cast.property_handler.account_id
    assert got.body["timeline"][2]["who"] == "何物业"
    assert CANARY in got.body["timeline"][3]["note"]
    assert len(got.body["timeline"][3]["uploads"]) == 1
    assert {clock["stage"] for clock in got.body["clocks"]} >= {"accept", "resolve", "verify"}
    assert {move["verb"] for move in got.body["moves"]} >= {"follow_up", "reopen", "note"}


def test_a_resident_reads_no_notes_and_no_names_of_staff(cast: Cast) -> None:
    got = program(cast.resident).get(f"/cases/{settled(cast)}")
    assert got.status == 200
    told = got.raw.decode()
    assert CANARY not in told
    for person in cast.here.people.values():
        if person is not cast.resident:
            assert person.name not in told
    assert all(one["who"] == "" and one["note"] == "" for one in got.body["timeline"])
    assert got.body["timeline"][1]["data"] == {"category": LIGHTING}
    assert got.body["case"]["handler_id"] is None
    assert {move["verb"] for move in got.body["moves"]} == {"rate", "reopen"}


@pytest.mark.parametrize("who", ["neighbour", "stranger", "elsewhere_dispatcher", "elsewhere_grid_worker"])
def test_hidden_and_absent_look_the_same(cast: Cast, who: str) -> None:
    number = settled(cast)
    reader = program(cast.everybody()[who])
    for path in (f"/cases/{number}", "/cases/261123999999", "/cases/nonsense"):
        got = reader.get(path)
        assert (got.status, got.code) == (404, "not_found")


def test_the_tag_saves_reading_again_until_something_changes(cast: Cast) -> None:
    number = cast.report().number
    reader = program(cast.dispatcher)
    tag = reader.get(f"/cases/{number}").headers["ETag"]
    assert tag == '"1-in_time"'
    again = reader.get(f"/cases/{number}", headers={"If-None-Match": tag})
    assert (again.status, again.raw, again.headers["ETag"]) == (304, b"", tag)
    assert reader.get(f"/cases/{number}", headers={"If-None-Match": f'W/"x", {tag}'}).status == 304
    cast.dispatched(number)
    assert reader.get(f"/cases/{number}", headers={"If-None-Match": tag}).status == 200


def test_head_answers_as_get_does(cast: Cast) -> None:
    number = cast.report().number
    reader = program(cast.dispatcher)
    got = reader.client.head(f"/api/v1/cases/{number}", headers={"Authorization": f"Bearer {reader.token}"})
    assert (got.status_code, got.headers["ETag"], got.content) == (200, '"1-in_time"', b"")


@pytest.mark.parametrize("who", ["dispatcher", "property_handler", "resident"])
def test_one_case_takes_at_most_eight_statements(cast: Cast, who: str) -> None:
    number = cast.report().number
    cast.dispatched(number)
    cast.move(number, Verb.SIGN, cast.property_handler)
    cast.move(number, Verb.JOINT, cast.dispatcher, organisation_id=cast.department.pk, words="请清理路边")
    cast.move(
        number, Verb.ASK, cast.property_handler, request="pause", until=AT + timedelta(days=2), note="等配件"
    )
    reader = program(cast.everybody()[who])
    reader.get(f"/cases/{number}")
    before = connection.linli_statements  # type: ignore[attr-defined]  # our own backend counts
    got = reader.get(f"/cases/{number}")
    assert connection.linli_statements - before <= 8  # type: ignore[attr-defined]  # as above
    staff = who != "resident"
    assert bool(got.body["tasks"]) is staff
    assert bool(got.body["waiting"]) is staff


def test_the_ledger_tells_every_second(cast: Cast) -> None:
    number = settled(cast)
    reader = program(cast.dispatcher)
    clocks = reader.get(f"/cases/{number}").body["clocks"]
    (clock,) = [one for one in clocks if one["stage"] == "sign"]
    got = reader.get(f"/cases/{number}/clocks/{clock['id']}/ledger")
    assert sum(one["counted_seconds"] for one in got.body) == 3600
    assert got.body[0]["from_at"] == clock["started_at"]
    assert reader.get(f"/cases/{number}/clocks/999999/ledger").status == 404
    assert program(cast.stranger).get(f"/cases/{number}/clocks/{clock['id']}/ledger").status == 404


def test_parts_similar_cases_and_the_proposal(cast: Cast) -> None:
    number, near = cast.report().number, cast.report("门口的路灯坏了，好黑", by=cast.neighbour).number
    desk = program(cast.dispatcher)
    found = desk.get(f"/cases/{number}/similar")
    assert numbers(found) == [near]
    assert found.body["items"][0]["certainty"] > 0.5
    assert {"thing", "same_place"} <= {one["code"] for one in found.body["items"][0]["reasons"]}
    cast.dispatched(number)
    cast.move(number, Verb.JOINT, cast.dispatcher, organisation_id=cast.department.pk, words="请清理路边")
    (part,) = desk.get(f"/cases/{number}/tasks").body["items"]
    assert (part["organisation"], part["state"]) == ("街道城管办", "open")
    proposal = desk.get(f"/cases/{near}/proposal")
    assert proposal.body["gap"] == "no_rule"
    for path in ("similar", "tasks", "proposal"):
        assert program(cast.resident).get(f"/cases/{number}/{path}").status == 403
        assert program(cast.elsewhere.dispatcher).get(f"/cases/{number}/{path}").status == 404


def test_the_contact_is_read_for_a_purpose_and_written_down(cast: Cast) -> None:
    number = cast.report(contact_name="张居民", contact_phone="13811100150").number
    handler = program(cast.dispatcher)
    got = handler.post(f"/cases/{number}/contact", {"purpose": "handle_case"})
    assert got.body == {"name": "张居民", "phone": "13811100150"}
    (look,) = program(cast.resident).get("/me/looks").body
    assert (look["purpose"], look["task"]) == ("handle_case", f"case:{number}")
    assert handler.post(f"/cases/{number}/contact", {"purpose": "curiosity"}).fields == {
        "purpose": "literal_error"
    }
    for person, status in ((cast.auditor, 403), (cast.elsewhere.dispatcher, 404), (cast.resident, 403)):
        assert program(person).post(f"/cases/{number}/contact", {"purpose": "emergency"}).status == status


def test_an_anonymous_report_holds_no_contact(cast: Cast) -> None:
    number = cast.report(anonymous=True).number
    assert program(cast.dispatcher).post(f"/cases/{number}/contact", {"purpose": "handle_case"}).status == 404


def test_after_ten_looks_within_the_hour_it_is_enough(cast: Cast) -> None:
    number = cast.report(contact_name="张居民", contact_phone="13811100150").number
    handler = program(cast.dispatcher)
    for _ in range(10):
        assert handler.post(f"/cases/{number}/contact", {"purpose": "handle_case"}).status == 200
    got = handler.post(f"/cases/{number}/contact", {"purpose": "handle_case"})
    assert (got.status, got.headers["Retry-After"]) == (429, "3600")


def test_auditors_read_what_was_done(cast: Cast) -> None:
    number = settled(cast)
    got = program(cast.auditor).get(f"/cases/{number}/audit")
    assert [line["verb"] for line in got.body["lines"]] == ["report", "dispatch", "sign", "handled", "close"]
    assert program(cast.dispatcher).get(f"/cases/{number}/audit").status == 403
    assert program(cast.elsewhere.leader).get(f"/cases/{number}/audit").status == 404


def test_the_queue_in_numbers(cast: Cast) -> None:
    cast.dispatched(cast.report().number)
    cast.report("电梯坏了")
    desk = program(cast.dispatcher)
    assert desk.get("/queue").body["to_accept"] == 1
    here = desk.get("/queue", community=HERE).body
    assert (here["open"], here["in_work"], here["mine"]) == (2, 1, 0)
    assert desk.get("/queue", community=ELSEWHERE).status == 404


def test_to_whom_a_case_can_be_sent(cast: Cast) -> None:
    cast.dispatched(cast.report().number)
    found = program(cast.dispatcher).get("/targets", community=HERE).body
    (company,) = [one for one in found if one["key"] == f"o{cast.property_company.pk}"]
    assert (company["name"], company["load"]) == ("安居物业", 1)
    assert cast.grid_worker.account_id in {one["handler_id"] for one in found}
    assert program(cast.elsewhere.dispatcher).get("/targets", community=HERE).status == 404
    assert program(cast.resident).get("/targets", community=HERE).status == 403


def test_everybody_reads_settled_cases_without_personal_data(cast: Cast) -> None:
    number = settled(cast)
    got = Program().get("/published", community=HERE)
    (shown,) = got.body["items"]
    assert (shown["number"], shown["category"], shown["organisation"]) == (number, LIGHTING, "安居物业")
    one = Program().get(f"/published/{number}", community=HERE)
    assert one.body == shown
    again = Program().get(
        f"/published/{number}", community=HERE, headers={"If-None-Match": one.headers["ETag"]}
    )
    assert again.status == 304
    for path in (f"/published/{cast.report().number}", "/published/x"):
        assert Program().get(path, community=HERE).status == 404
    assert Program().get("/published", community=ELSEWHERE).body["items"] == []
    assert Program().get("/published").fields == {"query.community": "missing"}


def test_numbers_that_slipped_into_published_words_are_masked(cast: Cast) -> None:
    number = cast.report(publish=True).number
    cast.settled(number, public_words="路灯不亮,电话13811100150")
    assert "13811100150" not in Program().get(f"/published/{number}", community=HERE).raw.decode()


def test_promises_kept_are_told_to_programs(cast: Cast) -> None:
    settled(cast)
    got = program(cast.leader).get("/kept", community=HERE, since="2026-11-01T00:00:00Z", within_days=3)
    assert got.body["answered"]["cases"] == 1
    assert got.body["answered"]["share"] == 1.0
    assert {one["stage"] for one in got.body["stages"]} >= {"resolve"}
    assert program(cast.elsewhere.dispatcher).get("/kept", community=HERE).status == 404
    assert program(cast.leader).get("/kept", community=HERE, within_days="nan").status == 422


@pytest.mark.parametrize("who", ["dispatcher", "grid_worker", "resident"])
def test_names_are_in_the_readers_language(cast: Cast, who: str) -> None:
    number = cast.report().number
    cast.dispatched(number)
    person: Person = cast.everybody()[who]
    account = person.account
    account.language = "en"
    account.save(update_fields=["language"])
    got = program(person).get(f"/cases/{number}").body["case"]
    assert (got["organisation"], got["grid"], got["building"]) == ("Anju Property", "Grid 3", "Building 8")
    listed = program(person).get("/cases").body["items"][0]
    assert {**listed, "handler_id": None} == {**got, "handler_id": None}
