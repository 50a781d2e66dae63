"""The measured paths. Each returns plain figures; what is switched on is said beside them."""

from __future__ import annotations

import json
import os
import statistics
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client

from linli.cases import access as case_access
from linli.cases.queries import queue
from linli.grids import queries as places
from linli.grids.bench import bench_locate
from linli.kernel import clock, scope
from linli.runtime.bench.ground import Ground, number_of_some_case
from linli.runtime.bench.load import Ask, Run, run

ROUNDS = 5
CONNECTIONS = 16
ON = "token, scopes, limits, locating, promise, receipt, audit, outbox, live, metrics, row-level security"
WORDS = {
    "two characters": "路灯",
    "three": "垃圾桶",
    "a phrase": "半夜十二点",
    "rare": "冲击钻",
    "one character": "灯",
}


@dataclass(frozen=True, slots=True)
class Server:
    """The web process under measurement."""

    port: int
    pid: int


def _token(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def _report(ground: Ground, turn: int) -> bytes:
    lon, lat = ground.points[turn % len(ground.points)]
    words = f"第{turn}次:楼下的路灯三天不亮了,晚上老人出门看不见路,请尽快安排人来修一下。"
    return json.dumps(
        {"community": "520113008006", "words": words, "place": {"lon": lon, "lat": lat}}
    ).encode()


def intake(ground: Ground, server: Server, *, seconds: float) -> dict[str, Any]:
    """Reports through the API against a bare insert on the same server, in turns."""

    def ours(turn: int) -> Ask:
        secret = ground.residents[turn % len(ground.residents)]
        headers = {**_token(secret), "Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        return Ask("POST", "/api/v1/cases", _report(ground, turn), headers)

    def floor(turn: int) -> Ask:
        return Ask("POST", "/floor", _report(ground, turn), {"Content-Type": "application/json"})

    def lowest(turn: int) -> Ask:
        return Ask("POST", "/wsgi", _report(ground, turn), {"Content-Type": "application/json"})

    mine, bare = _in_turns(server, ours, floor, seconds)
    without = run(server.port, lowest, pid=server.pid, connections=CONNECTIONS, seconds=seconds)
    statements = _statements(lambda client: _post(client, ground), ground.residents[0])
    return _figures(mine, bare) | {
        "sql": statements,
        "quarantined": _quarantined(),
        "wsgi_rate": round(without.rate, 2),
        "wsgi_cpu_ms": round(without.cpu_ms, 2),
        "floor": "Django and ninja without middleware, one validated body, one raw insert",
        "wsgi": "no framework, one raw prepared insert",
        "on": ON,
        "connections": CONNECTIONS,
    }


def _quarantined() -> int:
    """Reports over their reporter's allowance: they are stored all the same, but told to fewer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case WHERE quarantined")
        return int(cursor.fetchone()[0])


def _post(client: Client, ground: Ground) -> int:
    answer = client.post("/api/v1/cases", _report(ground, 1), content_type="application/json")
    return answer.status_code


def _in_turns(
    server: Server, ours: Callable[[int], Ask], floor: Callable[[int], Ask], seconds: float
) -> tuple[list[Run], list[Run]]:
    for make in (ours, floor):
        run(server.port, make, pid=server.pid, connections=CONNECTIONS, seconds=1)
    mine, bare = [], []
    for _ in range(ROUNDS):
        bare.append(run(server.port, floor, pid=server.pid, connections=CONNECTIONS, seconds=seconds))
        mine.append(run(server.port, ours, pid=server.pid, connections=CONNECTIONS, seconds=seconds))
    return mine, bare


def _figures(mine: list[Run], bare: list[Run] | None = None) -> dict[str, Any]:
    def middle(runs: list[Run], name: str) -> float:
        return float(round(statistics.median(getattr(one, name) for one in runs), 2))

    found: dict[str, Any] = {name: middle(mine, name) for name in ("rate", "cpu_ms", "median_ms", "p99_ms")}
    found["requests"] = sum(one.done for one in mine)
    if bare:
        ratios = [one.rate / other.rate for one, other in zip(mine, bare, strict=True) if other.rate]
        found |= {"floor_rate": middle(bare, "rate"), "floor_cpu_ms": middle(bare, "cpu_ms")}
        found["ratio"] = round(statistics.median(ratios), 3)
    return found


def _statements(ask: Callable[[Client], int], secret: str) -> int:
    """SQL statements of one request, counted where they are executed, caches warm."""
    client = Client(headers=_token(secret))
    ask(client)
    before = connection.linli_statements  # type: ignore[attr-defined]  # our own backend counts
    status = ask(client)
    if status >= 400:
        raise RuntimeError(f"the measured request was refused: {status}")
    return int(connection.linli_statements - before)  # type: ignore[attr-defined]  # as above


def _read(ground: Ground, server: Server, path: str, seconds: float) -> dict[str, Any]:
    def make(turn: int) -> Ask:
        return Ask("GET", path, None, _token(ground.readers[turn % len(ground.readers)]))

    run(server.port, make, pid=server.pid, connections=2, seconds=1)
    runs = [run(server.port, make, pid=server.pid, connections=2, seconds=seconds) for _ in range(ROUNDS)]
    return _figures(runs) | {
        "sql": _statements(lambda client: client.get(path).status_code, ground.readers[0])
    }


def listing(ground: Ground, server: Server, *, seconds: float) -> dict[str, Any]:
    """A list of 100 cases with their clocks."""
    figures = _read(ground, server, "/api/v1/cases?size=100&view=all", seconds)
    return figures | {
        "database_ms": _list_at_the_database(ground),
        "on": "token, scopes, row-level security, names, clocks",
    }


def detail(ground: Ground, server: Server, *, seconds: float) -> dict[str, Any]:
    """One case with its history, clocks and possible moves."""
    figures = _read(ground, server, f"/api/v1/cases/{number_of_some_case()}", seconds)
    return figures | {"on": "token, scopes, row-level security, timeline, clocks, moves"}


def _plan_ms(sql: str, params: tuple[Any, ...]) -> float:
    with connection.cursor() as cursor:
        times = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            cursor.execute(sql, params)
            cursor.fetchall()
            times.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(times), 2)


def _query(ground: Ground, **given: str) -> float:
    actor = places.actor(ground.dispatcher_id, clock.now())
    if actor is None:
        raise LookupError("dispatcher")
    with scope.within([ground.community_id]):
        wanted = queue.Filter.read({"view": "all", **given})
        found = queue.filtered(case_access.visible(actor), wanted, at=clock.now())
        sql, params = found.select_related("organisation", "grid", "building")[:100].query.sql_with_params()
        return _plan_ms(sql, params)


def _list_at_the_database(ground: Ground) -> dict[str, float]:
    return {
        "newest 100": _query(ground),
        "open 100": _query(ground, view="open"),
        "broken 100": _query(ground, view="open", clock="broken"),
        "next due 100": _query(ground, view="open", order="due"),
    }


def search(ground: Ground) -> dict[str, Any]:
    """Searches at the database, the first 100 hits, median of five."""
    found = {name: _query(ground, q=words) for name, words in WORDS.items()}
    found["a number"] = _query(ground, q=number_of_some_case())
    return {"database_ms": found, "slowest_ms": max(found.values())}


def locate(*, grids: int = 100_000, lookups: int = 100_000) -> dict[str, Any]:
    """Single look-ups of random points in a made-up city."""
    return bench_locate(grids, lookups) | {"cores": os.cpu_count()}
