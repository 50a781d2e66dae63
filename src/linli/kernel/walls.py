"""Raises the walls inside PostgreSQL after each migration: grants, row-level security, append-only tables.

Idempotent, run as the role that owns the tables. A model says what it wants by class attributes: ``walled = True``
(rows of a community are seen only within its scope), ``append_only = True`` (rows are never changed or removed) and
``cuttable = ("note",)`` (from these columns of an append-only table the erasing of a person may cut strings out).
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import connection, models

SCOPE_FUNCTION = """
CREATE OR REPLACE FUNCTION linli_scope() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT string_to_array(NULLIF(current_setting('linli.scope', true), ''), ',')::bigint[] $$
"""
REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION linli_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('linli.cutting', true) = TG_TABLE_NAME AND current_user <> session_user THEN
        RETURN NULL;  -- the function below, called by the application; nobody can be in both roles otherwise
    END IF;
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = '42501';
END $$
"""
# The one door in an append-only table: strings (names, numbers) are replaced by *** in the rows named, nothing else. It
# runs as the owner, since the application may not change such rows, and therefore keeps the wall itself.
CUT_FUNCTION = """
CREATE OR REPLACE FUNCTION {function}(ids bigint[], cuts text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS
$$ DECLARE piece text; BEGIN
    PERFORM set_config('linli.cutting', '{name}', true);
    FOREACH piece IN ARRAY cuts LOOP
        CONTINUE WHEN length(piece) < 2;
        UPDATE {table} SET {replaced} WHERE id = ANY(ids) AND community_id = ANY (linli_scope());
    END LOOP;
    PERFORM set_config('linli.cutting', '', true);
END $$
"""
# A NOTIFY in a transaction makes all such transactions commit one after the other; kernel.live wakes the worker instead.
NO_NOTIFY = "ALTER TABLE procrastinate_jobs DISABLE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1"


def app_role() -> str:
    """The role that web and worker connect as; it owns no table."""
    return str(getattr(settings, "LINLI_APP_ROLE", "linli_app"))


def walled_models() -> Iterator[type[models.Model]]:
    """Models whose rows belong to a community and hold what others must not see."""
    return (model for model in apps.get_models() if getattr(model, "walled", False))


def append_only_models() -> Iterator[type[models.Model]]:
    """Models whose rows are history."""
    return (model for model in apps.get_models() if getattr(model, "append_only", False))


def raise_walls() -> None:
    """Grant the application its rights, and no more; fence each walled table; freeze each append-only one."""
    role = connection.ops.quote_name(app_role())
    with connection.cursor() as cursor:
        cursor.execute(SCOPE_FUNCTION)
        cursor.execute(REFUSE_FUNCTION)
        for kind in ("TABLES", "SEQUENCES"):
            rights = "SELECT, INSERT, UPDATE, DELETE" if kind == "TABLES" else "USAGE, SELECT"
            cursor.execute(f"GRANT {rights} ON ALL {kind} IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}")
        cursor.execute(NO_NOTIFY)
        for model in walled_models():
            _fence(cursor, connection.ops.quote_name(model._meta.db_table), role)
        for model in append_only_models():
            _freeze(cursor, connection.ops.quote_name(model._meta.db_table), role)
            _let_cut(cursor, model, role)


def _fence(cursor: object, table: str, role: str) -> None:
    execute = cursor.execute  # type: ignore[attr-defined]  # Django's cursor wrapper has no useful stub here
    execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    execute(f"DROP POLICY IF EXISTS linli_wall ON {table}")
    execute(
        f"CREATE POLICY linli_wall ON {table} TO {role}"
        " USING (community_id = ANY ((SELECT linli_scope())::bigint[]))"
        " WITH CHECK (community_id = ANY ((SELECT linli_scope())::bigint[]))"
    )


def _freeze(cursor: object, table: str, role: str) -> None:
    execute = cursor.execute  # type: ignore[attr-defined]  # as above
    execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
    execute(f"DROP TRIGGER IF EXISTS linli_append_only ON {table}")
    execute(
        f"CREATE TRIGGER linli_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION linli_refuse_change()"
    )


def _let_cut(cursor: object, model: type[models.Model], role: str) -> None:
    columns = [connection.ops.quote_name(name) for name in getattr(model, "cuttable", ())]
    if not columns:
        return
    execute = cursor.execute  # type: ignore[attr-defined]  # as above
    name = model._meta.db_table
    function = connection.ops.quote_name(f"linli_cut_{name}")
    replaced = ", ".join(f"{column} = replace({column}, piece, '***')" for column in columns)
    table = connection.ops.quote_name(name)
    execute(CUT_FUNCTION.format(function=function, name=name, table=table, replaced=replaced))
    execute(f"REVOKE EXECUTE ON FUNCTION {function}(bigint[], text[]) FROM PUBLIC")
    execute(f"GRANT EXECUTE ON FUNCTION {function}(bigint[], text[]) TO {role}")
