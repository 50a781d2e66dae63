"""What keys asked, written down: one row a key and day, added to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from linli.kernel import clock, scope
from linli.kernel.api_usage import Counts
from linli.kernel.clock import LOCAL
from linli.people import queries as people

ADD_SQL = """
INSERT INTO clients_apiusage (community_id, token_id, date, requests, refused, limited, failed, last_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (community_id, token_id, date) DO UPDATE SET
    requests = clients_apiusage.requests + excluded.requests, refused = clients_apiusage.refused + excluded.refused,
    limited = clients_apiusage.limited + excluded.limited, failed = clients_apiusage.failed + excluded.failed,
    last_at = greatest(clients_apiusage.last_at, excluded.last_at)
"""


def write(counted: Mapping[int, Counts], at: datetime | None = None) -> None:
    """Add what was counted to the rows of today; called by ``kernel.api_usage`` every few seconds."""
    moment = at or clock.of_database()
    where = people.token_communities(counted)
    today = moment.astimezone(LOCAL).date()
    rows = [
        (where[token_id], token_id, today, one.requests, one.refused, one.limited, one.failed, moment)
        for token_id, one in sorted(counted.items())
        if token_id in where
    ]
    with scope.within(set(where.values())), transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(ADD_SQL, rows)
