"""While the disk is nearly full the database takes no writing: people still read, and nobody is given a receipt."""

# ruff: noqa: F811  (fixtures are taken over by importing them)

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from linli.cases.models import Case
from linli.cases.tests.cast import AT, Cast, committed_cast, sign_in  # noqa: F401  (fixtures)
from linli.kernel import clock
from linli.people import models, sessions
from linli.people import queries as people

TOKEN = "lnl_closed"  # noqa: S105  (of an invented person)


@pytest.fixture
def closed(committed_cast: Cast) -> Iterator[Cast]:
    """The cast with one case and an API token, in a database that takes no writing."""
    committed_cast.report(key="before")
    models.ApiToken.objects.create(
        account_id=committed_cast.dispatcher.account_id, name="t", digest=people.token_digest(TOKEN),
        scopes=["cases:read", "cases:write"], expires_at=clock.now().replace(year=2099),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    yield committed_cast
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = off")


def program(method: str, path: str, body: Any = None) -> Any:
    call = getattr(Client(raise_request_exception=False), method)
    return call(path, body, content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {TOKEN}")


def test_programs_still_read_and_are_refused_reports_with_503(closed: Cast) -> None:
    listed = program("get", "/api/v1/cases")
    assert listed.status_code == 200
    assert len(listed.json()["items"]) == 1
    answer = program(
        "post", "/api/v1/cases", {"community": closed.code, "words": "楼道灯不亮", "kind": "help"}
    )
    assert (answer.status_code, answer["Retry-After"], answer.json()["code"]) == (503, "5", "no_space")
    with closed.inside():
        assert Case.objects.count() == 1


def test_pages_still_read_for_residents_and_staff_whose_visit_cannot_be_noted(closed: Cast) -> None:
    browser = Client(raise_request_exception=False)
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = off")
    sign_in(browser, closed.dispatcher)
    session = browser.session
    session[sessions.SEEN] -= 120  # due to be noted
    session.save()
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    assert browser.get("/desk/").status_code == 200
    assert Client(raise_request_exception=False).get("/").status_code == 200
    asked = Client(raise_request_exception=False).post("/sign-in/", {"phone": "13851100105", "password": "x"})
    assert asked.status_code == 503
    assert asked["Retry-After"] == "5"
