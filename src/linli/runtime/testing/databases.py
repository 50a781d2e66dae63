"""Test databases: migrated once as the owning role into a template, then copied for each test process.

The template also keeps, in the schema ``linli_seed``, the rows that migrations put into tables, so that a
test with real commits can leave every table as the migrations did.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from linli.kernel import walls
from linli.runtime.postgres import APP_ROLE, OWNER_ROLE
from linli.runtime.testing import kept
from linli.runtime.testing.server import Use

TABLES = """
SELECT c.oid::regclass::text, array_agg(quote_ident(a.attname) ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY c.oid
"""
SEQUENCES = """
SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename) AS name, last_value
FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


def build(use: Use, name: str) -> None:
    """Make the database ``name`` as the migrations leave it, owned by the owning role.

    A template is rebuilt only when what makes a database has changed; ``use`` says on which server.
    """
    template = kept.template()
    with (use.folder / "building").open("w") as building:
        fcntl.flock(building, fcntl.LOCK_EX)
        with psycopg.connect(use.postgres.superuser_url(), autocommit=True) as server:
            done = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone()
            if not done:
                half = f"half_{template}"
                drop(server, half)
                _copy(server, "template0", half)
                _migrate(use, half)
                _keep_seed(use, half)
                server.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                        sql.Identifier(half), sql.Identifier(template)
                    )
                )
            drop(server, name)
            _copy(server, template, name)


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


def _migrate(use: Use, name: str) -> None:
    connect_django(use, name, OWNER_ROLE)
    call_command("migrate", verbosity=0, interactive=False)
    walls.raise_walls()
    connections["default"].close()


def _keep_seed(use: Use, name: str) -> None:
    with superuser(use, name) as connection:
        connection.execute("CREATE SCHEMA linli_seed")
        connection.execute("CREATE TABLE linli_seed.kept_tables (name text)")
        connection.execute(f"CREATE TABLE linli_seed.kept_sequences AS {SEQUENCES}".encode())
        for table, _columns in connection.execute(TABLES).fetchall():
            if connection.execute(f"SELECT EXISTS (SELECT FROM {table})".encode()).fetchone() == (True,):
                connection.execute(f"CREATE TABLE linli_seed.{table} AS TABLE {table}".encode())
                connection.execute("INSERT INTO linli_seed.kept_tables VALUES (%s)", [table])
