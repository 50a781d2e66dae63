"""Exchanging keys: brings every sealed value under the current data key, in steps that can stop anywhere."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction

from linli.kernel import sealed
from linli.kernel.sealed import SealedTextField

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """One batch that is now under the current key and committed."""

    table: str
    column: str
    rows: int


@dataclass(frozen=True, slots=True)
class _Column:
    table: str
    column: str
    key: str
    has_community: bool


def sealed_columns(among: Iterable[type[models.Model]] | None = None) -> list[_Column]:
    """Every sealed column of the product, in a stable order."""
    found = []
    for model in apps.get_models() if among is None else among:
        options = model._meta
        columns = {field.attname: field.column or field.attname for field in options.concrete_fields}
        for field in options.concrete_fields:
            if isinstance(field, SealedTextField):
                key, column = columns[options.pk.attname], columns[field.attname]
                found.append(_Column(options.db_table, column, key, "community_id" in columns))
    return sorted(found, key=lambda place: (place.table, place.column))


def rotate(
    *, batch: int = BATCH, among: Iterable[type[models.Model]] | None = None
) -> Generator[Step, None, None]:
    """Re-seal what is not under the current data key; each step is its own transaction.

    Stopped in the middle (even killed), it goes on where it was when started again, because a value says
    which key it is under; both keys are readable meanwhile. The caller enters the scope of all communities
    first. Index and receipt keys are not exchanged here: their digests cannot be turned back.

    :param batch: rows a transaction.
    :raises SealBroken: when a value does not open; nothing of its batch is changed.
    """
    for place in sealed_columns(among):
        last: Any = None
        while True:
            rows, last = _step(place, last, batch)
            if not rows:
                break
            yield Step(place.table, place.column, rows)


def remaining(among: Iterable[type[models.Model]] | None = None) -> int:
    """How many values are still under another key than the current one."""
    total = 0
    with connection.cursor() as cursor:
        for place in sealed_columns(among):
            cursor.execute(f"SELECT count(*) FROM {_q(place.table)} WHERE {_stale(place)}", [_prefix()])
            total += int(cursor.fetchone()[0])
    return total


def _step(place: _Column, last: Any, batch: int) -> tuple[int, Any]:
    table, column, key = _q(place.table), _q(place.column), _q(place.key)
    community = "community_id" if place.has_community else "NULL"
    after = "" if last is None else f"AND {key} > %s"
    query = (
        f"SELECT {key}, seal_id, {community}, {column} FROM {table} WHERE {_stale(place)} {after}"
        f" ORDER BY {key} LIMIT %s FOR UPDATE"
    )
    params = [_prefix(), *([] if last is None else [last]), batch]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, params)
        rows = cursor.fetchall()
        changed = []
        for pk, row, community_id, blob in rows:
            changed.append((_again(blob, place, row, community_id), pk))
        if changed:
            cursor.executemany(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", changed)
    return len(rows), rows[-1][0] if rows else last


def _again(blob: bytes, place: _Column, row: UUID, community_id: int | None) -> bytes:
    text = sealed.open_(blob, table=place.table, column=place.column, row=row, community_id=community_id)
    return sealed.seal(text, table=place.table, column=place.column, row=row, community_id=community_id)


def _prefix() -> bytes:
    return sealed.current_prefix()


def _stale(place: _Column) -> str:
    column = _q(place.column)
    return f"{column} IS NOT NULL AND substring({column} FOR {len(_prefix())}) <> %s"


def _q(name: str) -> str:
    return connection.ops.quote_name(name)
