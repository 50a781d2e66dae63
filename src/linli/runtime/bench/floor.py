"""The floor: the same server and database connection, a handler that does nothing but one raw insert."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import psycopg

from linli.kernel import numbering
from linli.site.wsgi import application as product

Start = Callable[..., Any]
_local = threading.local()
INSERT = """
INSERT INTO cases_case (community_id, number, code_digest, seal_id, kind, category_code, urgency, channel, words, anonymous,
    publish, quarantined, place_how, address, place_path, state, bound, answer, public_words, reported_at, state_at, due_stage,
    returns, reopenings, urges, escalated, outside_number, batch, example, version)
VALUES (%s, %s, '\\x00', gen_random_uuid(), 'help', '', 'normal', 'api', %s, false, false, false, 'unknown', '', '', 'reported',
    false, '', '', %s, %s, '', 0, 0, 0, false, '', '', true, 1)
"""


def _connection() -> psycopg.Connection[Any]:
    if getattr(_local, "connection", None) is None:
        _local.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        _local.connection.execute(
            "SELECT set_config('linli.scope', %s, false)", (os.environ["LINLI_BENCH_COMMUNITY"],)
        )
    found: psycopg.Connection[Any] = _local.connection
    return found


def _insert(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    body = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    at = datetime.now(UTC)  # noqa: TID251  (a door of its own)
    number = numbering.case_number(at)
    _connection().execute(
        INSERT, (os.environ["LINLI_BENCH_COMMUNITY"], number, body["words"], at, at), prepare=True
    )
    out = json.dumps({"number": number}).encode()
    start("201 Created", [("Content-Type", "application/json"), ("Content-Length", str(len(out)))])
    return [out]


def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """WSGI: ``/floor`` is the bare insert, everything else the product."""
    if environ.get("PATH_INFO") == "/floor":
        return _insert(environ, start)
    answer: Iterable[bytes] = product(environ, start)
    return answer
