"""The files of a database server with a migrated database, kept in the checkout between runs (``.test-database``).

Made once by ``linli migrate``; who begins with a copy of them need neither make a server nor migrate. They are named after
what makes the database (:func:`linli.runtime.fingerprint.of_database`) and the server's version; only the newest stay.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from linli.runtime import fingerprint, place
from linli.runtime import home as homes
from linli.runtime.postgres import DATABASE, Postgres, PostgresError

CHECKOUT = Path(__file__).resolve().parents[4]
FOLDER = CHECKOUT / ".test-database"
MEMORY = Path("/dev/shm")
NEEDED_BYTES = 500_000_000
TEMPLATE = "linli_migrated"
SEED = "linli_seed"
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


def roomy() -> Path:
    """Where servers of tests lie: in memory if there is enough of it."""
    fits = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > NEEDED_BYTES
    return MEMORY if fits else Path(tempfile.gettempdir())


def bring(postgres: Postgres) -> None:
    """Give a server that was never started its files: the database :data:`TEMPLATE` is as the migrations leave one.

    The template also keeps, in the schema ``linli_seed``, the rows that migrations put into tables.
    """
    where = place.settle(postgres.home)
    if not where.data.exists():  # else a server that was killed left its files, and uses them again
        _copy(_made(postgres.programs.major), where.data, where)


def bring_migrated(home: Path) -> None:
    """Make an empty folder a data folder in which this code has migrated, as ``linli migrate`` leaves it."""
    postgres = Postgres(home)
    bring(postgres)
    with postgres:
        with psycopg.connect(postgres.superuser_url(), autocommit=True) as server:
            names = (sql.Identifier(TEMPLATE), sql.Identifier(DATABASE))
            server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))
        with psycopg.connect(postgres.superuser_url(DATABASE), autocommit=True) as inside:
            inside.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(SEED)))
    homes.prepare(home)
    (place.known(home) / "migrated").write_text(fingerprint.of_code(), encoding="ascii")


def _made(major: int) -> Path:
    """The kept files, made now if there are none for this code."""
    folder = FOLDER if os.access(CHECKOUT, os.W_OK) else roomy() / f"linli-test-database-{os.geteuid()}"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)  # the database's user passes through
    kept = folder / f"{fingerprint.of_database()}-{major}"
    with (folder / "making").open("w") as making:
        fcntl.flock(making, fcntl.LOCK_EX)
        if not kept.exists():
            for old in folder.iterdir():
                if old.is_dir():
                    shutil.rmtree(old, ignore_errors=True)
            _make(kept)
    return kept


def _make(kept: Path) -> None:
    home = Path(tempfile.mkdtemp(prefix="linli-migrating-", dir=roomy()))
    try:
        command = [sys.executable, "-m", "linli", "--home", str(home), "migrate"]
        done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)
        if done.returncode:
            raise PostgresError(f"The test database cannot be migrated: {done.stdout}{done.stderr}")
        with Postgres(home) as postgres:
            _keep_seed(postgres)
        where = place.settle(home)
        _copy(where.data, kept, where)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _environment() -> dict[str, str]:
    """The environment without what says which database and which settings to use."""
    own = ("LINLI_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    return {name: value for name, value in os.environ.items() if not name.startswith(own)}


def _keep_seed(postgres: Postgres) -> None:
    with psycopg.connect(postgres.superuser_url(DATABASE), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {SEED}".encode())
        connection.execute(f"CREATE TABLE {SEED}.kept_tables (name text)".encode())
        connection.execute(f"CREATE TABLE {SEED}.kept_sequences AS {SEQUENCES}".encode())
        for table, _columns in connection.execute(TABLES).fetchall():
            if connection.execute(f"SELECT EXISTS (SELECT FROM {table})".encode()).fetchone() == (True,):
                connection.execute(f"CREATE TABLE {SEED}.{table} AS TABLE {table}".encode())
                connection.execute(f"INSERT INTO {SEED}.kept_tables VALUES (%s)".encode(), [table])
    with psycopg.connect(postgres.superuser_url(), autocommit=True) as server:
        names = (sql.Identifier(DATABASE), sql.Identifier(TEMPLATE))
        server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))


def _copy(source: Path, target: Path, where: place.Place) -> None:
    """The whole of it or nothing, owned by the server's user."""
    half = target.with_name(f"{target.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(source, half, symlinks=True)
    if os.geteuid() == 0:
        for path in (half, *half.rglob("*")):
            os.chown(path, where.user.uid, where.user.gid, follow_symlinks=False)
    half.rename(target)
