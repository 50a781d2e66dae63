"""The floors: what the same server does when a handler does nothing but one raw insert.

``/floor`` is a bare handler of the same framework: Django and ninja without middleware, one validated body, one insert
through Django's connection. ``/wsgi`` does without the framework too: it is what the server and the database give at most.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import orjson
import psycopg
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI
from pydantic import BaseModel

from linli.kernel import scope
from linli.site.wsgi import application as product

Start = Callable[..., Any]
_local = threading.local()
INSERT = """
INSERT INTO cases_case (community_id, number, code_digest, seal_id, kind, category_code, urgency, channel, words, anonymous,
    publish, quarantined, place_how, address, place_path, state, bound, answer, public_words, reported_at, state_at,
    due_stage, returns, reopenings, urges, escalated, outside_number, batch, example, version)
VALUES (%s, %s, '\\x00', gen_random_uuid(), 'help', '', 'normal', 'api', %s, false, false, false, 'unknown', '', '',
    'reported', false, '', '', %s, %s, '', 0, 0, 0, false, '', '', true, 1)
"""


class Place(BaseModel):
    """As the product's own, shortened."""

    lon: float | None = None
    lat: float | None = None


class Body(BaseModel):
    """As the product's own, shortened."""

    community: str
    words: str
    place: Place = Place()


def _values(words: str) -> tuple[Any, ...]:
    """The values of one row; its number is as random as the product's, from so wide a range that none is met twice."""
    at = datetime.now(UTC)  # noqa: TID251  (a door of its own)
    return os.environ["LINLI_BENCH_COMMUNITY"], f"0{secrets.randbelow(10**11):011d}", words, at, at


bare_api = NinjaAPI(urls_namespace="floor", openapi_url=None, docs_url=None)


@bare_api.post("/floor")
def insert(request: HttpRequest, body: Body) -> HttpResponse:
    """One validated body, one insert."""
    scope.enter([int(os.environ["LINLI_BENCH_COMMUNITY"])])
    values = _values(body.words)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, values)
    return HttpResponse(orjson.dumps({"number": values[1]}), status=201, content_type="application/json")


urlpatterns = [path("", bare_api.urls)]


class Bare(WSGIHandler):
    """Django without any middleware, with only the bare handler."""

    def load_middleware(self, is_async: bool = False) -> None:
        """None at all."""
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        self._middleware_chain = convert_exception_to_response(self._here)

    def _here(self, request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__
        found: HttpResponse = self._get_response(request)  # type: ignore[attr-defined]  # Django's own, not in the stubs
        return found


bare = Bare()


def _own_connection() -> psycopg.Connection[Any]:
    if getattr(_local, "connection", None) is None:
        _local.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        _local.connection.execute(
            "SELECT set_config('linli.scope', %s, false)", (os.environ["LINLI_BENCH_COMMUNITY"],)
        )
    found: psycopg.Connection[Any] = _local.connection
    return found


def _without_framework(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    body = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    values = _values(body["words"])
    _own_connection().execute(INSERT, values, prepare=True)
    out = json.dumps({"number": values[1]}).encode()
    start("201 Created", [("Content-Type", "application/json"), ("Content-Length", str(len(out)))])
    return [out]


def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """WSGI: the floors at their paths, everything else the product."""
    handlers: dict[str, Callable[..., Any]] = {"/wsgi": _without_framework, "/floor": bare}
    answered: Iterable[bytes] = handlers.get(environ.get("PATH_INFO", ""), product)(environ, start)
    return answered
