"""What the league costs: a city's workers ranked in the database, one community's week from nothing, one worker's page."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection

from linli.assessment.actions import ranking, runs, schemes
from linli.assessment.queries import runs as told
from linli.assessment.queries.runs import RunRow
from linli.assessment.rules.periods import Period, before, holding
from linli.assessment.rules.subjects import Level
from linli.grids import models as grids
from linli.grids import queries as places
from linli.grids.rules.words import Role
from linli.kernel import scope
from linli.kernel.access import SYSTEM
from linli.kernel.clock import LOCAL
from linli.people import models as people
from linli.runtime.bench.ground import Ground

WORKERS, INDICATORS, CASES, PAST = 50, 20, 3_000, 200
AIM = {"ranked seconds": 60.0, "week seconds": 1.0, "page ms": 10.0}
# Each indicator measured as a fraction; its points are whole thousandths of its weight of five percent, halves up.
MEASURED = """
CREATE UNLOGGED TABLE bench_measured AS
SELECT n AS worker, n / 5 AS grid, n / 50 AS community, n / 500 AS street,
    (SELECT array_agg((random() * 40)::int) FROM generate_series(1, %(indicators)s) WHERE n > 0) AS done,
    (SELECT array_agg(40) FROM generate_series(1, %(indicators)s)) AS due
FROM generate_series(1, %(workers)s) n
"""
RANKED = """
CREATE UNLOGGED TABLE bench_ranked AS
WITH points AS (
    SELECT worker, grid, community, street,
        (SELECT sum((2 * 5000 * least(a, b) + b) / (2 * b)) FROM unnest(done, due) one(a, b)) AS total
    FROM bench_measured
)
SELECT worker, total,
    rank() OVER (PARTITION BY grid ORDER BY total DESC) AS in_grid,
    rank() OVER (PARTITION BY community ORDER BY total DESC) AS in_community,
    rank() OVER (PARTITION BY street ORDER BY total DESC) AS in_street,
    rank() OVER (ORDER BY total DESC) AS in_city
FROM points
"""
TIES = "SELECT count(*) - count(DISTINCT total) FROM bench_ranked"
#: The run's scores and parts as they would stand after years of weeks.
OLDER = (
    """
    INSERT INTO assessment_run (community_id, scheme_id, version_id, since_date, until_date, number, state, cause, ranked,
        digest, code_version, result_digest, subjects, computed_at, reviewed_at, review_note, announced_at, final_at)
    SELECT community_id, scheme_id, version_id, since_date - 7 * n, until_date - 7 * n, 1, 'final', cause, ranked, digest,
        code_version, result_digest, subjects, computed_at, computed_at, '', computed_at, computed_at
    FROM assessment_run, generate_series(1, %(past)s) n WHERE id = %(run)s
    """,
    """
    INSERT INTO assessment_score (community_id, run_id, subject_kind, subject_id, total, rank, peers, band, load)
    SELECT s.community_id, r.id, s.subject_kind, s.subject_id, s.total, s.rank, s.peers, s.band, s.load
    FROM assessment_score s, assessment_run r WHERE s.run_id = %(run)s AND r.id <> %(run)s
    """,
    """
    INSERT INTO assessment_part (community_id, run_id, subject_id, "order", indicator, numerator, denominator, points, most,
        why, explanation)
    SELECT p.community_id, r.id, p.subject_id, p."order", p.indicator, p.numerator, p.denominator, p.points, p.most, p.why,
        p.explanation
    FROM assessment_part p, assessment_run r WHERE p.run_id = %(run)s AND r.id <> %(run)s
    """,
)


def lay(ground: Ground, workers: int, at: datetime) -> None:
    """As the owner: the city's measured values, and fifty workers who have the community's cases."""
    workers_ = _workers(ground, at)
    with connection.cursor() as cursor:
        cursor.execute(MEASURED, {"workers": workers, "indicators": INDICATORS})
        cursor.execute(
            "UPDATE cases_case SET handler_id = (%s::bigint[])[1 + id %% %s] WHERE batch = 'bench-figures'",
            (workers_, len(workers_)),
        )
        for table in ("bench_measured", "cases_case", "cases_move", "cases_clockrow"):
            cursor.execute(f"ANALYZE {table}")


def _workers(ground: Ground, at: datetime) -> list[int]:
    """The accounts of fifty grid workers: those who are there, and as many more as are missing."""
    day = places.day_of(at)
    there = sorted(
        {
            one.account_id
            for one in places.duties(ground.community_id, day)
            if one.role == Role.GRID_WORKER.value
        }
    )
    where = places.subtree(f"{ground.community_id}.", "grid")
    more = people.Account.objects.bulk_create(
        people.Account(short_name="王*", example=True, created_at=at, password="!")
        for _ in range(WORKERS - len(there))
    )
    grids.Duty.objects.bulk_create(
        grids.Duty(
            community_id=ground.community_id,
            place_id=where[number % len(where)].id,
            account=one,
            role=Role.GRID_WORKER.value,
            from_date=day - timedelta(days=90),
        )
        for number, one in enumerate(more)
    )
    return [*there, *(one.pk for one in more)]


def rank(workers: int) -> dict[str, Any]:
    """As the owner: every worker's points from twenty indicators, and the rank in grid, community, street and city."""
    with connection.cursor() as cursor:
        begun = time.perf_counter()
        cursor.execute(RANKED)
        seconds = time.perf_counter() - begun
        cursor.execute(TIES)
        ties = int(cursor.fetchone()[0])
    return {
        "workers": workers,
        "indicators": INDICATORS,
        "scopes": 4,
        "seconds": round(seconds, 1),
        "ties": ties,
    }


def league(
    ground: Ground, at: datetime, ranked: dict[str, Any], become_owner: Callable[[], Any]
) -> dict[str, Any]:
    """One week of the community from nothing, and one worker's page among the scores of years."""
    scope.enter([ground.community_id])
    since, _ = before(Period.WEEK, holding(Period.WEEK, places.day_of(at))[0])
    scheme_id = _published(ground.community_id, since)
    begun = time.perf_counter()
    made = runs.compute(
        actor=SYSTEM, community_id=ground.community_id, scheme_id=scheme_id, since_date=since, at=at
    )
    week = time.perf_counter() - begun
    run = told.as_row(made)
    cases = len(told.inputs_of(run.id).rows["cases"])
    become_owner()
    scope.enter([ground.community_id])
    _grow(run)
    spent = [_page(run, score.subject_id) for score in told.scores(run.id)]
    return {
        "aim": AIM,
        "ranked": ranked,
        "week": {"workers": run.subjects, "cases": cases, "seconds": round(week, 2)},
        "page": {
            "runs": PAST + 1,
            "median ms": round(statistics.median(spent), 2),
            "slowest ms": round(max(spent), 2),
        },
    }


def _published(community_id: int, since: date) -> int:
    earlier = datetime.combine(since - timedelta(days=3), datetime.min.time(), tzinfo=LOCAL)
    ranking.switch_on(actor=SYSTEM, community_id=community_id, legal_basis="示例决议", at=earlier)
    draft = schemes.adopt(
        actor=SYSTEM, community_id=community_id, code="lvxing_week", key=uuid4(), at=earlier
    )
    schemes.publish(
        actor=SYSTEM,
        version_id=draft.pk,
        valid_from=since,
        why="量一量要多久",
        legal_basis="示例决议",
        at=earlier,
    )
    return int(draft.scheme_id)


def _grow(run: RunRow) -> None:
    with connection.cursor() as cursor:
        for statement in OLDER:
            cursor.execute(statement, {"run": run.id, "past": PAST})
        for table in ("run", "score", "part"):
            cursor.execute(f"ANALYZE assessment_{table}")


def _page(run: RunRow, subject_id: int) -> float:
    """What the database takes for one worker's page, in milliseconds: score, parts, neighbours, trend."""
    with _timed() as spent:
        score = told.of_subject(run.id, subject_id)
        if score is not None:
            told.parts(run.id, subject_id)
            told.neighbours(run.id, score)
            told.history(run.scheme_id, subject_id, kind=Level.WORKER.value, community_id=run.community_id)
    return sum(spent) * 1000


@contextmanager
def _timed() -> Iterator[list[float]]:
    spent: list[float] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001  (Django's order)
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent.append(time.perf_counter() - begun)

    with connection.execute_wrapper(watch):
        yield spent
