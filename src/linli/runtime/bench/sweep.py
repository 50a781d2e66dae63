"""The sweep of what is due: so many cases whose moment has come at once, after a worker was away for hours."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from linli.cases.actions import sweeping
from linli.kernel import clock, scope
from linli.kernel.clock import LOCAL
from linli.runtime.bench.ground import Ground

# Of ten cases four have just broken, three came to be at risk, two wait for their supervision, one is paused and its day
# has come. The promises are real ones: the sweep computes each clock and finds its rung.
CASES = """
INSERT INTO cases_case (community_id, number, code_digest, seal_id, kind, category_code, urgency, channel, words, anonymous,
    publish, quarantined, place_how, address, grid_id, place_path, state, bound, answer, public_words, reported_at,
    state_at, due_at, due_stage, at_risk_at, returns, reopenings, urges, escalated, outside_number, batch, example, version)
SELECT %(community)s, '190101' || lpad(n::text, 6, '0'), '\\x00', gen_random_uuid(), 'complaint', '', 'normal', 'page', '-',
    false, true, false, 'unknown', '', NULL, %(community)s || '.', CASE WHEN n %% 10 = 9 THEN 'paused' ELSE 'handling' END,
    false, '', '', %(at)s, %(at)s, NULL, '', NULL, 0, 0, 0, false, n::text, 'bench-sweep', true, 1
FROM generate_series(1, %(rows)s) n
"""
CLOCKS = """
INSERT INTO cases_clockrow (community_id, case_id, stage, round, amount, unit, start_rule, started_at, due_at, at_risk_at,
    broken_at, reminded_at, ladder_at, ladder_level, pauses, extensions)
SELECT community_id, id, 'resolve', 1, CASE WHEN kind < 4 OR kind IN (7, 8) THEN 1 ELSE 10 END, 'hour', 'at_once', started,
    CASE WHEN kind < 4 OR kind IN (7, 8) THEN started + interval '1 hour'
         WHEN kind = 9 THEN NULL ELSE started + interval '10 hours' END,
    CASE WHEN kind < 4 OR kind IN (7, 8) THEN started + interval '49 minutes'
         WHEN kind = 9 THEN NULL ELSE started + interval '8 hours' END,
    CASE WHEN kind IN (7, 8) THEN started + interval '1 hour' END,
    CASE WHEN kind < 4 OR kind IN (7, 8) THEN started + interval '50 minutes' END,
    CASE WHEN kind = 9 THEN NULL ELSE started END, CASE WHEN kind < 4 THEN 1 WHEN kind IN (7, 8) THEN 3 ELSE 0 END,
    CASE WHEN kind = 9
         THEN jsonb_build_array(jsonb_build_object('from', %(at)s - interval '4 hours', 'until', NULL, 'move', 1))
         ELSE '[]' END, '[]'
FROM (SELECT id, community_id, number::bigint %% 10 AS kind, %(at)s - CASE number::bigint %% 10
        WHEN 0 THEN interval '61 minutes' WHEN 1 THEN interval '61 minutes' WHEN 2 THEN interval '61 minutes'
        WHEN 3 THEN interval '61 minutes' WHEN 7 THEN interval '10 days' WHEN 8 THEN interval '10 days'
        WHEN 9 THEN interval '5 hours' ELSE interval '9 hours' END AS started
      FROM cases_case WHERE batch = 'bench-sweep') ready
"""
REQUESTS = """
INSERT INTO cases_request (community_id, case_id, kind, until, why, asked_by_id, asked_at, decided_at, granted)
SELECT community_id, id, 'pause', %(at)s - interval '1 minute', '-', %(person)s, %(at)s - interval '4 hours',
    %(at)s - interval '4 hours', true
FROM cases_case WHERE batch = 'bench-sweep' AND state = 'paused'
"""
COUNTED = """
SELECT (SELECT count(*) FROM cases_move WHERE at = %(at)s AND verb = 'escalate'),
    (SELECT count(*) FROM cases_move WHERE at = %(at)s AND verb = 'resume'),
    (SELECT count(*) FROM cases_supervision WHERE opened_at = %(at)s),
    (SELECT count(*) FROM cases_clockrow WHERE broken_at = %(at)s),
    (SELECT count(*) FROM cases_clockrow WHERE reminded_at = %(at)s)
"""
KINDS = ("rungs climbed", "pauses ended", "letters opened", "promises broken", "reminders")


def sweep(ground: Ground, rows: int) -> dict[str, Any]:
    """One sweep over this many due cases of one community, and a second over the same moment, which finds nothing."""
    at = clock.now().astimezone(LOCAL).replace(hour=10, minute=0, second=0, microsecond=0)  # no quiet hour
    given: dict[str, Any] = {
        "community": ground.community_id,
        "rows": rows,
        "at": at,
        "person": ground.dispatcher_id,
    }
    with scope.within([ground.community_id]), transaction.atomic(), connection.cursor() as cursor:
        for statement in (CASES, CLOCKS, REQUESTS):
            cursor.execute(statement, given)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case, cases_clockrow, cases_request")
    backend = _backend_cpu()
    began, worked = time.perf_counter(), time.process_time()
    sweeping.sweep(at)
    seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    database = _backend_cpu() - backend
    began = time.perf_counter()
    again = sweeping.sweep(at)
    second = time.perf_counter() - began
    with scope.within([ground.community_id]), connection.cursor() as cursor:
        cursor.execute(COUNTED, given)
        counted = dict(zip(KINDS, cursor.fetchone(), strict=True))
    return {
        "due cases": rows,
        "seconds": round(seconds, 2),
        "seconds of CPU in the worker": round(cpu, 2),
        "seconds of CPU in PostgreSQL": round(database, 2),
        "cases a second": round(rows / seconds),
        **counted,
        "a second pass, found": again,
        "a second pass, seconds": round(second, 3),
    }


def _backend_cpu() -> float:
    """Seconds of CPU that the server's process of this connection has used; 0 where that is not to be read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
