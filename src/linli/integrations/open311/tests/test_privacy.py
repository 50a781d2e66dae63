"""What is private is absent: from lists, by its number, and in what is told of other things."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from linli.cases.models import Case
from linli.cases.queries import reference
from linli.cases.rules.intake import PlaceGiven
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast
from linli.grids.actions import wishes
from linli.integrations.open311.actions import keys
from linli.integrations.open311.models import AppKey, Shows
from linli.integrations.open311.tests.apps import ELSEWHERE, LIGHTING, App, faults, key_for

pytestmark = [pytest.mark.django_db]


def numbers(app: App, **more: str) -> set[str]:
    """The requests that this app sees."""
    return {one["service_request_id"] for one in app.json("/requests", **more)}


def absent(app: App, number: str) -> bool:
    """Whether nothing tells this request from one that never was."""
    mine, none = app.get(f"/requests/{number}.json"), app.get("/requests/261123999999.json")
    alike = mine.status_code == none.status_code == 404
    same = faults(mine)[0][1].replace(number, "") == faults(none)[0][1].replace("261123999999", "")
    in_list = number in numbers(app) | numbers(app, service_request_id=number)
    return (
        alike and same and not in_list and not app.json("/servicerequestupdates", service_request_id=number)
    )


def test_a_residents_report_is_absent_until_it_is_settled_with_consent(app: App, cast: Cast) -> None:
    private, shown = cast.report().number, cast.report(publish=True).number
    assert absent(app, private)
    assert absent(app, shown)
    cast.settled(private)
    cast.settled(shown)
    assert absent(app, private)
    (told,) = app.json(f"/requests/{shown}")
    assert told["status"] == "closed"
    assert (told["lat"], told["long"]) == (cast.building.lat, cast.building.lon)


def test_a_pin_of_a_resident_is_never_told_exactly(app: App, cast: Cast) -> None:
    number = cast.report(publish=True, place=PlaceGiven(lon=106.6513, lat=26.6507, address="8 栋 302")).number
    cast.settled(number)
    told = json.dumps(app.json(f"/requests/{number}"), ensure_ascii=False)
    assert "106.6513" not in told
    assert "302" not in told.replace(number, "")


def test_no_personal_data_of_the_reporter_is_in_any_reply(app: App, cast: Cast) -> None:
    said = {
        "description": "路灯坏了,我电话13912345678,身份证11010519491231002X",
        "first_name": "秘密", "last_name": "赵", "phone": "13700007777", "email": "zhao@secret.example",
        "device_id": "DEVICE-77", "account_id": "ACCOUNT-77",
    }  # fmt: skip
    answer = app.post(said)
    number = json.loads(answer.content)[0]["service_request_id"]
    cast.settled(number)
    told = answer.content.decode()
    for path in ("/requests", f"/requests/{number}", "/servicerequestupdates"):
        for form in ("json", "xml"):
            for mine in (True, False):
                told += app.get(f"{path}.{form}", mine=mine, extensions="true").content.decode()
    for secret in (
        "13912345678",
        "11010519491231002X",
        "秘密",
        "13700007777",
        "zhao@",
        "DEVICE-77",
        "ACCOUNT-77",
    ):
        assert secret not in told
    assert "INTERNAL-CANARY" not in told


def test_what_a_key_keeps_private_only_its_app_reads(cast: Cast, app: App) -> None:
    with cast.inside():
        quiet = App(key_for(cast.here, Shows.NEVER, "另一个 App"))
    number = quiet.filed()
    assert absent(app, number)
    (told,) = quiet.json(f"/requests/{number}", mine=True)
    assert told["description"] == "8 栋门口的路灯三天不亮了"
    assert numbers(quiet) == set()
    assert app.get(f"/requests/{number}.json", mine=True).status_code == 404
    wrong = app.client.get(
        "/open311/v2/requests.json", {"jurisdiction_id": app.jurisdiction}, headers={"X-Api-Key": "o311_no"}
    )
    assert wrong.status_code == 403


def test_a_key_may_show_requests_once_a_person_has_read_them(cast: Cast, app: App) -> None:
    with cast.inside():
        careful = App(key_for(cast.here, Shows.READ, "稳妥 App"))
    number = careful.filed()
    assert absent(app, number)
    cast.dispatched(number)
    assert numbers(app) == {number}


@pytest.mark.parametrize("why", ["quarantined", "sensitive", "discreet", "withdrawn", "voided"])
def test_some_requests_are_absent_whatever_the_key_says(cast: Cast, app: App, why: str) -> None:
    words = "我不想活了,想自杀" if why == "discreet" else "8 栋门口的路灯不亮"
    number = app.filed({"description": words})
    if why == "quarantined":
        with cast.inside():
            Case.objects.update(quarantined=True)
    elif why == "sensitive":
        cast.move(number, Verb.CLASSIFY, cast.dispatcher, category_code="family")
    elif why == "withdrawn":
        body = {
            "api_key": app.key,
            "jurisdiction_id": app.jurisdiction,
            "service_request_id": number,
            "status": "closed",
        }
        assert app.client.post("/open311/v2/servicerequestupdates.json", body).status_code == 200
    elif why == "voided":
        cast.move(number, Verb.VOID, cast.leader, reason="test", note="试")
    assert absent(app, number)


def test_a_community_that_publishes_nothing_tells_nothing(cast: Cast, app: App) -> None:
    number = app.filed()
    wishes.set_setting(
        actor=cast.leader.actor(), community_id=cast.here.id, key="publish_settled", value="never", at=AT
    )
    reference.forget()
    assert absent(app, number)
    assert numbers(app) == set()


def test_what_is_not_to_be_published_leaves_with_its_settling(cast: Cast, app: App) -> None:
    number = app.filed()
    cast.dispatched(number)
    cast.move(number, Verb.SIGN, cast.property_handler)
    proof = cast.picture(cast.property_handler)
    cast.move(number, Verb.HANDLED, cast.property_handler, answer="修好了，请看。", uploads=(proof,))
    assert numbers(app) == {number}
    cast.move(number, Verb.CLOSE, cast.verifier, answer="修好了，请看。", publish=False)
    assert absent(app, number)


def test_another_community_shows_nothing_of_this_one(cast: Cast, app: App) -> None:
    number = app.filed()
    other = App(jurisdiction=ELSEWHERE)
    assert numbers(other) == set()
    assert other.get(f"/requests/{number}.json").status_code == 404
    assert numbers(other, service_request_id=number) == set()
    with cast.inside(cast.elsewhere):
        assert AppKey.objects.count() == 0


def test_a_key_that_is_revoked_or_has_expired_opens_nothing(cast: Cast, app: App) -> None:
    with cast.inside():
        row = AppKey.objects.get()
        AppKey.objects.update(expires_at=AT)
    assert app.post().status_code == 403
    with cast.inside():
        AppKey.objects.update(expires_at=AT + timedelta(seconds=1))
    assert app.post().status_code == 200
    with cast.inside():
        for _ in range(2):
            keys.revoke(actor=cast.leader.actor(), community_id=cast.here.id, key_id=row.pk, at=AT)
    assert app.post().status_code == 403


def test_a_key_is_kept_as_a_digest_and_its_use_is_noted(cast: Cast, app: App) -> None:
    app.filed()
    with cast.inside():
        row = AppKey.objects.get()
    assert app.key.encode() not in bytes(row.digest)
    assert app.key.startswith(row.mark)
    assert row.last_used_date == AT.date()


def update(app: App, number: str, **fields: str) -> tuple[int, list[tuple[int, str]]]:
    """Post an update."""
    body = {"api_key": app.key, "jurisdiction_id": app.jurisdiction, "service_request_id": number, **fields}
    answer = app.client.post("/open311/v2/servicerequestupdates.json", body)
    return answer.status_code, faults(answer) if answer.status_code != 200 else []


def test_the_app_that_filed_a_request_adds_to_it_once_for_an_id(cast: Cast, app: App) -> None:
    number = app.filed()
    for _ in range(2):
        assert update(app, number, description="现在连旁边那盏也不亮了", update_id="u1")[0] == 200
    case = cast.case(number)
    assert case.version == 2
    cast.settled(number)
    assert update(app, number, status="open", description="又坏了")[0] == 200
    assert cast.case(number).state == "reopened"
    assert update(app, number)[0] == 400
    assert update(app, number, status="odd", description="x")[0] == 400


def test_nobody_else_adds_to_it(cast: Cast, app: App) -> None:
    number = app.filed()
    with cast.inside():
        other = App(key_for(cast.here, Shows.NOW, "别家"))
    assert update(other, number, description="我来加一句")[0] == 403
    published = cast.report(publish=True).number
    assert update(app, published, description="我来加一句")[0] == 404
    cast.settled(published)
    assert update(app, published, description="我来加一句")[0] == 404
    assert update(App("o311_none"), number, description="我")[0] == 403


def test_updates_tell_each_step_once_and_answers_only_when_they_are_given(cast: Cast, app: App) -> None:
    number = app.filed()
    cast.settled(number)
    steps = app.json("/servicerequestupdates", service_request_id=number, end_date="2026-11-24T00:00:00Z")
    assert [one["status"] for one in steps] == ["open"] * 4 + ["closed"]
    assert [("灯泡" in one["description"]) for one in steps] == [False] * 4 + [True]
    assert LIGHTING not in json.dumps(steps)
