"""The doors: pages for those who keep the community, operations for programs, in Chinese and English."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from linli.cases.tests.cast import AT, Cast, sign_in
from linli.cases.tests.programs import program
from linli.integrations.webhooks import demo
from linli.integrations.webhooks.actions import post
from linli.integrations.webhooks.models import Endpoint
from linli.integrations.webhooks.tests.receiver import Receiver
from linli.kernel import clock, events
from linli.kernel.tests.program import Program

pytestmark = pytest.mark.django_db
HERE = "/desk/settings/webhooks/"


@pytest.fixture(autouse=True)
def the_same_morning(monday_morning: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Doors and database stand at the cast's moment."""
    monkeypatch.setattr(clock, "of_database", lambda: AT)


@pytest.fixture
def leader(client: Client, cast: Cast) -> Client:
    sign_in(client, cast.leader)
    return client


def test_a_leader_makes_tries_exchanges_pauses_and_ends_an_endpoint(
    leader: Client, cast: Cast, receiver: Receiver
) -> None:
    made = leader.post(HERE, {"name": "市平台 🏙", "url": receiver.url, "facts": ["cases.CaseMoved"]})
    assert made.status_code == 200
    assert "whsec_" in made.content.decode()
    assert "whsec_" not in leader.get(HERE).content.decode()
    with cast.inside():
        endpoint = Endpoint.objects.get()
    one = f"{HERE}{endpoint.pk}/"
    shown = leader.get(one).content.decode()
    assert "k3y" not in shown
    assert "127.0.0.1" in shown
    pinged = leader.post(f"{one}ping/")
    waiting = leader.get(pinged["Location"])
    assert waiting["Refresh"] == "2"
    post.Post(1).settle(AT)
    arrived = leader.get(pinged["Location"])
    assert "Refresh" not in arrived
    assert "HTTP 204" in arrived.content.decode()
    assert "Linli-Signature" in arrived.content.decode()
    again = leader.post(f"{pinged['Location']}again/")
    assert again["Location"] == pinged["Location"]
    changed = leader.post(one, {"name": "省平台", "url": "", "everything": "on"})
    assert changed.status_code == 302
    assert "whsec_" in leader.post(f"{one}secret/", {"hours": "24"}).content.decode()
    assert leader.post(f"{one}secret/", {"hours": "9"}).status_code == 302
    for deed in ("pause", "resume", "again", "end", "end"):
        assert leader.post(f"{one}{deed}/").status_code == 302
    with cast.inside():
        endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.url, endpoint.facts, endpoint.state) == (
        "省平台",
        receiver.url,
        ["*"],
        "ended",
    )
    assert leader.post(f"{one}ping/").status_code == 403
    assert leader.post(f"{one}explode/").status_code == 404
    assert leader.get(one).status_code == leader.get(HERE).status_code == 200


def test_a_form_that_is_wrong_says_so_and_keeps_what_was_typed(leader: Client) -> None:
    answer = leader.post(HERE, {"name": "x", "url": "http://example.org/"}, headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert "The address must begin with https://." in answer.content.decode()
    assert "Choose at least one event." in answer.content.decode()
    assert "http://example.org/" in answer.content.decode()


def test_others_find_nothing(client: Client, cast: Cast, leader: Client, receiver: Receiver) -> None:
    leader.post(HERE, {"name": "市平台", "url": receiver.url, "everything": "on"})
    with cast.inside():
        endpoint = Endpoint.objects.get()
    for person, status in (
        (cast.dispatcher, 403),
        (cast.resident, 403),
        (cast.elsewhere.leader, 404),
    ):
        other = Client()
        sign_in(other, person)
        assert other.get(f"{HERE}{endpoint.pk}/").status_code == status, person.name
        assert other.post(f"{HERE}{endpoint.pk}/ping/").status_code == status


def test_a_program_does_the_same(cast: Cast, receiver: Receiver) -> None:
    leader = program(cast.admin, "admin")
    body = {"community": cast.here.code, "name": "市平台", "url": receiver.url, "facts": ["*"]}
    made = leader.post("/webhooks", body, key="once")
    assert made.status == 201
    assert made.body["secret"].startswith("whsec_")
    again = leader.post("/webhooks", body, key="once").body
    assert (again["id"], again["secret"]) == (made.body["id"], "")
    one = f"/webhooks/{made.body['id']}"
    assert "url" not in leader.get(one).body
    assert [row["id"] for row in leader.get("/webhooks", community=cast.here.code).body] == [again["id"]]
    ping = leader.post(f"{one}/ping").body
    post.Post(1).settle(AT)
    full = leader.get(f"/webhooks/deliveries/{ping['id']}").body
    told = (full["state"], full["event"]["type"], full["attempts"][0]["status"])
    assert told == ("delivered", "webhooks.Ping", 204)
    assert [row["id"] for row in leader.get(f"{one}/deliveries", state="delivered").body["items"]] == [
        ping["id"]
    ]
    assert leader.get(f"{one}/deliveries", state="lost").status == 422
    assert leader.post(f"/webhooks/deliveries/{ping['id']}/replay").body["replays"] == 1
    assert leader.post(f"{one}/secret", {"hours": 0}).body["secret"].startswith("whsec_")
    assert leader.post(f"{one}/pause").body["state"] == "paused"
    assert leader.post(f"{one}/resume").body["state"] == "active"
    wrong = leader.put(one, {"name": "x", "url": "ftp://example.org", "facts": ["no.Such"]})
    assert wrong.fields == {"url": "address", "facts": "unknown"}
    assert leader.put(one, {"name": "x", "facts": ["*"]}, tag='"old"').status == 412
    assert leader.put(one, {"name": "x", "facts": ["*"]}).body["name"] == "x"
    assert leader.delete(one).status == 204
    assert leader.post(f"{one}/ping").code == "ended"
    assert program(cast.elsewhere.leader).get(one).status == 403
    assert program(cast.leader, "cases:read").get(one).status == 403
    assert program(cast.dispatcher).get(one).status == 403


def test_events_and_their_schemas_are_open_to_all() -> None:
    anybody = Program()
    listed = anybody.get("/events").body
    assert {"cases.CaseMoved", "webhooks.Ping"} <= {one["type"] for one in listed}
    for one in listed:
        schema = anybody.get(one["dataschema"].removeprefix("/api/v1")).body
        assert (schema["title"], schema["type"]) == (one["type"], "object")
    assert anybody.get("/events/people.AccountErased").status == 404


def test_a_report_reaches_the_receiver_through_the_worker(cast: Cast, receiver: Receiver) -> None:
    body = {
        "community": cast.here.code,
        "name": "市平台",
        "url": receiver.url,
        "facts": ["cases.CaseReported"],
    }
    assert program(cast.admin, "admin").post("/webhooks", body).status == 201
    receipt = cast.report()
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs ORDER BY id")
        jobs = [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]
    for job in jobs:
        if job["fact"] == "cases.CaseReported":
            events.react(**job)
            events.react(**job)
    post.Post(1).settle(AT)
    ((_, sent),) = receiver.came
    told = json.loads(sent)
    assert (told["type"], told["subject"]) == ("cases.CaseReported", receipt.number)


def test_the_demo_tells_itself_and_checks_the_signature(cast: Cast, client: Client, settings: Any) -> None:
    at, base = AT, "http://127.0.0.1:8000"
    settings.LINLI_OUTSIDE_PRIVATE = ["127.0.0.0/8"]
    demo.connect(base, cast.here.place, at)
    demo.connect(base, cast.here.place, at)
    with cast.inside():
        (letter,) = post.claim(at, busy=Counter(), room=5)
    headers = {"Linli-Signature": letter.headers["Linli-Signature"]}

    def arrive(body: bytes = letter.body) -> int:
        return client.post(
            demo.PATH, body, content_type="application/cloudevents+json", headers=headers
        ).status_code

    assert arrive() == 404
    settings.LINLI_DEMO = True
    assert arrive() == 200
    assert arrive(letter.body.replace(b"Ping", b"Pong")) == 401
    assert arrive(b"{}") == arrive(b"nonsense") == 400
