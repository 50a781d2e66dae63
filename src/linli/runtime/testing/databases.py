"""Test databases: one a test process, copied from what the migrations leave (:mod:`linli.runtime.testing.kept`).

The copy holds, in the schema ``linli_seed``, the rows that migrations put into tables, so that a test with real commits
can leave every table as the migrations did.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connections
from psycopg import sql

from linli.runtime.postgres import APP_ROLE, OWNER_ROLE
from linli.runtime.testing.kept import TABLES, TEMPLATE
from linli.runtime.testing.server import Use


def build(use: Use, name: str) -> None:
    """Make the database ``name`` as the migrations leave it, owned by the owning role."""
    with psycopg.connect(use.postgres.superuser_url(), autocommit=True) as server:
        drop(server, name)
        _copy(server, TEMPLATE, name)


def drop(server: psycopg.Connection, name: str) -> None:
    """Remove a database although somebody may still be connected to it."""
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def connect_django(use: Use, name: str, role: str) -> None:
    """Point Django's default connection, in every thread, at the database ``name`` as ``role``."""
    connections["default"].close()
    for target in (connections.settings["default"], connections["default"].settings_dict):
        target.update({"NAME": name, "USER": role, "HOST": str(use.postgres.socket_folder), "PORT": ""})


@contextmanager
def superuser(use: Use, name: str) -> Iterator[psycopg.Connection]:
    """A connection that no wall holds back."""
    with psycopg.connect(use.postgres.superuser_url(name)) as connection:
        yield connection


def restore_seed(use: Use, name: str) -> None:
    """Empty every table that holds rows and put back what the migrations had written.

    Triggers and foreign keys are off meanwhile (``session_replication_role``), so append-only tables can be
    emptied too. A test that left a transaction open makes this fail after ten seconds instead of hanging.
    """
    with superuser(use, name) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET lock_timeout = '10s'")
        tables = dict(connection.execute(TABLES).fetchall())
        seeded = {row[0] for row in connection.execute("SELECT name FROM linli_seed.kept_tables")}
        asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables)
        filled = {row[0] for row in connection.execute(asked.encode())} if asked else set()
        if filled | seeded:
            listed = ", ".join(sorted(filled | seeded))
            connection.execute(f"TRUNCATE {listed} RESTART IDENTITY CASCADE".encode())
        for table in seeded:
            columns = ", ".join(tables[table])
            connection.execute(
                f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE "
                f"SELECT {columns} FROM linli_seed.{table}".encode()
            )
        connection.execute("SELECT setval(name::regclass, last_value) FROM linli_seed.kept_sequences")


def _copy(server: psycopg.Connection, source: str, name: str) -> None:
    made = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy")
    server.execute(made.format(sql.Identifier(name), sql.Identifier(OWNER_ROLE), sql.Identifier(source)))
    server.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    server.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), sql.Identifier(APP_ROLE))
    )
