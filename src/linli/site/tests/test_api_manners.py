"""The API's manners: one shape for every refusal, wherever it arises; limits that are told; no zone but UTC."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from linli.cases.tests.cast import Cast
from linli.cases.tests.programs import HERE, REPORT, program
from linli.kernel import api_limits
from linli.kernel.access import ANONYMOUS
from linli.kernel.api_types import Problem
from linli.kernel.limits import ALLOWANCES, Rate
from linli.kernel.tests.program import Program
from linli.site import openapi

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem an answer is."""
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(answer.content)
    Problem.model_validate(told)
    assert (told["status"], told["code"]) == (status, code)
    return told


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/", "/api/v2/cases", "/api/v1/cases/"])
def test_an_unknown_address_is_a_problem(path: str) -> None:
    refused(Client().get(path), 404, "not_found")


def test_a_wrong_method_is_a_problem_that_says_which_would_do() -> None:
    answer = Client().delete("/api/v1/cases")
    refused(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    "body", ["{", '{"words": NaN}', '{"words": "\\ud800"}', "[" * 5000, b"\xff\xfe", "null x"]
)
def test_what_is_no_json_is_a_problem(body: str | bytes) -> None:
    refused(Client().post("/api/v1/cases", body, content_type="application/json"), 400, "unreadable")


@pytest.mark.parametrize("body", ["[]", "null", '"words"', "7"])
def test_json_that_is_no_object_is_a_problem(body: str) -> None:
    refused(Client().post("/api/v1/cases", body, content_type="application/json"), 422, "invalid")


def test_another_kind_of_content_is_a_problem() -> None:
    refused(Client().post("/api/v1/cases", REPORT), 415, "wrong_type")
    refused(Client().post("/api/v1/cases", "x", content_type="text/plain"), 415, "wrong_type")
    answer = Client().post(
        "/api/v1/cases",
        json.dumps({**REPORT, "community": "110101001001"}),
        content_type="application/json; charset=utf-8",
    )
    refused(answer, 404, "not_found")  # read, but there is no such community


def test_a_body_that_never_ends_is_a_problem() -> None:
    body = json.dumps({**REPORT, "words": "x" * 3_000_000})
    refused(Client().post("/api/v1/cases", body, content_type="application/json"), 413, "too_large")


def test_nothing_is_read_for_somebody_who_may_not_come_in(cast: Cast) -> None:
    answer = Client().post("/api/v1/organisations", "{", content_type="application/json")
    refused(answer, 401, "no_token")
    assert answer["WWW-Authenticate"] == 'Bearer realm="linli"'


def test_a_token_in_an_address_is_refused(cast: Cast) -> None:
    secret = program(cast.resident).token
    refused(Client().get("/api/v1/me", {"token": secret}), 400, "token_in_query")


def test_an_unknown_parameter_is_refused(cast: Cast) -> None:
    got = program(cast.dispatcher).get("/cases", veiw="all")
    assert (got.status, got.fields) == (422, {"query.veiw": "unknown"})
    long: dict[str, Any] = {"x" * 500: "1"}
    told = program(cast.dispatcher).get("/cases", **long)
    assert len(next(iter(told.fields))) < 80


def test_what_was_sent_is_not_repeated(cast: Cast) -> None:
    got = Program().post("/cases", {**REPORT, "kind": "CANARY-7731", "contact_phone": "CANARY-7731"})
    assert got.status == 422
    assert "CANARY" not in got.raw.decode()


def test_a_key_is_at_most_two_hundred_long(cast: Cast) -> None:
    got = program(cast.resident).post("/cases", REPORT, key="k" * 201)
    assert got.fields == {"header.Idempotency-Key": "wrong"}


def test_answers_are_not_kept_by_caches(cast: Cast) -> None:
    got = program(cast.resident).get("/me/cases")
    assert got.headers["Cache-Control"] == "private, no-store"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in got.headers["Content-Security-Policy"]


# -- limits ------------------------------------------------------------------------------------------------


@pytest.fixture
def limited(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three reads a minute for a token, two for a network."""
    settings.LINLI_API_LIMITS = True
    few = {"key": (Rate(3, 60),), "anonymous": (Rate(2, 60),)}
    monkeypatch.setattr("linli.kernel.limits.ALLOWANCES", {**ALLOWANCES, "api": few})
    api_limits.forget()
    yield
    api_limits.forget()


@pytest.mark.usefixtures("limited")
def test_reading_is_counted_by_token_and_told(cast: Cast) -> None:
    one, other = program(cast.resident), program(cast.resident)
    before = connection.linli_statements  # type: ignore[attr-defined]  # our own backend counts
    got = one.get("/me")
    assert connection.linli_statements - before == 1  # type: ignore[attr-defined]  # the token's own
    assert got.headers["RateLimit-Policy"] == '"api";q=3;w=60'
    assert got.headers["RateLimit"] == '"api";r=2;t=60'
    for _ in range(2):
        assert one.get("/me").status == 200
    over = one.get("/me")
    assert (over.status, over.code) == (429, "too_many")
    assert 0 < int(over.headers["Retry-After"]) <= 60
    assert over.headers["RateLimit"].startswith('"api";r=0;')
    assert other.get("/me").status == 200


@pytest.mark.usefixtures("limited")
def test_a_network_without_a_token_is_counted_together(cast: Cast) -> None:
    for _ in range(2):
        assert Program().get("/communities").status == 200
    assert Program().get("/communities").status == 429
    assert Program("lnl_guessed").get("/me").status == 429
    far = Client(REMOTE_ADDR="198.51.100.7")
    assert far.get("/api/v1/communities").status_code == 200


@pytest.mark.usefixtures("limited")
def test_reports_and_moves_are_never_refused_for_their_number(cast: Cast) -> None:
    asking = program(cast.resident)
    for turn in range(6):
        got = asking.post("/cases", {**REPORT, "words": f"第{turn}次 路灯不亮"})
        assert got.status == 201
        assert "RateLimit" not in got.headers
    for turn in range(4):
        more = {"verb": "add", "words": f"第{turn}次 还是不亮"}
        assert asking.post(f"/cases/{got.body['number']}/moves", more).status == 200


@pytest.mark.usefixtures("limited")
def test_a_window_begins_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = program(cast.resident)
    for _ in range(3):
        reader.get("/me")
    assert reader.get("/me").status == 429
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 61)
    assert reader.get("/me").status == 200


@pytest.mark.usefixtures("limited")
def test_counting_is_exact_among_threads_and_bounded_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linli.kernel.api_limits.MOST_KEPT", 50)
    from_networks = [f"203.0.{number}.0/24" for number in range(200)]
    for network in from_networks:
        api_limits.take(ANONYMOUS, network)
    assert len(api_limits._open) <= 50
    passed: list[int] = []

    def ask() -> None:
        for _ in range(20):
            try:
                api_limits.take(ANONYMOUS, "192.0.2.0/24")
                passed.append(1)
            except api_limits.TooOften:
                continue

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 2


# -- every operation at its door -----------------------------------------------------------------------------

DOORS = [
    (method.upper(), path, *openapi.declared(operation)) for path, method, operation in openapi.operations()
]
FILL = {
    "number": "261123048213",
    "clock_id": "1",
    "ticket": "0d0c2a4e-6a55-4f0f-9d3e-3a0b8f2f7c11",
    "code": "facilities",
    "day": "2026-12-24",
    "community": HERE,
}


@pytest.mark.parametrize(
    ("method", "path", "rule", "more"), DOORS, ids=[f"{method} {path}" for method, path, *_ in DOORS]
)
def test_every_door_asks_for_its_token_and_its_scope(
    cast: Cast, method: str, path: str, rule: Any, more: Any
) -> None:
    for part in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
        path = path.replace("{" + part + "}", FILL.get(part, "1"))
    bare = path.removeprefix("/api/v1")
    if rule.who.kind != "public":
        assert Program().ask(method, bare).code == "no_token"
    assert Program("lnl_unknown").ask(method, bare).code == "bad_token"
    if rule.scope:
        others = [scope for scope in ("cases:read", "cases:write", "places:read") if scope != rule.scope]
        got = program(cast.admin, *others).ask(method, bare)
        assert (got.status, got.code) == (403, "scope_missing")
