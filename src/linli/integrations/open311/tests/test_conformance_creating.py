"""GeoReport v2, creating: one test for each sentence of the standard that binds a server."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from linli.cases.models import Attachment, Case
from linli.cases.queries import reference
from linli.cases.tests.cast import AT, Cast
from linli.grids.rules import datum
from linli.integrations.open311.models import Filed, LinkedFile, OfferedService
from linli.integrations.open311.tests.apps import ELSEWHERE, FORM, HERE, LIGHTING, App, faults, parsed
from linli.integrations.open311.tests.test_conformance_reading import ask

pytestmark = [pytest.mark.django_db]


def offer(cast: Cast, kind: str) -> None:
    """Let lighting answer in this way."""
    OfferedService.objects.create(community_id=cast.here.id, category_code=LIGHTING, type=kind, changed_at=AT)
    reference.forget()


def test_a_request_becomes_a_case_with_all_it_said(app: App, cast: Cast) -> None:
    answer = app.post(
        {"first_name": "三", "last_name": "张", "phone": "13800001111", "address_string": "8 栋门口"}
    )
    assert answer.status_code == 200
    (told,) = json.loads(answer.content)
    assert list(told) == ["service_request_id", "service_notice", "account_id"]
    case = cast.case(told["service_request_id"])
    assert (case.channel, case.category_code, case.words) == ("open311", LIGHTING, "8 栋门口的路灯三天不亮了")
    assert (case.lon, case.lat, case.grid_id) == (106.652, 26.655, cast.grid.id)
    assert (case.contact_name, case.contact_phone, case.address) == ("张三", "13800001111", "8 栋门口")
    assert case.reporter_id is None


def test_the_answer_in_xml_has_the_same_and_its_notice_says_how_to_follow(app: App) -> None:
    root = parsed(app.post(form="xml"))
    assert root.tag == "service_requests"
    (request,) = root.findall("request")
    assert [one.tag for one in request] == ["service_request_id", "service_notice", "account_id"]
    notice = request.findtext("service_notice") or ""
    assert "/follow/" in notice
    assert (request.findtext("service_request_id") or "?") in notice


def test_chinese_survives_the_way_in_and_both_ways_out(app: App) -> None:
    words = "井盖“响”了——夜里🚲经过&<哐当>一声\n第二行"
    number = app.filed({"description": words})
    assert app.json(f"/requests/{number}")[0]["description"] == words
    assert app.xml(f"/requests/{number}").findtext("request/description") == words


def test_a_missing_or_wrong_key_is_403(app: App, cast: Cast) -> None:
    for key in (None, "", "o311_wrong", "nonsense", "o311_" + "x" * 200):
        answer = app.post({"api_key": key})
        assert answer.status_code == 403
        assert faults(answer)[0][0] == 403
    assert app.post({"jurisdiction_id": ELSEWHERE}).status_code == 403
    with cast.inside():
        assert not Case.objects.exists()


def test_a_key_never_stands_in_an_address(app: App) -> None:
    for path in ("/services.json", "/requests.json"):
        answer = app.get(path, api_key=app.key)
        assert answer.status_code == 400
        assert faults(answer)


def test_a_missing_service_code_is_400_and_an_unknown_one_404(app: App) -> None:
    assert app.post({"service_code": None}).status_code == 400
    answer = app.post({"service_code": "facilities.none"})
    assert answer.status_code == 404
    assert "facilities.none" in faults(answer)[0][1]
    assert app.post({"service_code": "facilities"}).status_code == 404  # a branch is no service


def test_a_missing_jurisdiction_is_400_and_may_stand_in_the_address(app: App) -> None:
    assert app.post({"jurisdiction_id": ""}).status_code == 400
    assert app.post({"jurisdiction_id": "city.gov"}).status_code == 404
    body = f"api_key={app.key}&service_code={LIGHTING}&address_string=8"
    answer = app.client.post(f"/open311/v2/requests.json?jurisdiction_id={HERE}", body, content_type=FORM)
    assert answer.status_code == 200


def test_one_location_is_needed_and_each_of_three_is_enough(app: App, cast: Cast) -> None:
    nowhere: dict[str, Any] = {"lat": None, "long": None}
    assert app.post(nowhere).status_code == 400
    assert app.post({**nowhere, "lat": "26.6"}).status_code == 400
    by_words = cast.case(app.filed({**nowhere, "address_string": "8 栋"}))
    assert by_words.building_id == cast.building.id
    by_id = cast.case(app.filed({**nowhere, "address_id": cast.building.code}))
    assert by_id.building_id == cast.building.id
    assert app.post({**nowhere, "address_id": cast.elsewhere.building.code}).status_code == 400
    assert app.post({**nowhere, "address_id": "none"}).status_code == 400
    told = app.json(f"/requests/{by_id.number}")[0]
    assert told["address_id"] == cast.building.code
    assert told["address"] == "8 栋, 3 网格, 铝兴社区"


def test_a_missing_required_attribute_is_400_and_named(app: App, cast: Cast) -> None:
    ask(cast)
    reference.forget()
    answer = app.post()
    assert answer.status_code == 400
    assert any(said.startswith("lamp_number required") for _, said in faults(answer))


def test_attributes_reach_the_case_with_their_questions(app: App, cast: Cast) -> None:
    ask(cast)
    choices = [{"key": "out", "zh": "不亮", "en": "Out"}, {"key": "loose", "zh": "松动", "en": ""}]
    ask(cast, "what", order=1, datatype="multivaluelist", required=False, choices=choices)
    reference.forget()
    number = app.filed({"attribute[lamp_number]": "A12", "attribute[what][]": ["out", "loose"]})
    assert cast.case(number).words == "8 栋门口的路灯三天不亮了\n\n路灯编号：不亮、松动\n路灯编号：A12"
    assert app.post({"attribute[lamp_number]": "A12", "attribute[what]": "stolen"}).status_code == 400
    assert app.post({"attribute[lamp_number]": ["A12", "A13"]}).status_code == 400


def test_attributes_that_are_not_required_may_be_left_out(app: App, cast: Cast) -> None:
    ask(cast, required=False)
    reference.forget()
    assert app.post().status_code == 200


def test_a_description_may_be_missing_and_has_at_most_4000_characters(app: App, cast: Cast) -> None:
    assert cast.case(app.filed({"description": None})).words == "照明"
    assert app.post({"description": "长" * 4000}).status_code == 200
    answer = app.post({"description": "长" * 4001})
    assert answer.status_code == 400
    assert "4000" in faults(answer)[0][1]


def test_several_faults_are_returned_together(app: App) -> None:
    answer = app.post(
        {"service_code": None, "lat": "x", "description": "长" * 4001, "phone": "?"}, form="xml"
    )
    assert answer.status_code == 400
    assert len(faults(answer)) == 4


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"service_code":"x"}', "application/json"),
        (quote("路灯").encode() + b"=" + "路灯".encode("gbk"), FORM),
        (b"&".join(b"a%d=1" % n for n in range(300)), FORM),
    ],
)
def test_a_body_that_is_not_a_form_in_utf8_is_400(app: App, body: bytes, kind: str) -> None:
    answer = app.client.post("/open311/v2/requests.json", body, content_type=kind)
    assert answer.status_code == 400
    assert faults(answer)


def test_a_batch_service_answers_with_a_token_and_never_with_both(app: App, cast: Cast) -> None:
    offer(cast, "batch")
    (told,) = json.loads(app.post().content)
    assert "service_request_id" not in told
    (found,) = app.json(f"/tokens/{told['token']}")
    assert list(found) == ["service_request_id", "token"]
    assert found["token"] == told["token"]
    assert cast.case(found["service_request_id"]).category_code == LIGHTING
    assert app.xml(f"/tokens/{told['token']}").findtext("request/service_request_id")


def test_a_token_waits_while_the_request_is_in_quarantine(app: App, cast: Cast) -> None:
    offer(cast, "batch")
    (told,) = json.loads(app.post().content)
    with cast.inside():
        Case.objects.update(quarantined=True)
    assert app.json(f"/tokens/{told['token']}")[0]["service_request_id"] is None


def test_an_unknown_token_is_404(app: App) -> None:
    assert app.get("/tokens/none.json").status_code == 404
    assert app.get("/tokens/none.xml").status_code == 404


def test_a_blackbox_service_never_tells_a_number(app: App, cast: Cast) -> None:
    offer(cast, "blackbox")
    (told,) = json.loads(app.post().content)
    assert set(told) == {"service_notice", "account_id"}
    with cast.inside():
        number = Case.objects.get().number
    assert number not in json.dumps(told)
    assert app.json("/requests") == []


def test_the_same_repetition_key_makes_one_request(app: App, cast: Cast) -> None:
    first = app.post(headers={"Idempotency-Key": "k1"})
    again = app.post(headers={"Idempotency-Key": "k1"})
    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert app.post({"description": "别的事情"}, headers={"Idempotency-Key": "k1"}).status_code == 400
    with cast.inside():
        assert Case.objects.count() == 1


def test_points_are_kept_in_wgs84_and_survive_the_round_trip_through_the_shifted_datum(
    app: App, cast: Cast
) -> None:
    lon, lat = datum.wgs84_to_gcj02(106.652, 26.655)
    number = app.filed({"long": f"{lon:.8f}", "lat": f"{lat:.8f}", "datum": "gcj02"})
    case = cast.case(number)
    assert (case.lon, case.lat) == pytest.approx((106.652, 26.655), abs=1e-6)
    told = app.json(f"/requests/{number}")[0]
    assert (told["long"], told["lat"]) == pytest.approx((106.652, 26.655), abs=1e-6)
    shifted = app.json(f"/requests/{number}", datum="gcj02")[0]
    assert (shifted["long"], shifted["lat"]) == pytest.approx((lon, lat), abs=1e-6)
    assert app.get("/requests.json", datum="mars").status_code == 400


def test_a_picture_may_come_along_and_a_linked_one_is_fetched_later(app: App, cast: Cast) -> None:
    held = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(held, "PNG")
    fields = {
        "api_key": app.key, "jurisdiction_id": HERE, "service_code": LIGHTING, "address_string": "8 栋",
        "description": "灯杆歪了", "media_url": "https://photos.example/1.jpg",
        "media": SimpleUploadedFile("1.png", held.getvalue(), "image/png"),
    }  # fmt: skip
    answer = app.client.post("/open311/v2/requests.json", fields)
    assert answer.status_code == 200, answer.content
    number = json.loads(answer.content)[0]["service_request_id"]
    with cast.inside():
        assert Attachment.objects.filter(case__number=number, kind="picture").count() == 1
        assert LinkedFile.objects.get(number=number).state == "waiting"
    fields["media"] = SimpleUploadedFile("1.png", b"no picture", "image/png")
    assert app.client.post("/open311/v2/requests.json", fields).status_code == 400


def test_a_thing_of_danger_rings_like_any_other(app: App, cast: Cast) -> None:
    assert cast.case(app.filed({"description": "楼道起火了快来人"})).urgency == "critical"


def test_creating_costs_few_statements(app: App, cast: Cast) -> None:
    app.filed()
    with CaptureQueriesContext(connection) as asked:
        app.filed()
    told = [one["sql"][:90] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert len(told) <= 5, told
    with cast.inside():
        assert Filed.objects.count() == 2
