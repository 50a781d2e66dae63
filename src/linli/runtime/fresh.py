"""Lays the tables of an empty database where the migrations end, instead of walking through all of them.

Django renders every related model anew at each step of a migration; through all rooms that is twenty seconds of a first
start, and of each test run after a change of tables. An empty database needs no steps in between. What comes out is the
same: a test compares the two databases, down to names and the order of columns.
"""

from __future__ import annotations

from django.db import connection
from django.db.migrations import RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState

#: Rooms of others whose migrations speak SQL of their own at every step. They depend on none of our tables.
STEP_BY_STEP = ("contenttypes", "auth", "sessions", "procrastinate")


def lay() -> bool:
    """Make all tables in an empty database and note all migrations as applied; False, and nothing, if it has any table.

    The statements of our own ``RunSQL`` run at the end, in their order: functions find their tables, and there is no
    row yet that an ``UPDATE`` could miss.

    :raises RuntimeError: if a migration of ours runs Python, which might need the tables as they were at that step.
    """
    if connection.introspection.table_names():
        return False
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    executor.recorder.ensure_schema()
    others = executor.migration_plan([leaf for leaf in leaves if leaf[0] in STEP_BY_STEP])
    state = ProjectState()
    for migration, _ in others:
        state = executor.apply_migration(state, migration)
    done = {migration for migration, _ in others}
    rest = [migration for migration, _ in executor.migration_plan(leaves) if migration not in done]
    _lay_at_once(executor, rest)
    return True


def _lay_at_once(executor: MigrationExecutor, migrations: list[Migration]) -> None:
    state = executor.loader.project_state()
    rooms = {migration.app_label for migration in migrations}
    statements = [one for migration in migrations for one in _statements(migration)]
    with connection.schema_editor(atomic=True) as editor:
        for model in state.apps.get_models():
            if model._meta.app_label in rooms and model._meta.can_migrate(connection):
                editor.create_model(model)
        for label, statement in statements:
            statement.database_forwards(label, editor, state, state)
        for migration in migrations:
            executor.recorder.record_applied(migration.app_label, migration.name)


def _statements(migration: Migration) -> list[tuple[str, RunSQL]]:
    for operation in migration.operations:
        if not operation.reduces_to_sql:
            raise RuntimeError(f"{migration} runs Python: let linli.runtime.fresh know how to lay it.")
    return [(migration.app_label, one) for one in migration.operations if isinstance(one, RunSQL)]
