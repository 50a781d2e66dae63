"""Writes many rows with values of their own in one statement: they go over as one JSON text, PostgreSQL takes them apart.

Django's ``bulk_update`` writes a CASE for each column and row, and its ``bulk_create`` quotes each value by itself; for
hundreds of rows that costs several times as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection, models


def update(rows: Sequence[models.Model], fields: Sequence[str]) -> int:
    """Write these fields of saved rows of one model; returns how many rows there were to write.

    :param fields: names of columns of the model's own table; a foreign key by its name.
    """
    if not rows:
        return 0
    columns = _columns(rows[0], fields)
    names = [_quoted(column) for column in columns]
    table = connection.ops.quote_name(rows[0]._meta.db_table)
    statement = (
        f"UPDATE {table} AS t SET {', '.join(f'{name} = v.{name}' for name in names)}"
        f" FROM jsonb_to_recordset(%s::jsonb) AS v (id bigint, {_typed(columns)}) WHERE t.id = v.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [_text(rows, columns, key=True)])
        return int(cursor.rowcount)


def insert(rows: Sequence[models.Model], *, once: bool = False) -> int:
    """Add rows of one model; the database gives their keys, which are not read back. Returns how many were added.

    :param once: leave out rows that a unique key says are there already.
    """
    if not rows:
        return 0
    meta = rows[0]._meta
    columns = [column for column in meta.concrete_fields if not column.primary_key]
    names = ", ".join(_quoted(column) for column in columns)
    statement = (
        f"INSERT INTO {connection.ops.quote_name(meta.db_table)} ({names})"
        f" SELECT {names} FROM jsonb_to_recordset(%s::jsonb) AS v ({_typed(columns)})"
        f"{' ON CONFLICT DO NOTHING' if once else ''}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [_text(rows, columns, key=False)])
        return int(cursor.rowcount)


def _columns(row: models.Model, fields: Sequence[str]) -> list[Any]:
    return [row._meta.get_field(name) for name in fields]


def _quoted(column: Any) -> str:
    return connection.ops.quote_name(column.column)


def _typed(columns: Sequence[Any]) -> str:
    return ", ".join(f"{_quoted(column)} {_type(column)}" for column in columns)


def _type(column: Any) -> str:
    found = column.rel_db_type(connection) if column.is_relation else column.db_type(connection)
    return str(found).partition("(")[0]


def _text(rows: Sequence[models.Model], columns: Sequence[Any], *, key: bool) -> str:
    named = [(column.column, column.attname) for column in columns]
    found = [
        {name: getattr(row, attribute) for name, attribute in named} | ({"id": row.pk} if key else {})
        for row in rows
    ]
    return orjson.dumps(found, default=_plain).decode()


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
