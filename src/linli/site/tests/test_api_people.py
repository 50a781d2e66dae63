"""Organisations, people found by phone, and what is one's own, by API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.programs import program
from linli.kernel import clock
from linli.kernel.tests.program import Program
from linli.people.actions import consents
from linli.people.models import Organisation
from linli.people.rules import Purpose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def admin(cast: Cast) -> Program:
    """The administrator's program, with every scope."""
    return program(cast.admin, "admin")


def branch(cast: Cast, **more: Any) -> dict[str, Any]:
    return {"community_id": cast.here.id, "kind": "party_branch", "name_zh": "第一党支部", **more}


def test_staff_read_the_organisations_of_their_communities(cast: Cast) -> None:
    got = program(cast.dispatcher).get("/organisations")
    assert {one["name_zh"] for one in got.body} == {"居委会", "安居物业", "派出所", "街道城管办"}
    own = program(cast.dispatcher)
    assert own.get(f"/organisations/{cast.department.pk}").body["kind"] == "street_department"
    far = cast.elsewhere.organisations["department"].pk
    assert own.get(f"/organisations/{far}").status == 404
    assert program(cast.resident).get("/organisations").status == 403
    assert program(cast.dispatcher, "cases:read").get("/organisations").code == "scope_missing"


def test_an_organisation_is_opened_renamed_and_closed(cast: Cast, admin: Program) -> None:
    made = admin.post("/organisations", branch(cast), key="k")
    assert (made.status, made.headers["Location"]) == (201, f"/api/v1/organisations/{made.body['id']}")
    assert admin.post("/organisations", branch(cast), key="k").body == made.body
    taken = admin.post("/organisations", branch(cast))
    assert (taken.status, taken.code) == (409, "name_taken")
    path = f"/organisations/{made.body['id']}"
    tag = admin.get(path).headers["ETag"]
    sign = {"name_zh": "铝兴党支部", "phone": "0851-84612345"}
    renamed = admin.put(path, sign, tag=tag)
    assert renamed.body["name_zh"] == "铝兴党支部"
    assert admin.put(path, sign, tag=tag).status == 412
    assert admin.post(f"{path}/close").body["closed_at"].endswith("Z")
    assert admin.post(f"{path}/close").status == 404


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"name_zh": " \n"}, {"name_zh": "value_error"}),
        ({"name_zh": "x" * 81}, {"name_zh": "too_long"}),
        ({"kind": "club"}, {"kind": "enum"}),
        ({"phone": "call me"}, {"phone": "string_pattern_mismatch"}),
        ({"community_id": 0}, {"community_id": "greater_than_equal"}),
        ({"colour": "red"}, {"colour": "extra_forbidden"}),
    ],
)
def test_an_organisation_without_a_proper_sign_is_refused(
    cast: Cast, admin: Program, change: dict[str, Any], fields: dict[str, str]
) -> None:
    got = admin.post("/organisations", branch(cast, **change))
    assert (got.status, got.fields) == (422, fields)


def test_nobody_opens_or_changes_organisations_elsewhere(cast: Cast, admin: Program) -> None:
    assert admin.post("/organisations", branch(cast, community_id=cast.elsewhere.id)).code == "keepers_only"
    far = cast.elsewhere.organisations["department"].pk
    assert admin.put(f"/organisations/{far}", {"name_zh": "我的"}).status == 404
    assert admin.post(f"/organisations/{far}/close").status == 404
    assert Organisation.objects.get(pk=far).name_zh == "街道城管办"


def test_keepers_find_somebody_by_exactly_their_phone(cast: Cast) -> None:
    leader = program(cast.leader)
    (found,) = leader.post("/people/search", {"phone": cast.resident.phone}).body["items"]
    assert found == {"account_id": cast.resident.account_id, "person": "张**", "level": 2}
    assert leader.post("/people/search", {"phone": "13800009999"}).body == {"items": []}
    assert leader.post("/people/search", {"phone": "x"}).fields == {"phone": "not_a_phone"}
    assert program(cast.dispatcher).post("/people/search", {"phone": cast.resident.phone}).status == 403
    assert Program().post("/people/search", {"phone": cast.resident.phone}).status == 401


def test_looking_for_phones_comes_to_an_end(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linli.kernel.limits.take", lambda *given, **more: False)
    got = program(cast.leader).post("/people/search", {"phone": "13800009999"})
    assert (got.status, got.headers["Retry-After"]) == (429, "3600")


def test_who_am_i(cast: Cast) -> None:
    got = program(cast.dispatcher, "cases:read").get("/me").body
    assert (got["account_id"], got["scopes"]) == (cast.dispatcher.account_id, ["cases:read"])
    assert [duty["role"] for duty in got["duties"]] == ["dispatcher"]
    assert Program().get("/me").status == 401


def test_a_token_lists_and_ends_tokens_of_its_person(cast: Cast) -> None:
    one, other = program(cast.dispatcher), program(cast.dispatcher, "cases:read")
    listed = one.get("/me/tokens").body
    assert [token["this"] for token in listed] == [False, True]
    assert "digest" not in listed[0]
    somebodys = program(cast.resident).get("/me/tokens").body[0]["id"]
    assert one.delete(f"/me/tokens/{somebodys}").status == 404
    assert one.delete(f"/me/tokens/{listed[0]['id']}").status == 204
    assert other.get("/cases").code == "bad_token"
    assert one.delete(f"/me/tokens/{listed[1]['id']}").status == 204
    assert one.get("/me").status == 401


def test_an_ended_duty_ends_what_its_token_may(cast: Cast, admin: Program) -> None:
    theirs = program(cast.grid_worker)
    number = cast.report().number
    assert theirs.get(f"/cases/{number}").status == 200
    duty = admin.get("/duties", community="520113008006", role="grid_worker").body
    mine = next(one for one in duty if one["account_id"] == cast.grid_worker.account_id)
    admin.post(f"/duties/{mine['id']}/end", {})
    assert theirs.get(f"/cases/{number}").status == 404


def test_consents_are_read(cast: Cast) -> None:
    consents.give_consent(account_id=cast.resident.account_id, purpose=Purpose.CONTACT, at=AT)
    (given,) = program(cast.resident).get("/me/consents").body
    assert (given["purpose"], given["withdrawn_at"]) == ("contact", None)


def test_ones_own_data_is_taken_once_by_the_token_that_asked(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.report()
    mine, other = program(cast.resident), program(cast.resident)
    ticket = {"ticket": mine.post("/me/data").body["ticket"]}
    assert other.post("/me/data/take", ticket).status == 404
    data = mine.post("/me/data/take", ticket).body
    assert data["people"]["name"] == "张居民"
    assert len(data["cases"]["cases"]) == 1
    assert mine.post("/me/data/take", ticket).status == 404
    late = {"ticket": mine.post("/me/data").body["ticket"]}
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(minutes=16))
    assert mine.post("/me/data/take", late).status == 404
    mine.post("/me/data")
    got = mine.post("/me/data")
    assert (got.status, got.headers["Retry-After"]) == (429, "86400")
    assert program(cast.resident, "cases:read").post("/me/data").code == "scope_missing"
