"""The ground a bench stands on: a fresh database, one example community, tokens, and as many cases as asked."""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from linli.cases.actions import defaults
from linli.grids import demo_places
from linli.grids import queries as places
from linli.grids.actions.importing import import_places
from linli.kernel import access, clock, numbering, scope, text
from linli.people import models
from linli.people.actions import tokens
from linli.people.queries import token_digest
from linli.people.rules import TOKEN_MARK, Level
from linli.site.demo.settlers import SINCE, Settlers
from linli.site.demo.words import MATTERS, PLACES

COMMUNITY = "520113008006"
TEXTS = 4000
CHUNK = 50_000
RESIDENTS = 1000  # who report in turn: 30,000 reports before one is over its reporter's allowance
READERS = 64  # tokens of the dispatcher, each with its own allowance of reads

# Synthetic rows for volume only: the paths under measurement read and write through the product's own code.
GROW = """
INSERT INTO cases_case (community_id, number, code_digest, seal_id, kind, category_code, urgency, channel, words, anonymous,
    publish, quarantined, place_how, address, grid_id, place_path, state, bound, answer, public_words, reported_at,
    state_at,
    due_at, due_stage, at_risk_at, returns, reopenings, urges, escalated, outside_number, batch, example, version, search)
SELECT %(community)s, to_char(at, 'YYMMDD') || lpad((n %% 1000000)::text, 6, '0'), '\\x00', gen_random_uuid(),
    'complaint', s.category, 'normal', 'page', s.words, false, true, false, 'unknown', '', g.id, g.path,
    CASE WHEN n %% 50 = 0 THEN 'dispatched' ELSE 'closed' END, false, '', '', at, at, at + interval '1 day', 'resolve',
    at + interval '18 hours', 0, 0, 0, false, '', '', true, 1, s.vector
FROM (SELECT n, %(now)s - (n * %(step)s) * interval '1 second' AS at FROM generate_series(%(first)s, %(last)s) n) t
JOIN bench_texts s ON s.id = (t.n::bigint * 7919) %% %(texts)s
JOIN bench_grids g ON g.lane = t.n %% %(grids)s
"""
MOVES = """
INSERT INTO cases_move (community_id, case_id, seq, verb, from_state, to_state, at, actor_role, reason, note, answer, data)
SELECT community_id, id, 1, 'report', '', 'reported', reported_at, 'reporter', '', '', '', '{}' FROM cases_case one
WHERE id > %s AND id <= %s AND NOT EXISTS (SELECT 1 FROM cases_move m WHERE m.case_id = one.id)
"""


@dataclass(slots=True)
class Ground:
    """A community to measure in."""

    community_id: int = 0
    readers: list[str] = field(default_factory=list)  # API tokens of one dispatcher
    residents: list[str] = field(default_factory=list)  # an API token of each
    points: list[tuple[float, float]] = field(default_factory=list)
    dispatcher_id: int = 0


def lay() -> Ground:
    """Make the places, people and reference data of one example community, and tokens for its people."""
    at = clock.now()
    import_places(actor=access.SYSTEM, sheets=demo_places.sheets(), at=at)
    community = places.place_by_code(COMMUNITY)
    if community is None:
        raise LookupError(COMMUNITY)
    scope.enter([community.id])
    defaults.install(actor=access.SYSTEM, community_id=community.id, at=at, from_date=SINCE)
    town = Settlers(community, 0, at, "!").settle()
    ground = Ground(community_id=community.id, dispatcher_id=town.of("dispatcher")[0].account_id)
    ground.readers = [_token(ground.dispatcher_id) for _ in range(READERS)]
    ground.residents = _residents(community.id, at)
    ground.points = [
        (one.lon, one.lat) for one in town.buildings if one.lon is not None and one.lat is not None
    ]
    return ground


def _token(account_id: int) -> str:
    at = clock.now()
    actor = places.actor(account_id, at, mfa=True)
    if actor is None:
        raise LookupError(str(account_id))
    return tokens.issue_token(actor=actor, name="bench", scopes=["cases:read", "cases:write"], at=at)[1]


def _residents(community_id: int, at: datetime) -> list[str]:
    """Proven residents of the community, and a token of each: written as rows, because they are so many."""
    people = models.Account.objects.bulk_create(
        models.Account(short_name="王*", level=Level.RESIDENT, example=True, created_at=at, password="!")
        for _ in range(RESIDENTS)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO grids_membership (community_id, account_id, since) SELECT %s, unnest(%s), %s",
            (community_id, [person.pk for person in people], at),
        )
    secrets_ = [f"{TOKEN_MARK}{secrets.token_urlsafe(32)}" for _ in people]
    models.ApiToken.objects.bulk_create(
        models.ApiToken(
            account=person,
            name="bench",
            digest=token_digest(secret),
            scopes=["cases:read", "cases:write"],
            expires_at=at + timedelta(days=1),
        )
        for person, secret in zip(people, secrets_, strict=True)
    )
    return secrets_


def grow(ground: Ground, rows: int) -> None:
    """Fill the table of cases up to this many rows, spread over the years, with searchable example words."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(max(id), 0) FROM cases_case")
        here, last_id = cursor.fetchone()
        if here >= rows:
            return
        _texts(cursor)
        grids = _grids(cursor, ground.community_id)
        step = max(1, int(timedelta(days=1500).total_seconds()) // rows)
        base: dict[str, Any] = {
            "community": ground.community_id,
            "now": clock.now(),
            "step": step,
            "texts": TEXTS,
            "grids": grids,
        }
        for first in range(here + 1, rows + 1, CHUNK):
            cursor.execute(GROW, base | {"first": first, "last": min(rows, first + CHUNK - 1)})
        cursor.execute("SELECT max(id) FROM cases_case")
        cursor.execute(MOVES, (last_id, cursor.fetchone()[0]))
        cursor.execute("VACUUM (ANALYZE) cases_case")
        cursor.execute("ANALYZE cases_move")


def open_all(ground: Ground) -> None:
    """Let every case of the community be open, at its own place on the map, as after a great storm."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET state = 'accepted', lon = %s + (id %% 997) * 0.00001, lat = %s + (id %% 991) * 0.00001"
            " WHERE community_id = %s",
            (*(ground.points[0] if ground.points else (106.65, 26.65)), ground.community_id),
        )
        cursor.execute("VACUUM (ANALYZE) cases_case")


def _grids(cursor: object, community_id: int) -> int:
    execute, fetchone = cursor.execute, cursor.fetchone  # type: ignore[attr-defined]  # Django's cursor wrapper
    execute(
        "CREATE TEMP TABLE IF NOT EXISTS bench_grids AS SELECT (row_number() OVER (ORDER BY id) - 1)::int AS lane, id, path"
        " FROM grids_place WHERE community_id = %s AND level = 'grid' AND kind = 'base'",
        (community_id,),
    )
    execute("SELECT count(*) FROM bench_grids")
    return int(fetchone()[0])


def _texts(cursor: object) -> None:
    execute = cursor.execute  # type: ignore[attr-defined]  # as above
    chance = random.Random(11)
    execute(
        "CREATE TEMP TABLE IF NOT EXISTS bench_texts (id int PRIMARY KEY, category text, words text, vector tsvector)"
    )
    rows = []
    for number in range(TEXTS):
        matter = chance.choice(MATTERS)
        place = chance.choice(PLACES).format(
            building=f"{chance.randrange(1, 90)}栋", grid=f"第{chance.randrange(1, 9)}网格"
        )
        extra = "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(40))
        words = chance.choice(matter.said).format(place=place) + extra
        rows.append((number, matter.category, words, text.vector_text(words)))
    with connection.cursor() as many:
        many.executemany(
            "INSERT INTO bench_texts VALUES (%s, %s, %s, %s::tsvector) ON CONFLICT DO NOTHING",
            rows,
        )


def number_of_some_case() -> str:
    """A case number that exists."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM cases_case ORDER BY id DESC LIMIT 1")
        return numbering.pretty_number(str(cursor.fetchone()[0]))
