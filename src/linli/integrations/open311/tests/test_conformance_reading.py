"""GeoReport v2, reading: one test for each sentence of the standard that binds a server."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.cases.queries import reference
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast
from linli.integrations.open311.models import CatalogStand, OfferedService, Question
from linli.integrations.open311.queries import catalog
from linli.integrations.open311.rules import times
from linli.integrations.open311.tests.apps import ELSEWHERE, HERE, LIGHTING, App, faults, parsed
from linli.kernel.clock import LOCAL

pytestmark = [pytest.mark.django_db]
SERVICE = ["service_code", "service_name", "description", "metadata", "type", "keywords", "group"]
ATTRIBUTE = [
    "variable",
    "code",
    "datatype",
    "required",
    "datatype_description",
    "order",
    "description",
    "values",
]
REQUEST = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible",
    "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id", "zipcode",
    "lat", "long", "media_url",
]  # fmt: skip


def ask(cast: Cast, code: str = "lamp_number", **more: Any) -> Question:
    """A question of lighting."""
    given = {
        "community_id": cast.here.id, "category_code": LIGHTING, "code": code, "order": 10, "datatype": "string",
        "required": True, "description_zh": "路灯编号", "description_en": "Lamp number", "changed_at": AT,
    }  # fmt: skip
    made: Question = Question.objects.create(**given | more)
    return made


# -- general ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/services", f"/services/{LIGHTING}", "/requests", "/servicerequestupdates"]
)
def test_every_reply_is_utf8_in_the_notation_of_its_suffix(app: App, path: str) -> None:
    app.filed()
    xml, plain = app.get(f"{path}.xml"), app.get(f"{path}.json")
    assert xml.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert plain.headers["Content-Type"] == "application/json; charset=utf-8"
    assert xml.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert b"xmlns" not in xml.content
    parsed(xml)
    json.loads(plain.content.decode("utf-8"))


def test_errors_too_have_the_notation_of_their_suffix(app: App) -> None:
    for path in ("/services/none", "/requests/261123999999", "/tokens/none", "/nothing", "/nothing/at/all"):
        for form, kind in (("xml", "text/xml; charset=utf-8"), ("json", "application/json; charset=utf-8")):
            answer = app.get(f"{path}.{form}")
            assert (answer.status_code, answer.headers["Content-Type"]) == (404, kind)
            assert [code for code, _ in faults(answer)] == [404]
    assert app.get("/services.yaml").status_code == 404


def test_an_unknown_jurisdiction_is_404_and_a_missing_one_400_where_there_are_several(app: App) -> None:
    for path in ("/services", f"/services/{LIGHTING}", "/requests", "/requests/261123000001", "/tokens/x"):
        assert app.get(f"{path}.xml", jurisdiction_id="city.gov").status_code == 404
        assert app.get(f"{path}.xml", jurisdiction_id="").status_code == 400


def test_one_jurisdiction_alone_need_not_be_named(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    only = [row for row in catalog.communities() if row.code == HERE]
    monkeypatch.setattr(catalog, "communities", lambda: only)
    assert app.get("/services.json", jurisdiction_id="").status_code == 200
    assert app.get("/services.json", jurisdiction_id=ELSEWHERE).status_code == 404


def test_the_key_is_needed_for_creating_only(app: App) -> None:
    reader = App()
    assert len(reader.json("/requests")) == 0
    assert reader.json("/services")


def test_another_method_is_refused_in_the_standards_form(app: App) -> None:
    answer = app.client.delete("/open311/v2/requests.json")
    assert answer.status_code == 405
    assert faults(answer)[0][0] == 405


# -- discovery ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("root", ["/open311", "/open311/v2"])
def test_discovery_is_there_in_both_notations_with_every_field(app: App, root: str) -> None:
    told = json.loads(app.client.get(f"{root}/discovery.json").content)
    assert set(told) == {"changeset", "contact", "key_service", "endpoints"}
    assert all(told.values())
    (endpoint,) = told["endpoints"]
    assert set(endpoint) == {"specification", "url", "changeset", "type", "formats"}
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["type"] in {"production", "test"}
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert endpoint["url"].endswith("/open311/v2")
    root_element = parsed(app.client.get(f"{root}/discovery.xml"))
    assert root_element.tag == "discovery"
    assert [one.text for one in root_element.findall("endpoints/endpoint/formats/format")] == endpoint[
        "formats"
    ]


def test_the_changeset_moves_when_a_definition_changes_and_never_lies_ahead(app: App, cast: Cast) -> None:
    def stamps() -> tuple[datetime | None, datetime | None]:
        told = json.loads(app.client.get("/open311/discovery.json").content)
        return times.read(told["changeset"]), times.read(told["endpoints"][0]["changeset"])

    first, _ = stamps()
    assert first is not None
    assert first <= AT
    CatalogStand.objects.create(community_id=cast.here.id, digest="x", changed_at=AT - timedelta(minutes=1))
    assert stamps() == (AT - timedelta(minutes=1), AT - timedelta(minutes=1))
    CatalogStand.objects.update(changed_at=AT + timedelta(days=1))
    assert stamps() == (AT, AT)


# -- services ------------------------------------------------------------------------------------------------------


def test_the_list_of_services_has_every_field_and_is_a_bare_array_in_json(app: App) -> None:
    told = app.json("/services")
    assert [list(one) for one in told] == [SERVICE] * len(told)
    lighting = next(one for one in told if one["service_code"] == LIGHTING)
    assert lighting["service_name"] == "照明"
    assert (lighting["metadata"], lighting["type"], lighting["keywords"]) == (False, "realtime", "路灯,不亮")
    assert lighting["group"] == "公共设施"
    root = app.xml("/services")
    assert (root.tag, {one.tag for one in root}) == ("services", {"service"})
    assert [[field.tag for field in one] for one in root] == [SERVICE] * len(told)
    assert {one.findtext("metadata") for one in root} == {"false"}


def test_names_come_in_the_readers_language(app: App) -> None:
    told = app.json("/services", language="en-GB,en;q=0.9")
    assert next(one for one in told if one["service_code"] == LIGHTING)["service_name"] == "Lighting"
    answer = app.get("/services/none.json", language="en")
    assert "not offered here" in faults(answer)[0][1]
    assert answer.headers["Content-Language"] == "en"
    assert "Accept-Language" in answer.headers["Vary"]


def test_what_is_not_offered_is_not_listed_and_takes_nothing(app: App, cast: Cast) -> None:
    OfferedService.objects.create(
        community_id=cast.here.id, category_code=LIGHTING, offered=False, changed_at=AT
    )
    assert LIGHTING not in {one["service_code"] for one in app.json("/services")}
    assert app.get(f"/services/{LIGHTING}.json").status_code == 404
    assert app.post().status_code == 404


def test_a_sensitive_category_is_offered_only_when_the_community_says_so(app: App, cast: Cast) -> None:
    assert "family" not in {one["service_code"] for one in app.json("/services")}
    OfferedService.objects.create(
        community_id=cast.here.id, category_code="family", type="blackbox", changed_at=AT
    )
    reference.forget()
    assert "family" in {one["service_code"] for one in app.json("/services")}


# -- definitions ------------------------------------------------------------------------------------------------------


def test_metadata_is_true_when_a_definition_exists(app: App, cast: Cast) -> None:
    ask(cast)
    told = {one["service_code"]: one["metadata"] for one in app.json("/services")}
    assert told[LIGHTING] is True
    assert told["property.lift"] is False


def test_a_definition_is_an_object_whose_attributes_and_values_are_arrays(app: App, cast: Cast) -> None:
    ask(cast)
    choices = [{"key": "out", "zh": "不亮", "en": "Out"}, {"key": "flicker", "zh": "闪烁", "en": ""}]
    ask(cast, "what", order=3, datatype="multivaluelist", required=False, choices=choices, hint_zh="可多选")
    told = app.json(f"/services/{LIGHTING}")
    assert list(told) == ["service_code", "attributes"]
    assert [list(one) for one in told["attributes"]] == [ATTRIBUTE] * 2
    first, second = told["attributes"]
    assert (first["code"], first["order"], first["variable"], first["required"]) == ("what", 1, True, False)
    assert first["values"] == [{"key": "out", "name": "不亮"}, {"key": "flicker", "name": "闪烁"}]
    assert (second["order"], second["datatype"], second["values"]) == (2, "string", [])
    root = app.xml(f"/services/{LIGHTING}", language="en")
    assert root.tag == "service_definition"
    asked = [one.findtext("description") for one in root.findall("attributes/attribute")]
    assert asked == ["Lamp number", "Lamp number"]
    names = [one.findtext("name") for one in root.findall("attributes/attribute/values/value")]
    assert names == ["Out", "闪烁"]


def test_the_definition_of_an_unknown_service_is_404(app: App) -> None:
    answer = app.get("/services/facilities.none.xml")
    assert answer.status_code == 404
    assert "facilities.none" in faults(answer)[0][1]


# -- requests ------------------------------------------------------------------------------------------------------------


def test_a_request_has_every_field_in_order_and_its_time_has_a_zone(app: App) -> None:
    number = app.filed()
    (told,) = app.json("/requests")
    assert list(told) == REQUEST
    assert told["service_request_id"] == number
    assert (told["status"], told["service_code"], told["service_name"]) == ("open", LIGHTING, "照明")
    assert told["requested_datetime"] == "2026-11-23T10:00:00+08:00"
    assert times.read(told["expected_datetime"]) is not None
    assert isinstance(told["lat"], float)
    assert told["address"] == "3 网格, 铝兴社区"
    root = app.xml("/requests")
    assert root.tag == "service_requests"
    assert [[field.tag for field in one] for one in root.findall("request")] == [REQUEST]


def test_one_request_is_an_array_of_exactly_one(app: App) -> None:
    number = app.filed()
    app.filed({"description": "另一件事"})
    (told,) = app.json(f"/requests/{number}")
    assert told["service_request_id"] == number
    assert app.json(f"/requests/{number[:6]}-{number[6:]}") == [told]
    assert len(app.xml(f"/requests/{number}").findall("request")) == 1


def test_an_unknown_request_is_404(app: App) -> None:
    for number in ("261123999999", "0", "x", "261123-999999", "𝟚" * 12):
        assert app.get(f"/requests/{number}.json").status_code == 404


def test_an_empty_list_is_still_a_list(app: App) -> None:
    assert app.json("/requests") == []
    assert [*app.xml("/requests")] == []


def test_ids_override_every_other_argument(app: App) -> None:
    one, two, _ = app.filed(), app.filed(), app.filed()
    wrong = {"status": "closed", "start_date": "yesterday", "service_code": "none", "page": "x"}
    told = app.json("/requests", service_request_id=f"{one},{two},000000000000", **wrong)
    assert {item["service_request_id"] for item in told} == {one, two}


def test_empty_arguments_are_as_good_as_none(app: App) -> None:
    app.filed()
    empty = dict.fromkeys(("service_request_id", "service_code", "start_date", "end_date", "status"), "")
    assert app.json("/requests", **empty) == app.json("/requests")


def test_service_codes_are_a_list_and_an_unknown_one_is_404(app: App) -> None:
    lamp, lift = app.filed(), app.filed({"service_code": "property.lift"})
    both = app.json("/requests", service_code=f"{LIGHTING},property.lift")
    assert {item["service_request_id"] for item in both} == {lamp, lift}
    (only,) = app.json("/requests", service_code="property.lift")
    assert only["service_request_id"] == lift
    assert app.get("/requests.json", service_code=f"{LIGHTING},none").status_code == 404


def test_status_is_open_or_closed_and_nothing_else(app: App, cast: Cast) -> None:
    number, other = app.filed(), app.filed()
    cast.settled(number)
    (closed,) = app.json("/requests", status="closed")
    assert (closed["service_request_id"], closed["status"]) == (number, "closed")
    assert "灯泡已更换" in closed["status_notes"]
    assert closed["agency_responsible"] == "安居物业"
    (open_,) = app.json("/requests", status="open")
    assert open_["service_request_id"] == other
    assert len(app.json("/requests", status="open,closed")) == 2
    assert app.get("/requests.json", status="pending").status_code == 400


def test_the_updated_time_of_a_closed_request_is_when_it_closed(app: App, cast: Cast) -> None:
    number = app.filed()
    cast.settled(number)
    cast.move(number, Verb.FOLLOW_UP, cast.verifier, at=AT + timedelta(hours=30), solved=True)
    (told,) = app.json(f"/requests/{number}")
    assert told["updated_datetime"] == (AT + timedelta(hours=5)).isoformat()


def test_dates_are_of_the_report_and_span_at_most_ninety_days(app: App) -> None:
    app.filed()
    day = {"start_date": "2026-11-23T00:00:00+08:00", "end_date": "2026-11-24T00:00:00+08:00"}
    assert len(app.json("/requests", **day)) == 1
    assert app.json("/requests", start_date="2026-11-01T00:00:00Z", end_date="2026-11-02T00:00:00Z") == []
    long = {"start_date": "2026-08-01T00:00:00Z", "end_date": "2026-11-23T00:00:00Z"}
    wrongs: tuple[dict[str, Any], ...] = (
        long,
        {"start_date": "2026-11-23"},
        {"end_date": "x"},
        {**day, "end_date": "2026-11-01T00:00:00Z"},
    )
    for wrong in wrongs:
        assert app.get("/requests.json", **wrong).status_code == 400


def test_without_dates_the_last_ninety_days_are_meant(
    app: App, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = app.filed()
    later = AT + timedelta(days=91)
    monkeypatch.setattr("linli.kernel.clock.now", lambda: later)
    assert app.json("/requests") == []
    assert app.json("/requests", service_request_id=number)
    (told,) = app.json("/requests", start_date="2026-11-20T00:00:00Z")
    assert told["service_request_id"] == number


def test_several_faults_are_told_together(app: App) -> None:
    answer = app.get("/requests.json", start_date="a", end_date="b", status="c", page="d")
    assert answer.status_code == 400
    assert len(faults(answer)) == 4


def test_pages_follow_each_other_and_no_answer_has_more_than_a_thousand(app: App) -> None:
    numbers = [app.filed() for _ in range(3)]
    first = app.get("/requests.json", page_size="2")
    assert [one["service_request_id"] for one in json.loads(first.content)] == numbers[:0:-1]
    link = first.headers["Link"]
    assert 'rel="next"' in link
    following = app.client.get(link[1 : link.index(">")].replace("http://testserver", ""))
    assert [one["service_request_id"] for one in json.loads(following.content)] == numbers[:1]
    assert "Link" not in following.headers
    assert len(app.json("/requests", page_size="999999")) == 3


def test_what_changed_since_a_moment_is_told(app: App, cast: Cast) -> None:
    number, _ = app.filed(), app.filed()
    cast.dispatched(number, at=AT + timedelta(hours=1))
    (told,) = app.json("/requests", updated_after="2026-11-23T10:30:00+08:00")
    assert told["service_request_id"] == number
    assert app.json("/requests", updated_before="2026-11-23T09:00:00+08:00") == []


def test_the_promise_to_resolve_is_what_is_expected(app: App, cast: Cast) -> None:
    number = app.filed()
    case = cast.dispatched(number, at=AT + timedelta(hours=1))
    with cast.inside():
        due = case.clocks.get(stage="resolve").due_at
    assert due is not None
    (told,) = app.json(f"/requests/{number}")
    assert times.read(told["expected_datetime"]) == due.astimezone(LOCAL).replace(microsecond=0)


def test_extensions_come_only_when_asked_for(app: App) -> None:
    number = app.filed()
    (told,) = app.json(f"/requests/{number}", extensions="true")
    assert told["extended_attributes"] == {"state": "reported", "supporters": 0}
    assert app.xml(f"/requests/{number}", extensions="true").findtext("request/extended_attributes/state")


def test_reading_costs_few_statements(app: App, cast: Cast) -> None:
    for _ in range(4):
        cast.settled(app.filed())
    app.json("/services")
    expected = {"/services": 0, f"/services/{LIGHTING}": 0, "/requests": 1, "/servicerequestupdates": 1}
    for path, most in expected.items():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            app.json(path)
        told = [one["sql"] for one in asked if "SELECT set_config" not in one["sql"]]
        assert len(told) <= most, told
