"""What a community decides, by API: read by its staff, changed by its keepers, dated, once for a key, never lost."""

from __future__ import annotations

from typing import Any

import pytest

from linli.cases.models import Category, PromiseRow
from linli.cases.tests.cast import Cast
from linli.cases.tests.programs import ELSEWHERE, HERE, LIGHTING, program
from linli.kernel.tests.program import Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
BENCH = {"name_zh": "座椅", "name_en": "Benches", "keywords": ["长椅"]}
NEW_BENCH = {**BENCH, "community": HERE, "parent": "facilities"}
RESOLVE = {
    "community": HERE,
    "stage": "resolve",
    "amount": "3",
    "unit": "working_day",
    "category": "facilities",
}


def rule(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "name": "设施 → 物业",
        "category": "facilities",
        "organisation_id": cast.property_company.pk,
        **more,
    }


@pytest.fixture
def admin(cast: Cast) -> Program:
    """The administrator's program, with every scope."""
    return program(cast.admin, "admin")


WRITES: tuple[tuple[str, str, dict[str, Any] | None], ...] = (
    ("POST", "/categories", NEW_BENCH),
    ("PUT", f"/categories/{LIGHTING}?community={HERE}", BENCH),
    ("POST", f"/categories/{LIGHTING}/end?community={HERE}", {"last_day": "2026-12-31"}),
    ("POST", "/promises", RESOLVE),
    ("POST", "/promises/try", RESOLVE),
    ("POST", f"/promises/1/end?community={HERE}", {"last_day": "2026-12-31"}),
    ("POST", "/routing", {"community": HERE, "name": "x", "role": "grid_worker", "level": "grid"}),
    ("PUT", f"/routing/1?community={HERE}", {"name": "x", "role": "grid_worker", "level": "grid"}),
    ("POST", f"/routing/1/in-force?community={HERE}", {}),
    ("POST", f"/routing/1/order?community={HERE}", {"up": True}),
    ("POST", f"/routing/1/end?community={HERE}", {"last_day": "2026-12-31"}),
    ("POST", "/routing/try", {"community": HERE}),
    ("PUT", f"/calendar/days/2026-12-24?community={HERE}", {"working": False}),
    ("DELETE", f"/calendar/days/2026-12-24?community={HERE}", None),
    ("PUT", "/calendar/hours", {"community": HERE, "weekdays": [5], "from_date": "2026-12-01", "spans": []}),
)


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_only_keepers_with_the_scope_change_anything(
    cast: Cast, method: str, path: str, body: dict[str, Any] | None
) -> None:
    assert Program().ask(method, path, body).status == 401
    assert program(cast.dispatcher).ask(method, path, body).code == "scope_missing"
    assert program(cast.admin, "cases:write").ask(method, path, body).code == "scope_missing"
    elsewhere = path.replace(HERE, ELSEWHERE)
    there = {**body, "community": ELSEWHERE} if body and "community" in body else body
    assert program(cast.admin, "admin").ask(method, elsewhere, there).status == 404


READS = ("/promises", "/promises/due", "/routing", "/routing/1", "/calendar", "/filters")


@pytest.mark.parametrize("path", READS)
def test_staff_read_what_their_community_decided(cast: Cast, path: str) -> None:
    expected = 404 if path == "/routing/1" else 200
    assert program(cast.dispatcher).get(path, community=HERE).status == expected
    assert program(cast.dispatcher).get(path, community=ELSEWHERE).status == 404
    assert program(cast.dispatcher, "places:read").get(path, community=HERE).code == "scope_missing"
    assert program(cast.resident).get(path, community=HERE).code == "not_your_door"
    assert Program().get(path, community=HERE).status == 401
    assert program(cast.dispatcher).get(path).fields == {"query.community": "missing"}


def test_everybody_reads_the_categories(cast: Cast) -> None:
    got = Program().get("/categories", community=HERE)
    assert LIGHTING in {one["code"] for one in got.body}
    tag = got.headers["ETag"]
    assert Program().get("/categories", community=HERE, headers={"If-None-Match": tag}).status == 304
    assert Program().get(f"/categories/{LIGHTING}", community=HERE).body["name_zh"] == "照明"
    for path in ("/categories/facilities.none", "/categories/Nonsense!"):
        assert Program().get(path, community=HERE).status in {404, 422}


def test_a_category_is_added_once_for_a_key(cast: Cast, admin: Program) -> None:
    made = admin.post("/categories", NEW_BENCH, key="k")
    assert made.status == 201
    assert made.body["code"] == "facilities.benches"
    assert made.headers["Location"] == f"/api/v1/categories/facilities.benches?community={HERE}"
    again = admin.post("/categories", NEW_BENCH, key="k")
    assert again.body == made.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Category.objects.filter(code="facilities.benches").count() == 1
    assert admin.post("/categories", {**NEW_BENCH, "name_zh": "长椅"}, key="k").code == "key_reused"
    assert admin.post("/categories", NEW_BENCH).fields == {"name_zh": "name_taken"}


def test_what_was_refused_leaves_no_key_behind(cast: Cast, admin: Program) -> None:
    wrong = {**NEW_BENCH, "parent": "none"}
    assert admin.post("/categories", wrong, key="k").fields == {"parent": "unknown"}
    assert admin.post("/categories", NEW_BENCH, key="k").status == 201


def test_a_category_changes_only_as_it_was_seen(cast: Cast, admin: Program) -> None:
    path = f"/categories/{LIGHTING}"
    tag = admin.get(path, community=HERE).headers["ETag"]
    first = admin.put(path, {**BENCH, "name_zh": "路灯照明"}, tag=tag, community=HERE)
    assert (first.status, first.body["name_zh"]) == (200, "路灯照明")
    late = admin.put(path, BENCH, tag=tag, community=HERE)
    assert (late.status, late.code) == (412, "version")
    assert admin.put(path, BENCH, tag=first.headers["ETag"], community=HERE).status == 200
    assert admin.put(path, BENCH, tag="*", community=HERE).status == 200
    assert (
        admin.put("/categories/facilities.none", {**BENCH, "name_zh": "亭子"}, community=HERE).status == 404
    )


def test_a_category_ends_after_a_day(cast: Cast, admin: Program) -> None:
    path = f"/categories/{LIGHTING}/end"
    assert admin.post(path, {"last_day": "2026-11-22"}, community=HERE).fields == {"last_day": "in_the_past"}
    assert admin.post(path, {"last_day": "soon"}, community=HERE).fields == {"last_day": "value_error"}
    assert admin.post(path, {"last_day": "2026-12-31"}, community=HERE).status == 200
    branch = admin.post("/categories/facilities/end", {"last_day": "2026-12-01"}, community=HERE)
    assert branch.fields == {"last_day": "has_categories_below"}


def test_a_promise_is_tried_made_and_ended(cast: Cast, admin: Program) -> None:
    tried = admin.post("/promises/try", RESOLVE).body
    assert [one["amount"] for one in tried if one["tried"]] == ["3.00"]
    assert not PromiseRow.objects.filter(category_code="facilities").exists()
    made = admin.post("/promises", RESOLVE, key="k")
    assert (made.status, made.body["valid_from"], made.body["valid_to"]) == (201, "2026-11-23", None)
    assert admin.post("/promises", RESOLVE, key="k").body == made.body
    due = {one["stage"]: one for one in admin.get("/promises/due", community=HERE, category=LIGHTING).body}
    assert due["resolve"]["amount"] == "3.00"
    assert due["resolve"]["due_at"].endswith("Z")
    ended = admin.post(f"/promises/{made.body['id']}/end", {"last_day": "2026-12-31"}, community=HERE)
    assert ended.body["valid_to"] == "2026-12-31"
    listed = {one["id"] for one in admin.get("/promises", community=HERE).body}
    assert made.body["id"] in listed


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "5.123"}, "amount"),
        ({"amount": "Infinity"}, "amount"),
        ({"amount": "9999", "unit": "working_day"}, "amount"),
        ({"unit": "fortnight"}, "unit"),
        ({"stage": "never"}, "stage"),
        ({"category": "none"}, "category_code"),
        ({"valid_from": "2026-01-01"}, "valid_from"),
        ({"valid_from": "9999-12-31"}, "valid_from"),
        ({"source": "x" * 201}, "source"),
    ],
)
def test_a_promise_nobody_can_keep_is_refused(
    cast: Cast, admin: Program, change: dict[str, str], field: str
) -> None:
    got = admin.post("/promises", {**RESOLVE, **change})
    assert got.status == 422
    assert list(got.fields) == [field]


def test_routing_rules_are_drafted_tried_put_in_force_and_ended(cast: Cast, admin: Program) -> None:
    number = cast.report().number
    cast.dispatched(number)
    first = admin.post("/routing", rule(cast, community=HERE, draft=True), key="k")
    assert (first.status, first.body["draft"]) == (201, True)
    tried = admin.post("/routing/try", {"community": HERE, "days": 7})
    assert (tried.body["cases"], tried.body["differences"]) == (1, 1)
    assert tried.body["shown"][0]["after_rule_id"] == first.body["id"]
    wanted = rule(cast, name="照明 → 城管", category=LIGHTING, organisation_id=cast.department.pk)
    other = admin.post("/routing/try", {"community": HERE, "rule": wanted}).body
    assert other["shown"][0]["after"] == "照明 → 城管"
    path = f"/routing/{first.body['id']}"
    assert admin.post(f"{path}/in-force", {}, community=HERE).body["draft"] is False
    proposal = program(cast.dispatcher).get(f"/cases/{number}/proposal").body
    assert (proposal["rule_id"], proposal["organisation_id"]) == (first.body["id"], cast.property_company.pk)
    assert {reason["code"] for reason in proposal["why"]} >= {"in_force", "category"}
    second = admin.post("/routing", {"community": HERE, **wanted})
    order = admin.post(f"/routing/{second.body['id']}/order", {"up": True}, community=HERE)
    assert [one["name"] for one in order.body] == ["照明 → 城管", "设施 → 物业"]
    assert admin.post(f"{path}/end", {"last_day": "2026-12-31"}, community=HERE).status == 204
    assert admin.get(path, community=HERE).body["valid_to"] == "2026-12-31"


def test_a_rule_changes_only_as_it_was_seen(cast: Cast, admin: Program) -> None:
    made = admin.post("/routing", rule(cast, community=HERE)).body
    path = f"/routing/{made['id']}"
    tag = admin.get(path, community=HERE).headers["ETag"]
    changed = rule(cast, weekdays=[5, 6], from_time="22:00", to_time="06:00")
    got = admin.put(path, changed, tag=tag, community=HERE)
    assert (got.body["weekdays"], got.body["from_time"]) == ([5, 6], "22:00")
    assert admin.put(path, changed, tag=tag, community=HERE).status == 412


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"organisation_id": None}, {"target": "target_missing"}),
        ({"role": "grid_worker", "level": "grid"}, {"target": "target_ambiguous"}),
        ({"organisation_id": 999_999}, {"target": "unknown"}),
        ({"place_id": 999_999}, {"place_id": "unknown"}),
        ({"from_time": "22:00"}, {"from_time": "window_half_open"}),
        ({"from_time": "25:00"}, {"from_time": "value_error"}),
        ({"weekdays": [7]}, {"weekdays.0": "less_than_equal"}),
        ({"weekdays": []}, {"weekdays": "weekdays_empty"}),
        ({"name": " "}, {"name": "value_error"}),
        ({"kinds": ["song"]}, {"kinds.0": "enum"}),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(
    cast: Cast, admin: Program, change: dict[str, Any], fields: dict[str, str]
) -> None:
    got = admin.post("/routing", rule(cast, community=HERE, **change))
    assert got.status == 422
    assert got.fields == fields
    assert admin.get("/routing", community=HERE).body == []


def test_days_and_hours_move_deadlines(cast: Cast, admin: Program) -> None:
    cast.dispatched(cast.report().number)
    path = "/calendar/days/2026-11-24"
    closed = admin.put(path, {"working": False, "note": "停电"}, community=HERE)
    assert closed.body == {"deadlines_moved": 1}
    days = {one["day"]: one for one in admin.get("/calendar", community=HERE, year=2026).body["days"]}
    assert days["2026-11-24"] == {"day": "2026-11-24", "kind": "closed", "working": False, "own": True}
    assert admin.delete(path, community=HERE).status == 200
    hours = {"weekdays": [0], "from_date": "2026-11-23", "spans": [{"start": "14:00", "end": "24:00"}]}
    assert admin.put("/calendar/hours", {"community": HERE, **hours}).body == {"deadlines_moved": 1}
    told = admin.get("/calendar", community=HERE).body["hours"]
    own = {"weekday": 0, "from_date": "2026-11-23", "spans": [["14:00", "24:00"]]}
    assert own in told


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        ("/calendar/days/2026-11-01", {"working": False}, {"day": "in_the_past"}),
        ("/calendar/days/2036-11-01", {"working": False}, {"day": "too_far"}),
        ("/calendar/days/yesterday", {"working": False}, {"path.day": "value_error"}),
        ("/calendar/days/2026-12-24", {"working": "no"}, {"working": "bool_type"}),
    ],
)
def test_a_day_that_cannot_be_marked_is_refused(
    cast: Cast, admin: Program, path: str, body: dict[str, Any], fields: dict[str, str]
) -> None:
    assert admin.put(path, body, community=HERE).fields == fields


def test_hours_that_are_none_are_refused(cast: Cast, admin: Program) -> None:
    hours = {"community": HERE, "weekdays": [0], "from_date": "2026-12-01"}
    backwards = {**hours, "spans": [{"start": "17:00", "end": "09:00"}]}
    assert admin.put("/calendar/hours", backwards).fields == {"spans": "not_hours"}
    assert admin.put("/calendar/hours", {**hours, "spans": [{"start": "9", "end": "12:00"}]}).status == 422
    far = {**hours, "from_date": "2999-12-01", "spans": []}
    assert admin.put("/calendar/hours", far).fields == {"from_date": "value_error"}


def test_an_urgent_word_is_tried_and_changes_only_as_it_was_seen(cast: Cast, admin: Program) -> None:
    sheet = {"kind": "hazard", "phrase": "水塔...漏/裂", "level": "urgent"}
    made = admin.post("/urgent-words", {"community": HERE, **sheet})
    where = f"/urgent-words/{made.body['code']}"
    tried = admin.post("/urgent-words/try", {"community": HERE, "words": "水塔又漏了"})
    assert [one["code"] for one in tried.body["found"]] == [made.body["code"]]
    seen = admin.get(where, community=HERE)
    assert made.headers["Location"].startswith(f"/api/v1{where}?")
    first = admin.put(where, {**sheet, "beside": ["演练"]}, tag=seen.headers["ETag"], community=HERE)
    assert (first.status, first.body["beside"]) == (200, ["演练"])
    assert admin.put(where, sheet, tag=seen.headers["ETag"], community=HERE).status == 412
    assert admin.put(where, sheet, tag=first.headers["ETag"], community=HERE).status == 200


def test_advice_changes_only_as_it_was_seen(cast: Cast, admin: Program) -> None:
    words = {"words_zh": "先离开,再打119。"}
    seen = Program().get("/danger-advice/fire", community=HERE)
    assert seen.body["own"] is False
    first = admin.put("/danger-advice/fire", words, tag=seen.headers["ETag"], community=HERE)
    assert (first.status, first.body["own"]) == (200, True)
    assert first.headers["ETag"] == Program().get("/danger-advice/fire", community=HERE).headers["ETag"]
    assert admin.put("/danger-advice/fire", words, tag=seen.headers["ETag"], community=HERE).status == 412


def test_a_colleague_keeps_views_of_their_own(cast: Cast) -> None:
    mine = program(cast.dispatcher)
    view = {
        "community": HERE,
        "name": "夜间照明",
        "query": "tab=open&category=facilities.lighting&q=13800000000",
    }
    made = mine.post("/filters", view, key="k")
    assert (made.status, made.body["query"]) == (201, "tab=open&category=facilities.lighting")
    assert mine.post("/filters", view, key="k").body == made.body
    assert mine.get("/filters", community=HERE).body == [made.body]
    assert program(cast.verifier).get("/filters", community=HERE).body == []
    assert program(cast.verifier).delete(f"/filters/{made.body['id']}").status == 404
    assert mine.delete(f"/filters/{made.body['id']}").status == 204
    assert mine.get("/filters", community=HERE).body == []
    assert mine.post("/filters", {**view, "community": ELSEWHERE}).status == 404
    assert program(cast.resident).post("/filters", view).status == 403
