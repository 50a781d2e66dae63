"""The application: migrations, walls and settings as Django sees them."""

from __future__ import annotations

from collections.abc import Iterator

from django.core import checks
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from linli.kernel import walls
from linli.runtime.doctor.finding import Finding, State, judged

FENCED = """
SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid
WHERE c.relrowsecurity AND p.polname = 'linli_wall'
"""
FROZEN = (
    "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'linli_append_only' AND tgenabled <> 'D'"
)


def findings(*, demo: bool) -> Iterator[Finding]:
    """All checks that need the rooms' own tables; Django has been set up."""
    yield _migrations()
    yield _walls()
    yield from _settings(demo=demo)


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = [
        str(migration) for migration, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())
    ]
    return judged("migrations", not waiting, ", ".join(waiting) or "all applied", "Run linli migrate.")


def _walls() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(FENCED)
        fenced = {row[0] for row in cursor.fetchall()}
        cursor.execute(FROZEN)
        frozen = {row[0] for row in cursor.fetchall()}
    missing = sorted(
        {model._meta.db_table for model in walls.walled_models()} - fenced
        | {model._meta.db_table for model in walls.append_only_models()} - frozen
    )
    seen = f"{len(fenced)} tables fenced, {len(frozen)} append-only"
    return judged(
        "walls", not missing, f"{seen}; open: {', '.join(missing)}" if missing else seen, "Run linli migrate."
    )


def _settings(*, demo: bool) -> Iterator[Finding]:
    """Django's own checks; a demo speaks plain HTTP, so there the deployment checks would say nothing new."""
    found = checks.run_checks(include_deployment_checks=not demo)
    serious = [message for message in found if message.level >= checks.WARNING]
    if not serious:
        yield Finding("settings", "ok", "demo" if demo else "safe for the open internet")
    for message in serious:
        state: State = "bad" if message.level >= checks.ERROR else "warn"
        yield judged(
            f"settings {message.id}", False, message.msg, message.hint or "See the message.", otherwise=state
        )
