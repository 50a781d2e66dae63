"""What figures, their breakdowns and the rows behind them cost the database, over a community's whole past."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from linli.controlroom.queries import figures as asking
from linli.controlroom.queries.behind import behind
from linli.controlroom.rules.catalog import CATALOG
from linli.controlroom.rules.figures import By, Part, Period
from linli.kernel import scope
from linli.runtime.bench.ground import Ground
from linli.runtime.bench.load import cpu_seconds

TIMES = 3  # a question near the aim is asked so often; the median counts
PAGE = 50
AIM_MS = 300.0
# Of twenty cases one is open; of the others one in seventeen was declined; a third is rated, one in eleven came back.
CASES = """
INSERT INTO cases_case (community_id, number, code_digest, seal_id, kind, category_code, urgency, channel, words, anonymous,
    publish, quarantined, place_how, address, grid_id, building_id, place_path, state, organisation_id, bound, answer,
    public_words, reported_at, state_at, closed_at, due_at, due_stage, at_risk_at, solved, stars, returns, reopenings,
    urges, escalated, outside_number, batch, example, version)
SELECT %(community)s, '3' || lpad(n::text, 11, '0'), '\\x00', gen_random_uuid(),
    (ARRAY['help', 'complaint', 'inquiry', 'praise'])[1 + n %% 4], (%(categories)s::text[])[1 + (n * 7) %% %(branches)s],
    'normal', 'page', '-', false, false, false, 'unknown', '', g.id, (%(buildings)s::bigint[])[1 + n %% %(houses)s],
    g.path, CASE WHEN n %% 20 = 0 THEN 'handling' WHEN n %% 17 = 0 THEN 'declined' ELSE 'closed' END,
    (%(bodies)s::bigint[])[1 + n %% %(offices)s], false, '', '', at, %(at)s,
    CASE WHEN n %% 20 > 0 THEN at + interval '30 hours' END,
    CASE WHEN n %% 20 = 0 THEN %(at)s + (n %% 7 - 3) * interval '1 day' END, '', NULL,
    CASE WHEN n %% 3 = 0 THEN n %% 2 = 0 END, CASE WHEN n %% 3 = 0 THEN 1 + n %% 5 END, (n %% 11 = 0)::int, 0, 0, false,
    n::text, 'bench-figures', true, 5
FROM (SELECT n, %(at)s - n * interval '5 minutes' AS at FROM generate_series(1, %(rows)s) n) made
JOIN (SELECT id, path, row_number() OVER (ORDER BY id) - 1 AS lane, count(*) OVER () AS all FROM grids_place
      WHERE community_id = %(community)s AND level = 'grid' AND kind = 'base') g ON g.lane = made.n %% g.all
"""
# verb, state before, state after, hours after the report, which cases
MOVES = (
    ("report", "", "reported", 0, "true"),
    ("dispatch", "reported", "dispatched", 1, "true"),
    ("sign", "dispatched", "signed", 3, "true"),
    ("return", "signed", "returned", 4, "returns > 0"),
    ("handled", "signed", "handled", 24, "closed_at IS NOT NULL"),
    ("close", "handled", "closed", 30, "state = 'closed'"),
    ("rate", "closed", "closed", 40, "stars IS NOT NULL"),
)
MOVE = """
INSERT INTO cases_move (community_id, case_id, seq, verb, from_state, to_state, at, actor_role, reason, note, answer, data,
    organisation_id)
SELECT community_id, id, %(seq)s, %(verb)s, %(before)s, %(after)s, reported_at + %(hours)s * interval '1 hour', '', '', '',
    '', '{}', organisation_id
FROM cases_case WHERE batch = 'bench-figures' AND
"""
STAGES = ("accept", "dispatch", "sign", "first_contact", "resolve")
CLOCK = """
INSERT INTO cases_clockrow (community_id, case_id, stage, round, amount, unit, start_rule, started_at, stopped_at, met,
    due_at, pauses, extensions)
SELECT community_id, id, %(stage)s, 1, 5, 'hour', 'at_once', reported_at,
    CASE WHEN closed_at IS NOT NULL THEN reported_at + interval '3 hours' END,
    CASE WHEN closed_at IS NOT NULL THEN id %% 9 <> 0 END, reported_at + interval '5 hours', '[]', '[]'
FROM cases_case WHERE batch = 'bench-figures'
"""


def lay(ground: Ground, rows: int, at: datetime) -> None:
    """A past of so many cases, one every five minutes, each with its moves and five promises."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(id) FROM people_organisation WHERE community_id = %s", [ground.community_id]
        )
        bodies = cursor.fetchone()[0]
        cursor.execute(
            "SELECT array_agg(id) FROM grids_place WHERE community_id = %s AND level = 'building'",
            [ground.community_id],
        )
        buildings = cursor.fetchone()[0]
        cursor.execute(
            "SELECT array_agg(code ORDER BY code) || '{\"\"}' FROM cases_category WHERE community_id = %s",
            [ground.community_id],
        )
        categories = cursor.fetchone()[0]
        given: dict[str, Any] = {"community": ground.community_id, "rows": rows, "at": at, "bodies": bodies}
        given |= {"offices": len(bodies), "buildings": buildings, "houses": len(buildings)}
        cursor.execute(CASES, given | {"categories": categories, "branches": len(categories)})
        for seq, (verb, before, after, hours, which) in enumerate(MOVES, start=1):
            named: dict[str, Any] = {
                "seq": seq,
                "verb": verb,
                "before": before,
                "after": after,
                "hours": hours,
            }
            cursor.execute(MOVE + which, named)
        for stage in STAGES:
            cursor.execute(CLOCK, {"stage": stage})
        cursor.execute("VACUUM (ANALYZE) cases_case, cases_move, cases_clockrow")


class Meter:
    """What each statement took: milliseconds of CPU of the connection's server process, steadier than the clock."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.each: list[float] = []

    def __call__(self, execute: Callable[..., Any], *asked: Any) -> Any:
        before = cpu_seconds(self.pid)
        try:
            return execute(*asked)
        finally:
            self.each.append((cpu_seconds(self.pid) - before) * 1000)


@contextmanager
def _metered() -> Iterator[Meter]:
    connection.ensure_connection()
    meter = Meter(connection.connection.info.backend_pid)
    with connection.execute_wrapper(meter):
        yield meter


def figures(ground: Ground, at: datetime) -> dict[str, Any]:
    """Each figure over the whole past, whole and broken down, and the first page of the rows of each of its parts."""
    period = Period("days", at - timedelta(days=1000), at + timedelta(days=1))
    here: dict[str, Any] = {"community_id": ground.community_id, "period": period, "at": at}
    found: dict[str, dict[str, list[float]]] = {}
    with scope.within([ground.community_id]):
        for by in ("", *(each.value for each in By)):
            name = f"by {by}" if by else "whole"
            found[name] = {
                code: _asked(lambda code=code, by=by: asking.figures([code], by=by, **here))  # type: ignore[misc]  # a default keeps the loop's value
                for code in CATALOG
            }
        for part in Part:
            found[f"rows, {part.value}"] = {code: _page(code, part, here) for code in CATALOG}
            found[f"number of rows, {part.value}"] = {
                code: _asked(lambda code=code, part=part: behind(code, part.value, **here).number())  # type: ignore[misc]  # a default keeps the loop's value
                for code in CATALOG
            }
    return _told(found)


def _page(code: str, part: Part, here: dict[str, Any]) -> list[float]:
    return _asked(
        lambda: list(behind(code, part.value, **here).rows().order_by("-reported_at", "-id")[:PAGE])
    )


def _asked(question: Callable[[], object]) -> list[float]:
    """Milliseconds of CPU of each statement of a question, the median of some askings."""
    rounds: list[list[float]] = []
    while len(rounds) < TIMES:
        with _metered() as meter:
            question()
        rounds.append(meter.each)
        if max(meter.each, default=0.0) < AIM_MS / 3:
            break
    return [statistics.median(each) for each in zip(*rounds, strict=True)]


def _told(found: dict[str, dict[str, list[float]]]) -> dict[str, Any]:
    slowest = {
        name: max(((max(each, default=0.0), code) for code, each in codes.items()), default=(0.0, ""))
        for name, codes in found.items()
    }
    over = {
        f"{name}, {code}": round(max(each), 1)
        for name, codes in found.items()
        for code, each in codes.items()
        if each and max(each) > AIM_MS
    }
    return {
        "figures": len(CATALOG),
        "slowest statement, ms of CPU": {name: f"{ms:.1f} ({code})" for name, (ms, code) in slowest.items()},
        "most statements of a figure": max(len(each) for codes in found.values() for each in codes.values()),
        "over 300 ms": over,
    }
