"""Services, from the desk to the residents' pages and the API; and what a building offers whoever stands before it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from linli.cases.tests.cast import Cast, sign_in
from linli.grids.queries import day_of

pytestmark = pytest.mark.django_db


def body(response: Any) -> str:
    return str(response.content.decode())


def given(at: datetime, place_id: int, name: str, **more: str) -> dict[str, str]:
    told = {
        "place": str(place_id),
        "topic": "papers",
        "name_zh": name,
        "words_zh": "到窗口办理。",
        "rank": "50",
    }
    return {**told, "from_date": day_of(at).isoformat(), **more}


def test_what_the_desk_offers_is_found_below_its_place_nearest_first(
    client: Client, cast: Cast, this_evening: datetime
) -> None:
    desk = sign_in(Client(), cast.leader)
    english = {
        "name_en": "Residence permit",
        "words_en": "At the counter.",
        "papers_zh": "身份证\n<b>照片</b>",
    }
    far = given(this_evening, cast.here.id, "居住证申领", phone="0851-8555 0001", example="on", **english)
    near = given(this_evening, cast.grid.id, "网格员上门代办", topic="help")
    for sent in (far, near):
        done = desk.post("/desk/services/new/", sent)
        assert done.status_code == 302, body(done)
        assert desk.get(done["Location"]).status_code == 200
    code = cast.building.code
    page = body(client.get(f"/place/{code}/"))
    assert page.index("网格员上门代办") < page.index("居住证申领")
    told = client.get(f"/api/v1/places/{code}/services").json()
    assert [row["zh"]["name"] for row in told] == ["网格员上门代办", "居住证申领"]
    assert [row["example"] for row in told] == [False, True]
    (found,) = client.get(f"/api/v1/places/{code}/services?q=怎么办居住证").json()
    assert "居住证申领" in body(client.get(f"/place/{code}/services/?q=居住证"))
    assert "没有找到" in body(client.get(f"/place/{code}/services/?q=结婚登记"))
    shown = body(client.get(f"/place/{cast.here.code}/services/{found['id']}/"))
    assert "&lt;b&gt;照片" in shown
    assert 'href="tel:0851-85550001"' in shown
    assert "不是规定" in shown
    assert client.get(f"/place/{code}/services/{found['id']}/")["Location"].startswith(
        f"/place/{cast.here.code}/"
    )
    assert client.get(f"/place/{cast.elsewhere.code}/services/{found['id']}/").status_code == 404
    english_page = client.get(f"/place/{code}/services/", headers={"accept-language": "en"})
    assert "Residence permit" in body(english_page)
    assert desk.post(f"/desk/services/{found['id']}/withdraw/").status_code == 302
    assert client.get(f"/place/{cast.here.code}/services/{found['id']}/").status_code == 404


def test_a_late_change_is_refused_and_residents_keep_out(cast: Cast, this_evening: datetime) -> None:
    desk, sent = sign_in(Client(), cast.leader), given(this_evening, cast.here.id, "居住证申领")
    made = desk.post("/desk/services/new/", sent)["Location"]
    assert desk.post(made, {**sent, "name_zh": "居住证", "version": "1"}).status_code == 302
    late = desk.post(made, {**sent, "name_zh": "暂住证", "version": "1"})
    assert late.status_code == 422
    assert "其间有人改过" in body(late)
    wrong = desk.post("/desk/services/new/", {**sent, "online": "on", "phone": "13812345678"})
    assert wrong.status_code == 422
    assert "这里有个人号码" in body(wrong)
    assert sign_in(Client(), cast.resident).get("/desk/services/").status_code in (302, 403)


def test_a_building_asks_who_lives_there_and_says_how_far_the_proof_is(client: Client, cast: Cast) -> None:
    page = body(client.get(f"/place/{cast.building.code}/"))
    assert f"/sign-in/?next=%2Fme%2Fhome%2F%3Fbuilding%3D{cast.building.id}" in page
    page = body(sign_in(client, cast.resident).get(f"/place/{cast.building.code}/"))
    assert f'href="/me/home/?building={cast.building.id}"' in page
    assert "我住这里" in page
    assert "我住这里" not in body(client.get(f"/place/{cast.grid.code}/"))


def test_whoever_is_away_is_shown_with_who_stands_in(
    client: Client, cast: Cast, this_evening: datetime
) -> None:
    day = day_of(this_evening).isoformat()
    desk = sign_in(Client(), cast.leader)
    path = f"/desk/nameplates/{cast.here.id}/{cast.grid_worker.account_id}/"
    hours = {"hours_zh": "周一至周五", "hours_en": "Monday to Friday"}
    sent = {**hours, "languages": ["mandarin"], "away_from_date": day, "away_last_date": day}
    police = cast.police.account_id
    assert desk.post(path, {**sent, "stand_in": str(police)}).status_code == 302
    page = body(client.get(f"/place/{cast.building.code}/"))
    assert "代班" in page
    assert "周一至周五" not in page
    desk.cookies["django_language"] = "en"
    assert "Monday to Friday" in body(desk.get("/desk/nameplates/"))
    own = sign_in(Client(), cast.grid_worker)
    assert own.get(path).status_code == 200
    assert own.get(f"/desk/nameplates/{cast.here.id}/{police}/").status_code == 404
    assert sign_in(Client(), cast.resident).get(path).status_code in (302, 403)
