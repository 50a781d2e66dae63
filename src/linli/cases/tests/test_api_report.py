"""Reporting by API: a receipt for everybody, once for a key, and never a lost word."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.cases.models import Case
from linli.cases.tests.cast import Cast
from linli.cases.tests.programs import ELSEWHERE, REPORT, WRITE, program
from linli.kernel.tests.program import Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def test_a_person_reports_and_gets_a_receipt(cast: Cast) -> None:
    place = {"lon": 106.652, "lat": 26.655, "address": "3栋门口"}
    got = program(cast.resident, WRITE).post("/cases", {**REPORT, "kind": "complaint", "place": place})
    assert got.status == 201
    assert got.headers["Location"] == f"/api/v1/cases/{got.body['number']}"
    assert got.body["grid_id"] == cast.grid.id
    assert got.body["due_at"].endswith("Z")
    kept = cast.case(got.body["number"])
    assert (kept.reporter_id, kept.channel, kept.kind) == (cast.resident.account_id, "api", "complaint")
    assert kept.address == "3栋门口"


def test_a_passer_by_reports_without_a_token(cast: Cast) -> None:
    got = Program().post("/cases", REPORT)
    assert got.status == 201
    assert cast.case(got.body["number"]).reporter_id is None


def test_a_token_that_does_not_hold_is_told_and_nothing_is_reported(cast: Cast) -> None:
    got = Program("lnl_unknown").post("/cases", REPORT)
    assert (got.status, got.code) == (401, "bad_token")
    assert 'error="invalid_token"' in got.headers["WWW-Authenticate"]
    with cast.inside():
        assert not Case.objects.exists()


def test_a_token_without_the_scope_does_not_report(cast: Cast) -> None:
    got = program(cast.resident, "cases:read").post("/cases", REPORT)
    assert (got.status, got.code) == (403, "scope_missing")
    assert 'scope="cases:write"' in got.headers["WWW-Authenticate"]


def test_the_same_key_gives_the_same_receipt_and_another_body_is_refused(cast: Cast) -> None:
    asking = program(cast.resident)
    first = asking.post("/cases", REPORT, key="k1")
    again = asking.post("/cases", REPORT, key="k1")
    assert first.body == again.body
    assert again.headers["Idempotent-Replayed"] == "true"
    other = asking.post("/cases", {**REPORT, "words": "别的事情,请来看看"}, key="k1")
    assert (other.status, other.code) == (422, "key_reused")
    assert program(cast.neighbour).post("/cases", REPORT, key="k1").body["number"] != first.body["number"]


def test_staff_enter_what_a_caller_says_and_residents_do_not(cast: Cast) -> None:
    told = {**REPORT, "on_behalf": True, "contact_name": "王阿姨", "contact_phone": "13900001111"}
    got = program(cast.dispatcher).post("/cases", told)
    assert got.status == 201
    assert cast.case(got.body["number"]).assisted_by_id == cast.dispatcher.account_id
    assert program(cast.resident).post("/cases", told).code == "not_staff_here"


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"words": "。"}, "words", "string_too_short"),
        ({"words": "。。。"}, "words", "too_short"),
        ({"wrods": "x"}, "wrods", "extra_forbidden"),
        ({"kind": "song"}, "kind", "enum"),
        ({"place": {"lon": 106.6}}, "place", "half_a_point"),
        ({"place": {"lon": 500, "lat": 1}}, "place.lon", "less_than_equal"),
        ({"place": {"lon": "106.6", "lat": 1}}, "place.lon", "float_type"),
        ({"place": {"building_id": 2**70}}, "place.building_id", "int_type"),
        ({"place": {"building_id": 2**62 + 1}}, "place.building_id", "less_than_equal"),
        ({"publish": "yes"}, "publish", "bool_type"),
        ({"uploads": ["x"] * 11}, "uploads", "too_long"),
        ({"uploads": ["not-a-ticket"]}, "uploads", "unknown_ticket"),
        ({"community": "5201"}, "community", "string_pattern_mismatch"),
        ({"contact_phone": "call me"}, "contact_phone", "not_a_phone"),
    ],
)
def test_it_names_the_field_that_is_wrong(cast: Cast, change: dict[str, Any], field: str, code: str) -> None:
    got = Program().post("/cases", {**REPORT, **change})
    assert got.status == 422
    assert got.fields == {field: code}


def test_control_characters_and_nul_are_taken_out(cast: Cast) -> None:
    told = {**REPORT, "words": "路灯\x00不亮\x07了", "place": {"address": "3栋\x00\n门口"}}
    kept = cast.case(Program().post("/cases", told).body["number"])
    assert (kept.words, kept.address) == ("路灯不亮了", "3栋 门口")


def test_an_unknown_community_is_not_found(cast: Cast) -> None:
    assert Program().post("/cases", {**REPORT, "community": "999999999999"}).status == 404


def test_over_the_limit_it_is_quarantined_and_not_refused(cast: Cast) -> None:
    asking = Program()
    for turn in range(11):
        got = asking.post("/cases", {**REPORT, "words": f"第{turn}次:路灯不亮"})
        assert got.status == 201
    assert got.body["quarantined"] is True


def test_a_report_costs_few_statements(cast: Cast) -> None:
    asking = program(cast.resident)
    asking.post("/cases", REPORT)
    before = connection.linli_statements  # type: ignore[attr-defined]  # our own backend counts
    with CaptureQueriesContext(connection):
        asking.post("/cases", REPORT, key="k")
    assert connection.linli_statements - before <= 6  # type: ignore[attr-defined]  # as above


def test_elsewhere_a_person_reports_as_well(cast: Cast, monday_morning: datetime) -> None:
    got = program(cast.resident).post("/cases", {**REPORT, "community": ELSEWHERE})
    assert got.status == 201
    assert cast.case(got.body["number"]).community_id == cast.elsewhere.id
