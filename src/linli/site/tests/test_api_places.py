"""Places, duties and what a community wants, by API."""

from __future__ import annotations

from typing import Any

import pytest

from linli.cases.tests.cast import Cast
from linli.cases.tests.programs import ELSEWHERE, HERE, program
from linli.grids.models import Place
from linli.kernel.tests.program import Program
from linli.people.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def admin(cast: Cast) -> Program:
    """The administrator's program, with every scope."""
    return program(cast.admin, "admin")


def test_everybody_knows_the_communities_and_their_buildings(cast: Cast) -> None:
    got = Program().get("/communities")
    assert [one["code"] for one in got.body] == [ELSEWHERE, HERE]
    assert "qr_code" not in got.body[0]
    assert Program().get("/communities", headers={"If-None-Match": got.headers["ETag"]}).status == 304
    grid = Program().get(f"/places/{cast.grid.id}").body
    assert [one["id"] for one in grid["above"]] == [cast.here.id, cast.committee_place.id]
    assert cast.courtyard.id in {one["id"] for one in grid["children"]}
    way = Program().get(f"/places/{cast.building.id}/above").body
    assert [one["level"] for one in way] == ["community", "committee", "grid", "courtyard", "building"]
    assert Program().get(f"/places/code/{cast.building.code}").body["id"] == cast.building.id
    assert Program().get(f"/places/qr/{cast.building.qr_code}").body["id"] == cast.building.id


@pytest.mark.parametrize(
    "path", ["/places/999999", "/places/code/nothing", "/places/qr/NOTHING", "/places/0"]
)
def test_what_is_not_there_is_not_found(cast: Cast, path: str) -> None:
    assert Program().get(path).status in {404, 422}


def test_dwellings_are_for_those_who_serve_there(cast: Cast) -> None:
    door = Place.objects.create(
        id=987_654,
        community_id=cast.here.id,
        parent_id=cast.building.id,
        level="dwelling",
        code=f"{cast.building.code}-301",
        name_zh="301",
        path=f"{cast.building.path}987654.",
        valid_from=cast.building.valid_from,
    )
    path, above = f"/places/{door.pk}", f"/places/{cast.building.id}/children"
    assert program(cast.dispatcher).get(path).status == 200
    assert program(cast.dispatcher).get(above).body
    for reader in (
        Program(),
        program(cast.resident),
        program(cast.elsewhere.dispatcher),
        program(cast.dispatcher, "cases:read"),
    ):
        assert reader.get(path).status == 404
        assert reader.get(above).body == []


def test_a_point_and_an_address_are_found(cast: Cast) -> None:
    got = Program().get("/places/locate", lon=106.652, lat=26.655)
    assert (got.body["community_id"], got.body["grid_id"]) == (cast.here.id, cast.grid.id)
    assert Program().get("/places/locate", lon=0, lat=0).status == 404
    for wrong in ({"lon": "x", "lat": 1}, {"lon": 181, "lat": 1}, {"lon": "nan", "lat": 1}, {"lon": 1}):
        assert Program().get("/places/locate", **wrong).status == 422, wrong
    found = Program().post("/places/locate", {"community": HERE, "address": "8号楼2单元301"})
    assert (found.body["building_id"], found.body["unit"], found.body["room"]) == (
        cast.building.id,
        "2",
        "301",
    )
    assert Program().post("/places/locate", {"community": HERE, "address": "火星"}).status == 404
    assert Program().post("/places/locate", {"community": HERE}).fields == {"address": "missing"}


def test_outlines_are_geojson(cast: Cast) -> None:
    got = Program().get(f"/communities/{HERE}/boundaries")
    assert got.headers["Content-Type"] == "application/geo+json"
    assert {one["properties"]["level"] for one in got.body["features"]} == {"community", "grid"}
    tag = {"If-None-Match": got.headers["ETag"]}
    assert Program().get(f"/communities/{HERE}/boundaries", headers=tag).status == 304
    grids = Program().get(f"/communities/{HERE}/boundaries", level="grid", datum="gcj02")
    assert len(grids.body["features"]) == 2
    assert grids.body["features"][0]["geometry"] != got.body["features"][1]["geometry"]
    assert Program().get("/communities/999999999999/boundaries").status == 404
    assert Program().get(f"/communities/{HERE}/boundaries", level="house").status == 422


def test_everybody_knows_who_serves_by_a_short_name(cast: Cast) -> None:
    got = Program().get(f"/places/{cast.building.id}/serving")
    roles = {one["role"]: one["person"] for one in got.body}
    assert roles["grid_worker"] == "王**"
    assert not roles.keys() & {"auditor", "admin", "verifier"}


def test_a_place_is_renamed_only_as_it_was_seen(cast: Cast, admin: Program) -> None:
    path = f"/places/{cast.building.id}"
    sign = {"name_zh": "八栋", "aliases": ["8号楼", "红楼"], "households": 90}
    tag = admin.get(path).headers["ETag"]
    got = admin.put(path, sign, tag=tag)
    assert (got.body["name_zh"], got.body["aliases"]) == ("八栋", ["8号楼", "红楼"])
    assert admin.put(path, sign, tag=tag).status == 412
    assert admin.put(path, sign, tag=got.headers["ETag"]).status == 200
    assert admin.put(path, {**sign, "name_zh": "\n "}).fields == {"name_zh": "value_error"}
    far = f"/places/{cast.elsewhere.places['building'].id}"
    assert admin.put(far, sign).status == 404
    assert program(cast.dispatcher).put(path, sign).code == "scope_missing"


def test_a_code_is_replaced_once_for_a_key(cast: Cast, admin: Program) -> None:
    path = f"/places/{cast.building.id}/qr"
    got = admin.post(path, {"reason": "被撕掉了"}, key="k")
    assert (got.status, got.body["qr_code"] != cast.building.qr_code) == (201, True)
    assert admin.post(path, {"reason": "被撕掉了"}, key="k").body == got.body
    assert Program().get(f"/places/qr/{cast.building.qr_code}").status == 404
    assert Program().get(f"/places/qr/{got.body['qr_code']}").body["id"] == cast.building.id


def test_duties_are_read_by_staff_and_named_in_full_for_keepers(cast: Cast) -> None:
    seen = program(cast.dispatcher).get("/duties", community=HERE, role="grid_worker").body
    assert {one["person"] for one in seen} == {"王**", "石*"}
    assert {one["name"] for one in seen} == {""}
    kept = program(cast.leader).get("/duties", community=HERE, role="grid_worker").body
    assert {one["name"] for one in kept} == {"王小明", "石磊"}
    assert program(cast.elsewhere.dispatcher).get("/duties", community=HERE).status == 404
    assert program(cast.resident).get("/duties", community=HERE).status == 403
    assert program(cast.dispatcher, "cases:read").get("/duties", community=HERE).code == "scope_missing"


def test_a_duty_is_given_by_phone_and_ended(cast: Cast, admin: Program) -> None:
    body: dict[str, Any] = {
        "phone": "138 7777 0001",
        "name": "新网格",
        "role": "grid_worker",
        "place_id": cast.grid.id,
    }
    made = admin.post("/duties", body, key="k")
    assert (made.status, made.body["name"], made.body["from_date"]) == (201, "新网格", "2026-11-23")
    assert admin.post("/duties", body, key="k").body == made.body
    held = admin.post("/duties", body)
    assert (held.status, held.code) == (409, "duty_held")
    ended = admin.post(f"/duties/{made.body['id']}/end", {"until_date": "2026-12-31"})
    assert ended.body["until_date"] == "2026-12-31"
    assert admin.post("/duties/999999/end", {}).status == 404


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"phone": "12"}, {"phone": "not_a_phone"}),
        ({"phone": ""}, {"account_id": "nobody_named"}),
        ({"name": ""}, {"account_id": "nobody_named"}),
        ({"role": "property_handler"}, {"organisation_id": "organisation_missing"}),
        ({"role": "auditor"}, {"role": "role_not_at_this_level"}),
        ({"role": "king"}, {"role": "enum"}),
        ({"until_date": "2026-11-01"}, {"until_date": "ends_before_it_begins"}),
        ({"place_id": "1"}, {"place_id": "int_type"}),
    ],
)
def test_a_duty_nobody_can_have_opens_no_account(
    cast: Cast, admin: Program, change: dict[str, Any], fields: dict[str, str]
) -> None:
    before = Account.objects.count()
    body = {"phone": "13877770002", "name": "某人", "role": "grid_worker", "place_id": cast.grid.id}
    got = admin.post("/duties", {**body, **change})
    assert (got.status, got.fields) == (422, fields)
    assert Account.objects.count() == before


def test_nobody_gives_duties_elsewhere_or_above_themselves(cast: Cast, admin: Program) -> None:
    far = cast.elsewhere.places["grid"].id
    body = {"account_id": cast.stranger.account_id, "role": "grid_worker", "place_id": far}
    assert admin.post("/duties", body).status == 404
    assert program(cast.dispatcher).post("/duties", body).code == "scope_missing"
    duty = program(cast.elsewhere.dispatcher).get("/duties", community=ELSEWHERE).body[0]
    assert admin.post(f"/duties/{duty['id']}/end", {}).status == 404


def test_what_a_community_wants_is_read_and_changed(cast: Cast, admin: Program) -> None:
    got = program(cast.dispatcher).get("/settings", community=HERE)
    wanted = {one["key"]: one for one in got.body}
    assert (wanted["reopen_days"]["value"], wanted["reopen_days"]["valid_from"]) == (15, None)
    tag = admin.get("/settings", community=HERE).headers["ETag"]
    values = {"values": {"reopen_days": 30, "anonymous_reports": False}}
    changed = admin.patch("/settings", values, tag=tag, community=HERE)
    assert {one["key"]: one["value"] for one in changed.body}["reopen_days"] == 30
    assert admin.patch("/settings", values, tag=tag, community=HERE).status == 412
    assert program(cast.elsewhere.dispatcher).get("/settings", community=HERE).status == 404
    assert program(cast.dispatcher, "cases:read").get("/settings", community=HERE).code == "scope_missing"


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"colour": "red"}, {"values.colour": "unknown_setting"}),
        ({"reopen_days": 0}, {"values.reopen_days": "out_of_range"}),
        ({"reopen_days": "many"}, {"values.reopen_days": "not_a_number"}),
        ({"publish_settled": "maybe"}, {"values.publish_settled": "not_a_choice"}),
        ({"quiet_hours": "late"}, {"values.quiet_hours": "not_a_span"}),
        ({}, {"values": "too_short"}),
    ],
)
def test_a_wish_that_cannot_be_is_refused_whole(
    cast: Cast, admin: Program, values: dict[str, Any], fields: dict[str, str]
) -> None:
    good: dict[str, Any] = {"residence_days": 300} if values else {}
    got = admin.patch("/settings", {"values": {**good, **values}}, community=HERE)
    assert (got.status, got.fields) == (422, fields)
    held = {one["key"]: one["value"] for one in admin.get("/settings", community=HERE).body}
    assert held["residence_days"] == 365
