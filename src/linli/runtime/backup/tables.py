"""A digest of every table: the same rows give the same digest, in whatever order they lie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

# A row's text depends on these; they are fixed so that two servers print the same row alike.
FIXED = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "row_security": "off",
}
TABLES = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname
"""
# Two halves of each row's md5, added up: no sorting, constant memory, and defined alike in every version.
DIGEST = """
SELECT count(*),
       coalesce(sum(('x' || left(mark, 16))::bit(64)::bigint::numeric), 0)::text || '.' ||
       coalesce(sum(('x' || right(mark, 16))::bit(64)::bigint::numeric), 0)::text
FROM (SELECT md5(t::text) AS mark FROM {table} t) AS marks
"""


@dataclass(frozen=True, slots=True)
class TableDigest:
    """How many rows, and what they add up to."""

    rows: int
    digest: str


@contextmanager
def snapshot(url: str) -> Iterator[psycopg.Connection]:
    """A connection that sees one moment of the database until it is closed."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for name, value in FIXED.items():
            connection.execute("SELECT set_config(%s, %s, true)", [name, value])
        yield connection
        connection.execute("COMMIT")


def digests(connection: psycopg.Connection) -> dict[str, TableDigest]:
    """The digest of every table of the schema ``public``, as a role that no wall holds back.

    :raises psycopg.errors.InsufficientPrivilege: when row-level security would hide rows from this role.
    """
    found = {}
    for (name,) in connection.execute(TABLES).fetchall():
        row = connection.execute(sql.SQL(DIGEST).format(table=sql.Identifier(name))).fetchone()
        found[name] = TableDigest(*row) if row else TableDigest(0, "0.0")
    return found


def differences(wanted: dict[str, TableDigest], found: dict[str, TableDigest]) -> list[str]:
    """One line for each table that is not as it should be."""
    lines = []
    for name in sorted(wanted.keys() | found.keys()):
        before, after = wanted.get(name), found.get(name)
        if before is None or after is None:
            lines.append(f"table {name} is {'missing' if after is None else 'not in the manifest'}")
        elif before != after:
            lines.append(
                f"table {name}: {before.rows} rows in the backup, {after.rows} here, contents differ"
            )
    return lines
