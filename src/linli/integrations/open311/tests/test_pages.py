"""Pages: settings with keys, services and servers; sending a case on; the page for programmers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from linli.cases.tests.cast import AT, Cast, sign_in
from linli.integrations.open311.actions import sending
from linli.integrations.open311.models import AppKey, Endpoint, Forward, OfferedService, Question
from linli.integrations.open311.tests.apps import LIGHTING, App
from linli.integrations.open311.tests.lines import SERVICES, TAKEN, Server
from linli.integrations.open311.tests.test_client import endpoint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning", "fresh_catalog")]
SETTINGS = "/desk/settings/open311/"


def at_desk(cast: Cast, who: str) -> Client:
    """Somebody of the cast, signed in."""
    return sign_in(Client(), getattr(cast, who))


def test_a_key_is_shown_once_works_at_once_and_ends_at_once(cast: Cast) -> None:
    leader = at_desk(cast, "leader")
    page = leader.post(SETTINGS, {"name": "随手拍", "shows": "now", "days": "365"})
    assert page.status_code == 200
    found = re.search(r"o311_[\w-]{20,}", page.content.decode())
    assert found is not None
    app = App(found[0])
    assert app.post().status_code == 200
    again = leader.get(SETTINGS).content.decode()
    assert found[0] not in again
    assert "随手拍" in again
    with cast.inside():
        key = AppKey.objects.get()
    assert leader.post(f"{SETTINGS}keys/{key.pk}/revoke/").status_code == 302
    assert app.post().status_code == 403


def test_a_form_says_what_is_wrong(cast: Cast) -> None:
    page = at_desk(cast, "leader").post(SETTINGS, {"name": " ", "shows": "odd", "days": "7"})
    assert page.status_code == 422


@pytest.mark.parametrize("who", ["dispatcher", "resident", "property_handler"])
def test_only_keepers_see_the_settings(cast: Cast, who: str) -> None:
    assert at_desk(cast, who).get(SETTINGS).status_code == 403


def test_a_service_is_described_and_asks_questions(cast: Cast, app: App) -> None:
    leader, there = at_desk(cast, "leader"), f"{SETTINGS}services/{LIGHTING}/"
    offer = {"offered": "on", "type": "batch", "description_zh": "路灯、楼道灯", "description_en": ""}
    assert leader.post(there, offer).status_code == 302
    question = {
        "code": "what", "description_zh": "怎么了", "datatype": "singlevaluelist", "order": "3", "required": "on",
        "choices": "out 不亮 | Out\nloose 松动",
    }  # fmt: skip
    assert leader.post(there, question).status_code == 302
    told = next(one for one in app.json("/services") if one["service_code"] == LIGHTING)
    assert (told["type"], told["description"], told["metadata"]) == ("batch", "路灯、楼道灯", True)
    (asked,) = app.json(f"/services/{LIGHTING}")["attributes"]
    assert asked["values"] == [{"key": "out", "name": "不亮"}, {"key": "loose", "name": "松动"}]
    assert "out 不亮 | Out" in leader.get(there, {"question": "what"}).content.decode()
    assert leader.post(there, {**question, "choices": "out"}).status_code == 422
    assert leader.post(there, {**question, "code": "1 2"}).status_code == 422
    assert leader.post(f"{there}what/drop/").status_code == 302
    assert not Question.objects.exists()
    assert OfferedService.objects.count() == 1
    assert leader.get(f"{SETTINGS}services/none/").status_code == 404


def test_a_server_is_entered_and_its_key_never_shown(cast: Cast) -> None:
    leader, new = at_desk(cast, "leader"), f"{SETTINGS}servers/new/"
    fields = {
        "name": "省城 311",
        "url": "https://311.other.example/v2",
        "api_key": "top-secret",
        "answers": "on",
    }
    assert leader.post(new, {**fields, "url": "http://10.0.0.1/"}).status_code == 422
    answer = leader.post(new, fields)
    assert answer.status_code == 302
    page = leader.get(answer.headers["Location"]).content.decode()
    assert "省城 311" in page
    assert "top-secret" not in page
    assert leader.post(new, fields).status_code == 422  # the name is taken
    with cast.inside():
        assert Endpoint.objects.get().api_key == "top-secret"
    assert leader.post(f"{answer.headers['Location']}end/").status_code == 302
    assert leader.get(answer.headers["Location"]).status_code == 404


def test_a_dispatcher_sends_a_case_on_step_by_step(cast: Cast) -> None:
    to, number = endpoint(cast), cast.report("路灯不亮，打 13912345678").number
    desk, there = at_desk(cast, "dispatcher"), f"/desk/open311/{number}/"
    assert there in desk.get(f"/desk/case/{number}/").content.decode()
    assert "Lamp" in desk.get(there).content.decode()
    chosen = f"{there}?to={to.pk}&as=L1"
    form = desk.get(chosen).content.decode()
    assert "13912345678" not in form
    assert desk.post(chosen, {"words": "找 13912345678", "address": "8 栋"}).status_code == 422
    sent = {"words": "路灯不亮", "address": "8 栋", "with_point": "on"}
    assert desk.post(chosen, sent).status_code == 302
    assert desk.post(chosen, sent).status_code == 422  # a second tap
    sending.send_waiting(
        AT + timedelta(minutes=1), Server({"GET services.xml": SERVICES, "POST requests.xml": TAKEN})
    )
    assert "77" in desk.get(there).content.decode()
    assert "省城 311 · 77" in desk.get(f"/desk/case/{number}/").content.decode()
    assert at_desk(cast, "grid_worker").get(there).status_code == 403
    assert sign_in(Client(), cast.elsewhere.dispatcher).get(there).status_code == 404


def test_a_person_settles_what_is_unsure(cast: Cast) -> None:
    to, number = endpoint(cast), cast.report().number
    desk, there = at_desk(cast, "dispatcher"), f"/desk/open311/{number}/"
    desk.post(f"{there}?to={to.pk}&as=L1", {"words": "路灯不亮", "address": "8 栋"})
    with cast.inside():
        Forward.objects.update(state="unsure", next_at=None, trouble="crashed")
        row = Forward.objects.get()
    page = desk.get(there).content.decode()
    assert 'value="arrived"' in page
    desk.post(f"{there}{row.pk}/", {"wish": "arrived"})
    with cast.inside():
        assert Forward.objects.get().state == "unsure"
    desk.post(f"{there}{row.pk}/", {"wish": "arrived", "remote_id": "4711"})
    with cast.inside():
        assert (Forward.objects.get().state, Forward.objects.get().remote_id) == ("followed", "4711")


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "申请密钥"), ("en", "Ask for a key")])
def test_the_page_for_programmers_names_every_community(cast: Cast, language: str, words: str) -> None:
    page = Client().get("/open311/", headers={"Accept-Language": language}).content.decode()
    assert words in page
    assert "520113008006" in page
    assert "310105005025" in page
    assert "/open311/v2/services.json" in page
