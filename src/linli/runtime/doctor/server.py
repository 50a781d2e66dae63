"""The database server: reachable, safe, and the application's role held back by the walls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg

from linli.runtime.database import Addresses
from linli.runtime.doctor.finding import Finding, judged

OLDEST_VERSION = 150000
SAFE = {"fsync": "on", "full_page_writes": "on", "data_checksums": "on", "server_encoding": "UTF8"}
SKEW = timedelta(seconds=5)
STUCK = timedelta(minutes=15)
LATE = timedelta(minutes=5)

SETTINGS = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"
# A role or database may carry its own setting, which hides behind a good server configuration.
LAX_COMMITS = """
SELECT coalesce(string_agg(DISTINCT coalesce(r.rolname, d.datname, 'all'), ', '), '')
FROM pg_db_role_setting s
LEFT JOIN pg_roles r ON r.oid = s.setrole
LEFT JOIN pg_database d ON d.oid = s.setdatabase
WHERE EXISTS (SELECT FROM unnest(s.setconfig) c WHERE c IN ('synchronous_commit=off', 'synchronous_commit=0'))
"""
ROLE = """
SELECT current_user, rolsuper OR rolbypassrls,
       (SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user)
FROM pg_roles WHERE rolname = current_user
"""
JOBS = """
SELECT
  (SELECT count(*) FROM procrastinate_jobs j
   JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'started'
   WHERE j.status = 'doing' AND e.at < %(stuck)s),
  (SELECT count(*) FROM procrastinate_jobs j WHERE j.status = 'todo' AND coalesce(
     j.scheduled_at, (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id)) < %(late)s),
  (SELECT coalesce(string_agg(reaction || ' × ' || times, ', ' ORDER BY reaction), '') FROM (
     SELECT coalesce(args ->> 'reaction', task_name) AS reaction, count(*) AS times
     FROM procrastinate_jobs WHERE status IN ('failed', 'aborted') GROUP BY 1) AS named)
"""


def findings(addresses: Addresses, *, serving: bool) -> Iterator[Finding]:
    """All checks of the server; those of a running worker only while Linli serves."""
    try:
        with psycopg.connect(addresses.app, connect_timeout=5, autocommit=True) as connection:
            yield Finding("database", "ok", _version(connection))
            yield _clock(connection)
            yield from _settings(connection)
            yield _role(connection)
            yield from _tables(connection, serving=serving)
    except psycopg.OperationalError as error:
        mend = "Start it, or mend DATABASE_URL. Without DATABASE_URL Linli runs its own."
        yield Finding("database", "bad", str(error).strip(), mend)


def _version(connection: psycopg.Connection) -> str:
    number = connection.info.server_version
    return f"PostgreSQL {number // 10000}.{number % 10000}"


def _clock(connection: psycopg.Connection) -> Finding:
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    skew = abs(datetime.now(UTC) - row[0]) if row else timedelta(0)  # noqa: TID251  (the doctor's own clock)
    mend = "Set both machines' clocks by NTP (chrony, systemd-timesyncd): promises are counted by them."
    return judged("clock", skew < SKEW, f"{skew.total_seconds():.1f} s from the database's", mend)


def _settings(connection: psycopg.Connection) -> Iterator[Finding]:
    wanted = [*SAFE, "synchronous_commit"]
    found: dict[str, str] = dict(connection.execute(SETTINGS, [wanted]).fetchall())
    wrong = [f"{name} = {found.get(name)}" for name, value in SAFE.items() if found.get(name) != value]
    wrong += ["synchronous_commit = off"] if found.get("synchronous_commit") == "off" else []
    row = connection.execute(LAX_COMMITS).fetchone()
    wrong += [f"synchronous_commit = off for {row[0]}"] if row and row[0] else []
    mend = "Set them right (postgresql.conf, local.conf, ALTER ROLE … RESET): accepted must mean on disk."
    yield judged("database settings", not wrong, ", ".join(wrong) or "safe", mend)
    new = connection.info.server_version >= OLDEST_VERSION
    yield judged("database version", new, _version(connection), "Linli needs PostgreSQL 15 or newer.")


def _role(connection: psycopg.Connection) -> Finding:
    row = connection.execute(ROLE).fetchone()
    name, mighty, owned = row or ("?", True, 0)
    seen = f"{name}{', may pass the walls' if mighty else ''}{f', owns {owned} tables' if owned else ''}"
    mend = (
        "DATABASE_URL must name a role that owns nothing and is no superuser; the owner belongs into "
        "LINLI_OWNER_DATABASE_URL. Otherwise one community could see another."
    )
    return judged("application role", not mighty and not owned, seen, mend)


def _tables(connection: psycopg.Connection, *, serving: bool) -> Iterator[Finding]:
    row = connection.execute(
        "SELECT to_regclass('kernel_heartbeat'), to_regclass('procrastinate_jobs')"
    ).fetchone()
    if not row or not all(row):
        yield Finding("tables", "bad", "missing", "Run linli migrate.")
        return
    yield from _jobs(connection, serving=serving)
    if serving:
        yield _sweeps(connection)


def _jobs(connection: psycopg.Connection, *, serving: bool) -> Iterator[Finding]:
    now = datetime.now(UTC)  # noqa: TID251  (the doctor's own clock)
    row = connection.execute(JOBS, {"stuck": now - STUCK, "late": now - LATE}).fetchone()
    stuck, late, failed = row or (0, 0, "")
    if serving:
        mend = "Is a worker running (linli worker)? It frees stuck jobs by itself within a minute."
        yield judged("jobs", not stuck and not late, f"{stuck} stuck, {late} late", mend)
    mend = "Read the worker's log for the cause; once it is mended: linli jobs retry --all."
    yield judged("failed jobs", not failed, failed or "none", mend, otherwise="warn")


def _sweeps(connection: psycopg.Connection) -> Finding:
    row = connection.execute("SELECT max(at) FROM kernel_heartbeat").fetchone()
    last: datetime | None = row[0] if row else None
    age = datetime.now(UTC) - last if last else None  # noqa: TID251  (the doctor's own clock)
    seen = "never" if age is None else f"{age.total_seconds():.0f} s ago"
    good = age is not None and age < LATE
    return judged(
        "timed sweeps", good, f"last {seen}", "No worker runs: start one (linli worker, or linli serve)."
    )
