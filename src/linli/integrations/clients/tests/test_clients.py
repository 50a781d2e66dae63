"""A program of a body: what it may, where, until when, how much it asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.cases.rules.intake import Refused
from linli.cases.tests.cast import AT, Cast, sign_in
from linli.cases.tests.programs import REPORT, program
from linli.grids import queries as grids
from linli.integrations.clients import queries, rules
from linli.integrations.clients.actions import keeping
from linli.integrations.clients.actions.keeping import Wanted
from linli.integrations.clients.models import ApiClient, ApiUsage
from linli.kernel import api_limits, api_usage, clock
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.models import AuditEntry
from linli.kernel.tests.program import Program
from linli.people import queries as people

pytestmark = pytest.mark.django_db
PAGE = "/desk/settings/clients/"


@pytest.fixture(autouse=True)
def the_same_morning(monday_morning: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Doors and database stand at the cast's moment; nothing counted before."""
    monkeypatch.setattr(clock, "of_database", lambda: AT)
    monkeypatch.setattr(api_usage, "_held", {})
    api_limits.forget()
    yield
    api_limits.forget()


def wanted(cast: Cast, **other: Any) -> Wanted:
    given: dict[str, Any] = {
        "name": "物业工单系统",
        "organisation_id": cast.property_company.pk,
        "scopes": ("cases:read", "cases:write"),
        "role": "property_handler",
    }
    return Wanted(**{**given, **other})


def connected(cast: Cast, **other: Any) -> tuple[ApiClient, Program]:
    with cast.inside():
        made, key = keeping.make(
            actor=cast.leader.actor(), community_id=cast.here.id, wanted=wanted(cast, **other), at=AT
        )
    return made, Program(key)


def test_it_acts_as_itself_within_its_role_body_and_community(cast: Cast) -> None:
    client, system = connected(cast)
    number = cast.report().number
    elsewhere = cast.report(community=cast.elsewhere).number
    assert system.get(f"/cases/{number}").status == 404  # not yet sent to its body
    cast.dispatched(number)
    assert system.get(f"/cases/{number}").status == 200
    assert system.post(f"/cases/{number}/moves", {"verb": "sign"}).status == 200
    assert system.get(f"/cases/{elsewhere}").status == 404
    assert system.get("/settings", community=cast.here.code).status == 403
    me = system.get("/me").body
    assert (me["account_id"], me["name"], me["scopes"]) == (
        client.account_id,
        "物业工单系统",
        ["cases:read", "cases:write"],
    )
    with cast.inside():
        assert AuditEntry.objects.filter(actor_id=client.account_id, object__contains=number).exists()


def test_a_place_bounds_what_it_sees(cast: Cast) -> None:
    there = [place for place in cast.here.places.values() if place.level == "grid"]
    own = next(place for place in there if cast.here.places["building"].path.startswith(place.path))
    other = next(place for place in there if place.id != own.id)
    _, near = connected(cast, name="近处", role="assistant", place_id=own.id)
    _, far = connected(cast, name="远处", role="assistant", place_id=other.id)
    number = cast.report().number
    assert near.get(f"/cases/{number}").status == 200
    assert far.get(f"/cases/{number}").status == 404
    with pytest.raises(Refused) as caught:
        connected(cast, name="全部", role="dispatcher", place_id=own.id)
    assert [(one.field, one.code) for one in caught.value.wrongs] == [("place", "whole_community")]
    told = {each.account_id for team in grids.grid_team(own, AT.date()).values() for each in team}
    assert told
    assert told.isdisjoint(ApiClient.objects.values_list("account_id", flat=True))


def test_without_a_role_it_may_what_everybody_may_and_sees_its_own_reports(cast: Cast) -> None:
    _, lift = connected(cast, name="电梯报警", role="")
    made = lift.post("/cases", REPORT, key="alarm-1")
    assert made.status == 201
    assert lift.get("/me/cases").body["items"][0]["number"] == made.body["number"]
    assert lift.get(f"/cases/{cast.report().number}").status == 404


def test_its_reports_take_two_statements_and_are_counted_without_one(cast: Cast) -> None:
    _, lift = connected(cast, name="电梯报警", role="")
    lift.post("/cases", REPORT, key="warm")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert lift.post("/cases", REPORT, key="measured").status == 201
    said = [one["sql"] for one in asked.captured_queries]
    assert not any("clients_" in one for one in said)
    assert api_usage.flush() == 1


def test_a_new_key_works_beside_the_old_one_for_as_long_as_was_said(cast: Cast) -> None:
    client, old = connected(cast)
    leader = cast.leader.actor()
    with cast.inside():
        new = Program(keeping.exchange_key(actor=leader, client_id=client.pk, days=90, hours=24, at=AT))
    assert old.get("/me").status == new.get("/me").status == 200
    with cast.inside():
        newest = keeping.exchange_key(actor=leader, client_id=client.pk, days=30, hours=0, at=AT)
    assert old.get("/me").status == new.get("/me").status == 401
    assert Program(newest).get("/me").status == 200
    with cast.inside():
        keys = queries.keys([client.account_id])[client.account_id]
    assert [key.holds(AT) for key in keys] == [True, False, False]
    assert keys[0].prefix == newest[:10]
    assert keys[0].expires_at == AT + timedelta(days=30)


def test_an_ended_program_stops_at_once_and_cannot_be_woken(cast: Cast) -> None:
    client, system = connected(cast)
    leader = cast.leader.actor()
    with cast.inside():
        keeping.end(actor=leader, client_id=client.pk, at=AT)
        keeping.end(actor=leader, client_id=client.pk, at=AT)
        with pytest.raises(Forbidden, match="ended"):
            keeping.exchange_key(actor=leader, client_id=client.pk, days=90, hours=0, at=AT)
    assert system.get("/me").status == 401


def test_its_quota_is_its_own_and_the_headers_tell_it(cast: Cast, settings: Any) -> None:
    settings.LINLI_API_LIMITS = True
    _, system = connected(cast, per_minute=60)
    first = system.get("/me")
    assert first.headers["RateLimit-Policy"] == '"api";q=60;w=60'
    assert first.headers["RateLimit"].startswith('"api";r=59;t=')
    moved = system.post("/moves", {"moves": []})  # a move is never refused for its number
    assert "RateLimit" not in moved.headers
    for _ in range(60):
        last = system.get("/me")
    assert last.status == 429
    assert 0 < int(last.headers["Retry-After"]) <= 60
    assert system.post("/cases", REPORT, key="urgent").status == 201
    assert program(cast.dispatcher).get("/me").headers["RateLimit-Policy"] == '"api";q=600;w=60'


def test_what_it_asked_is_written_down_by_day_and_outcome(cast: Cast) -> None:
    client, system = connected(cast)
    system.get("/me")
    system.get("/me")
    system.get("/cases/261123-000000")
    Program(cast.nobody.name).get("/communities")
    program(cast.dispatcher).get("/me")
    assert api_usage.flush() == 1
    assert api_usage.flush() == 0
    system.get("/me")
    api_usage.flush()
    with cast.inside():
        (row,) = ApiUsage.objects.all()
        today = queries.usage(client, today=date(2026, 11, 23))[0]
    assert (row.requests, row.refused, row.limited, row.failed, row.last_at) == (4, 1, 0, 0, AT)
    assert (today.requests, today.share) == (4, 100)


def test_counts_that_cannot_be_written_are_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    _, system = connected(cast)
    system.get("/me")
    with monkeypatch.context() as broken:
        broken.setattr(people, "token_communities", lambda ids: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            api_usage.flush()
    system.get("/me")
    api_usage.flush()
    with cast.inside():
        assert ApiUsage.objects.get().requests == 2


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", " ", "missing"),
        ("name", "x" * 41, "too_long"),
        ("name", "物业工单系统", "taken"),
        ("organisation_id", 10**9, "unknown"),
        ("owner_id", 10**9, "unknown"),
        ("place_id", 10**9, "unknown"),
        ("role", "admin", "unknown"),
        ("role", "community_leader", "unknown"),
        ("scopes", ("admin",), "unknown"),
        ("scopes", (), "unknown"),
        ("days", 10_000, "unknown"),
        ("per_minute", 10**6, "unknown"),
    ],
)
def test_a_wrong_wish_is_refused_with_its_field(cast: Cast, field: str, value: Any, code: str) -> None:
    connected(cast)
    with pytest.raises(Refused) as caught:
        connected(cast, **{"name": "另一个", field: value})
    assert [(one.field, one.code) for one in caught.value.wrongs] == [(field.removesuffix("_id"), code)]
    with cast.inside():
        assert ApiClient.objects.count() == 1


def test_only_who_keeps_the_community_connects_and_sees_programs(cast: Cast) -> None:
    client, _system = connected(cast)
    with cast.inside(cast.here, cast.elsewhere):
        for person, error in ((cast.dispatcher, Forbidden), (cast.elsewhere.leader, NotFound)):
            with pytest.raises(error):
                keeping.make(
                    actor=person.actor(), community_id=cast.here.id, wanted=wanted(cast, name="x"), at=AT
                )
            with pytest.raises(NotFound):
                keeping.end(actor=person.actor(), client_id=client.pk, at=AT)


@pytest.mark.rules
def test_days_without_a_request_are_days_too() -> None:
    today = date(2026, 11, 23)
    held = [(today - timedelta(days=2), 10, 1, 0, 0)]
    days = rules.days(held, today=today)
    assert len(days) == 30
    assert [day.requests for day in days[:4]] == [0, 0, 10, 0]
    assert (days[2].share, days[0].share) == (100, 0)
    assert rules.days([], today=today)[0].share == 0


def test_a_leader_does_it_all_on_pages(client: Client, cast: Cast) -> None:
    sign_in(client, cast.leader)
    assert client.get(PAGE).status_code == 200
    form = {
        "name": "物业工单系统 🛗", "organisation": cast.property_company.pk, "owner": cast.leader.account_id,
        "role": "property_handler",
        "place": cast.here.id, "scopes": ["cases:read"], "days": "90", "per_minute": "600",
    }  # fmt: skip
    made = client.post(PAGE, form).content.decode()
    assert "lnl_" in made
    assert client.post(PAGE, {**form, "scopes": []}).status_code == 422
    assert "已有同名" in client.post(PAGE, form).content.decode()
    with cast.inside():
        row = ApiClient.objects.get()
    one = f"{PAGE}{row.pk}/"
    assert client.get(one).status_code == 200
    assert "lnl_" in client.post(f"{one}key/", {"days": "30", "hours": "0"}).content.decode()
    assert client.post(f"{one}key/", {"days": "7", "hours": "x"}).status_code == 302
    assert client.post(f"{one}end/").status_code == 302
    assert client.get(one).status_code == client.get(PAGE).status_code == 200
    assert client.post(f"{one}key/", {"days": "30", "hours": "0"}).status_code == 403
    other = Client()
    sign_in(other, cast.elsewhere.leader)
    assert other.get(one).status_code == 404
    sign_in(other, cast.dispatcher)
    assert other.get(one).status_code == 403


def test_an_admins_program_does_it_too(cast: Cast) -> None:
    admin = program(cast.admin, "admin")
    body = {
        "community": cast.here.code, "name": "物业工单系统", "organisation_id": cast.property_company.pk,
        "role": "property_handler", "scopes": ["cases:read"],
    }  # fmt: skip
    made = admin.post("/clients", body, key="once")
    assert made.status == 201
    assert admin.post("/clients", body, key="once").body["key"] == ""
    one = f"/clients/{made.body['id']}"
    assert [row["id"] for row in admin.get("/clients", community=cast.here.code).body] == [made.body["id"]]
    assert admin.get(one).body["keys"][0]["prefix"] == made.body["key"][:10]
    assert Program(admin.post(f"{one}/key", {"days": 30, "hours": 0}).body["key"]).get("/me").status == 200
    assert Program(made.body["key"]).get("/me").status == 401
    assert len(admin.get(f"{one}/usage").body) == 30
    assert admin.post("/clients", {**body, "name": "x", "organisation_id": 10**9}).fields == {
        "organisation": "unknown"
    }
    assert admin.delete(one).status == 204
    assert program(cast.dispatcher).get(one).status == 403
