"""Figures for programs: the same figures, the same rights, strict questions, decisions made once."""

from __future__ import annotations

from typing import Any

import pytest

from linli.cases.tests.cast import Cast
from linli.cases.tests.programs import ELSEWHERE, HERE, program
from linli.controlroom.rules.catalog import CATALOG
from linli.controlroom.tests.days import a_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_evening")]
TODAY = f"community={HERE}&period=today"


def test_every_figure_is_in_the_catalogue_in_the_readers_language(cast: Cast) -> None:
    found = program(cast.dispatcher, "cases:read").get("/figures/catalog").body
    assert [one["code"] for one in found] == list(CATALOG)
    assert {one["code"]: one["name"] for one in found}["response_rate"] == "响应率"


def test_all_figures_come_with_one_question(cast: Cast) -> None:
    a_day(cast)
    told = program(cast.auditor, "cases:read").get(f"/figures?{TODAY}").body
    assert (told["since"], told["until"], told["by"]) == ("2026-11-23", "2026-11-23", "")
    found = {one["code"]: one for one in told["figures"]}
    assert set(found) == set(CATALOG)
    assert (found["reported"]["value"], found["solved_rate"]["reasons"]) == (4.0, {"silent": 2})


def test_a_breakdown_names_its_groups(cast: Cast) -> None:
    a_day(cast)
    told = (
        program(cast.leader, "cases:read")
        .get(f"/figures?{TODAY}&codes=returned,return_rate&by=organisation")
        .body
    )
    assert {one["group"] for one in told["figures"]} == {str(cast.property_company.pk)}


def test_the_cases_behind_a_figure_come_in_pages_with_their_verdict(cast: Cast) -> None:
    numbers = a_day(cast)
    asked = program(cast.leader, "cases:read")
    told = asked.get(f"/figures/solved_rate/rows?{TODAY}&part=excluded&size=1").body
    assert (told["total"], len(told["items"]), told["items"][0]["verdict"]) == (2, 1, "silent")
    more = asked.get(f"/figures/solved_rate/rows?{TODAY}&part=excluded&size=1&cursor={told['cursor']}").body
    assert {told["items"][0]["number"], more["items"][0]["number"]} == {
        numbers["waiting"],
        numbers["returned"],
    }
    assert asked.get(f"/figures/reported/rows?{TODAY}").body["items"][0]["verdict"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("codes=happiness", "query.codes"), ("by=colour", "query.by"), ("period=century", "query.period"),
        ("since=2026-05-02&until=2026-05-01", "query.period"), ("since=yesterday", "query.since"),
        ("colour=red", "query.colour"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_named(cast: Cast, query: str, field: str) -> None:
    answer = program(cast.leader, "cases:read").get(f"/figures?community={HERE}&{query}")
    assert answer.status == 422
    assert field in answer.fields


@pytest.mark.parametrize("query", ["part=half", "group=3", "by=grid&group=x", "cursor=x"])
def test_rows_are_asked_for_strictly_too(cast: Cast, query: str) -> None:
    assert program(cast.leader, "cases:read").get(f"/figures/open/rows?{TODAY}&{query}").status == 422


def test_an_unknown_figure_is_not_found(cast: Cast) -> None:
    assert program(cast.leader, "cases:read").get(f"/figures/happiness/rows?{TODAY}").status == 404


@pytest.mark.parametrize("who", ["police", "grid_worker", "property_handler", "verifier", "resident"])
def test_others_read_no_figures(cast: Cast, who: str) -> None:
    assert program(getattr(cast, who), "cases:read").get(f"/figures?{TODAY}").status == 403


def test_another_community_is_not_there(cast: Cast) -> None:
    asked = program(cast.leader, "cases:read")
    assert asked.get(f"/figures?community={ELSEWHERE}").status == 404
    assert asked.get("/figures?community=999999999999").status == 404


def test_a_rate_is_decided_once_for_a_key(cast: Cast) -> None:
    body = {"community": HERE, "code": "solved_rate", "says": {"silent": "against"}, "why": "与街道考核一致"}
    admin = program(cast.admin, "admin", "cases:read")
    made = admin.post("/figures/definitions", body, key="k1")
    again = admin.post("/figures/definitions", body, key="k1")
    assert (made.status, again.body["id"]) == (201, made.body["id"])
    assert made.body["says"]["silent"] == "against"
    assert made.body["says"]["unreachable"] == "dropped"
    held = admin.get(f"/figures/definitions?community={HERE}").body
    assert [one["id"] for one in held if one["code"] == "solved_rate"] == [made.body["id"], None]


@pytest.mark.parametrize(
    "says",
    [
        {"silent": "maybe"},
        {"colour": 1},
        {"stars": 3},
        {"leave_out": ["help"]},
        {"leave_out": 3},
        {"approved_out": "no"},
    ],
)
def test_a_definition_that_cannot_hold_is_refused(cast: Cast, says: dict[str, Any]) -> None:
    body = {"community": HERE, "code": "solved_rate", "says": says, "why": "试试"}
    assert program(cast.admin, "admin").post("/figures/definitions", body).status == 422


def test_a_day_in_the_past_is_refused(cast: Cast) -> None:
    body = {"community": HERE, "code": "solved_rate", "says": {}, "why": "补记", "valid_from": "2026-11-22"}
    assert (
        program(cast.admin, "admin").post("/figures/definitions", body).body["errors"][0]["code"]
        == "in_the_past"
    )


def test_a_case_is_left_out_by_two_persons(cast: Cast) -> None:
    numbers = a_day(cast)
    clerk, leader = (program(one, "cases:read", "cases:write") for one in (cast.dispatcher, cast.leader))
    wanted = {"number": numbers["rated"], "reason": "force_majeure", "why": "台风停电两天"}
    asked = clerk.post("/figures/exclusions", wanted).body
    assert asked["granted"] is None
    assert (
        clerk.post(
            f"/figures/exclusions/{asked['id']}/decide", {"granted": True, "answer": "属实同意"}
        ).status
        == 403
    )
    told = leader.post(f"/figures/exclusions/{asked['id']}/decide", {"granted": True, "answer": "属实，同意"})
    assert told.body["granted"] is True
    (figure,) = leader.get(f"/figures?{TODAY}&codes=solved_rate").body["figures"]
    assert figure["reasons"] == {"approved": 1, "silent": 2}
    assert leader.post(f"/figures/exclusions/{asked['id']}/lift", {}).body["lifted_at"]
    assert leader.get(f"/figures/exclusions?community={HERE}&waiting=true").body == []
