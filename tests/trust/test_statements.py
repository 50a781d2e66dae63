"""How many SQL statements the hot roads take, everything on: sign-in, limits, place, promise, audit, outbox.

Counted after a first request, when what a community has decided is already known to the process; asserted with fewer
than the promise allows, so that a statement more is noticed before the promise is broken.
"""

# ruff: noqa: F811  (fixtures are taken over by importing them)

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from linli.cases.tests.cast import Cast, committed_cast, sign_in  # noqa: F401  (fixtures)
from linli.kernel import clock
from linli.people import queries as people
from linli.people.models import ApiToken
from linli.people.rules import Scope
from tests.trust.stage import fresh

#: The issue promises 6, 6 and 8.
MOST = {"create": 4, "list of 100": 4, "one case": 7}


@pytest.fixture
def busy(committed_cast: Cast) -> Cast:
    """A hundred and one cases of the last days, one of them all the way through."""
    cast = committed_cast
    now = clock.now()
    for turn in range(101):
        cast.report(f"第 {turn} 件：路灯不亮", key=str(turn), at=now - timedelta(hours=turn), limited=False)
    return cast


def program(cast: Cast, who: str) -> Callable[..., Any]:
    """Requests of a program that acts as somebody, over one connection."""
    secret = f"lnl_{who}"
    ApiToken.objects.create(
        account_id=cast.here.people[who].account_id, name="bench", digest=people.token_digest(secret),
        scopes=[one.value for one in Scope], expires_at=clock.now() + timedelta(days=1),
    )  # fmt: skip
    client: Client = fresh()

    def ask(method: str, address: str, body: Any = None, **headers: str) -> Any:
        data = json.dumps(body) if body is not None else ""
        return client.generic(
            method, address, data, content_type="application/json",
            headers={"Authorization": f"Bearer {secret}", **headers},
        )  # fmt: skip

    return ask


def counted(ask: Callable[[], Any]) -> tuple[int, Any]:
    """The statements of a request, and its answer."""
    before = connection.linli_statements  # type: ignore[attr-defined]  # our own backend
    answer = ask()
    used = connection.linli_statements - before  # type: ignore[attr-defined]  # as above
    return used, answer


def told(cast: Cast, words: str, **more: Any) -> dict[str, Any]:
    """A report as a program sends it, with a point on the map."""
    point = {"lon": 106.6522, "lat": 26.654, "address": "3 网格路口"}
    return {
        "community": cast.code,
        "words": words,
        "kind": "complaint",
        "place": point,
        "publish": True,
        **more,
    }


def test_a_report_takes_six_statements_at_most(committed_cast: Cast) -> None:
    cast, ask = committed_cast, program(committed_cast, "resident")
    for turn in range(3):
        count, answer = counted(
            lambda turn=turn: ask("POST", "/api/v1/cases", told(cast, f"第{turn}件"), **_key(turn))
        )
        assert answer.status_code == 201, answer.content
    assert count <= MOST["create"], count
    case = cast.case(answer.json()["number"])
    assert (case.grid_id, case.due_stage) == (cast.grid.id, "accept")


def test_a_retry_costs_no_more_than_the_first_try(committed_cast: Cast) -> None:
    ask = program(committed_cast, "resident")
    body = told(committed_cast, "路灯不亮")
    ask("POST", "/api/v1/cases", told(committed_cast, "另一件"), **_key(0))
    first, _ = counted(lambda: ask("POST", "/api/v1/cases", body, **_key(1)))
    again, answer = counted(lambda: ask("POST", "/api/v1/cases", body, **_key(1)))
    assert answer.status_code == 201
    assert again <= first + 2


def test_a_report_of_a_passer_by_takes_six_too(committed_cast: Cast) -> None:
    client = fresh()
    for turn in range(3):
        data = json.dumps(told(committed_cast, f"第{turn}件"))
        count, answer = counted(
            lambda data=data: client.generic("POST", "/api/v1/cases", data, content_type="application/json")
        )
        assert answer.status_code == 201, answer.content
    assert count <= MOST["create"], count


def test_a_list_of_a_hundred_takes_six_statements_at_most(busy: Cast) -> None:
    ask = program(busy, "dispatcher")
    for _ in range(2):
        count, answer = counted(lambda: ask("GET", "/api/v1/cases?view=all&size=100"))
    assert len(answer.json()["items"]) == 100
    assert count <= MOST["list of 100"], count


@pytest.mark.parametrize("who", ["dispatcher", "resident", "property_handler"])
def test_one_case_with_its_history_takes_eight_statements_at_most(
    committed_cast: Cast,
    who: str,
) -> None:
    cast = committed_cast
    number = cast.settled(
        cast.report(at=clock.now() - timedelta(days=1)).number, at=clock.now() - timedelta(hours=9)
    ).number
    ask = program(cast, who)
    for _ in range(2):
        count, answer = counted(lambda: ask("GET", f"/api/v1/cases/{number}"))
    assert len(answer.json()["timeline"]) == 5
    assert count <= MOST["one case"], count


def test_a_case_the_caller_already_has_takes_few(committed_cast: Cast) -> None:
    number = committed_cast.report().number
    ask = program(committed_cast, "dispatcher")
    tag = ask("GET", f"/api/v1/cases/{number}").headers["ETag"]
    count, answer = counted(lambda: ask("GET", f"/api/v1/cases/{number}", **{"If-None-Match": tag}))
    assert answer.status_code == 304
    assert count <= MOST["one case"]


@pytest.mark.parametrize(
    ("address", "who", "most"),
    [
        ("/", "resident", 17), ("/my/", "resident", 15), ("/report/", "resident", 12), ("/sign-in/", "anonymous", 4),
        ("/me/", "resident", 12),
    ],
)  # fmt: skip
def test_a_page_asks_the_database_little(committed_cast: Cast, address: str, who: str, most: int) -> None:
    browser = fresh()
    if who != "anonymous":
        sign_in(browser, committed_cast.here.people[who])
    for _ in range(2):
        count, answer = counted(lambda: browser.get(address))
    assert answer.status_code == 200
    assert count <= most, count


def _key(turn: int) -> dict[str, str]:
    return {"Idempotency-Key": f"turn-{turn}"}
