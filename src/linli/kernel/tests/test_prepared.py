"""The hot statements that go straight through libpq behave as any other: types, errors, transactions, lost connections."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction

from linli.kernel.postgres import prepared

AT = datetime(2026, 11, 23, 2, 30, 15, 123456, tzinfo=UTC)
SEAL = UUID("0d0c2a4e-6a55-4f0f-9d3e-3a0b8f2f7c11")
SAY = "SELECT %(one)s::text"


class Colour(StrEnum):
    RED = "red"


def fetch(sql: str, **params: Any) -> tuple[Any, ...] | None:
    row: tuple[Any, ...] | None = connection.fetch_prepared(sql, params)  # type: ignore[attr-defined]  # our own backend
    return row


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        ("text", "路灯 ' \\ \" % ; 😀", "路灯 ' \\ \" % ; 😀"),
        ("text", Colour.RED, "red"),
        ("text", "", ""),
        ("bytea", bytes(range(256)), bytes(range(256))),
        ("bytea", b"", b""),
        ("boolean", True, True),
        ("boolean", False, False),
        ("bigint", -(2**63), -(2**63)),
        ("smallint", 7, 7),
        ("float8", 106.6497123456789, 106.6497123456789),
        ("numeric", Decimal("1.50"), Decimal("1.50")),
        ("timestamptz", AT, AT),
        ("date", date(2026, 11, 23), date(2026, 11, 23)),
        ("uuid", SEAL, SEAL),
        ("jsonb", '{"a": [1, "x"]}', '{"a": [1, "x"]}'),
    ],
)
def test_what_goes_in_comes_out(kind: str, value: object, read: object) -> None:
    for _ in range(2):  # prepared, and prepared already
        assert fetch(f"SELECT %(one)s::{kind}, %(none)s::{kind}", one=value, none=None) == (read, None)


@pytest.mark.django_db
def test_a_parameter_named_twice_is_one_and_a_percent_sign_stays() -> None:
    assert fetch("SELECT %(one)s::int + %(one)s, '100 %%'", one=2) == (4, "100 %")


@pytest.mark.django_db
def test_no_row_is_none_and_of_many_the_first_is_given() -> None:
    assert fetch("SELECT 1 WHERE %(one)s::bool", one=False) is None
    assert fetch("SELECT n FROM generate_series(%(one)s::int, 9) n", one=3) == (3,)


def test_a_parameter_without_its_type_is_refused() -> None:
    with pytest.raises(ValueError, match=r"%\(most\)s needs its type"):
        prepared.numbered("SELECT 1 WHERE 20 <= %(most)s")


@pytest.mark.django_db
def test_a_value_that_would_be_cut_or_is_of_no_known_type_is_refused() -> None:
    with pytest.raises(DataError, match="NUL"):
        fetch(SAY, one="a\0b")
    with pytest.raises(TypeError, match="list"):
        fetch(SAY, one=["a"])
    assert fetch(SAY, one="still there") == ("still there",)


@pytest.mark.django_db
def test_an_error_of_the_database_is_djangos() -> None:
    insert = "INSERT INTO kernel_heartbeat (name, at, note) VALUES (%(one)s::text, now(), '')"
    fetch(insert, one="twice")
    with pytest.raises(IntegrityError, match="kernel_heartbeat_pkey"), transaction.atomic():
        fetch(insert, one="twice")
    assert fetch(SAY, one="after it") == ("after it",)


def test_the_first_statement_of_a_transaction_is_part_of_it(committed_db: None) -> None:
    insert = "INSERT INTO kernel_heartbeat (name, at, note) VALUES (%(one)s::text, now(), '')"
    with transaction.atomic():
        fetch(insert, one="undone")
        transaction.set_rollback(True)
    with transaction.atomic():
        fetch(insert, one="done")
    assert fetch("SELECT string_agg(name, ' ') FROM kernel_heartbeat WHERE name LIKE %(like)s::text", like="%done") == (
        "done",
    )  # fmt: skip


def test_a_statement_that_was_dropped_behind_our_back_is_prepared_anew(committed_db: None) -> None:
    assert fetch(SAY, one="a") == ("a",)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert fetch(SAY, one="b") == ("b",)


def test_a_lost_connection_is_operational_and_the_next_one_works(committed_db: None) -> None:
    assert fetch(SAY, one="a") == ("a",)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    other.close()
    with pytest.raises(OperationalError):
        fetch(SAY, one="b")
    connection.close_if_unusable_or_obsolete()
    assert fetch(SAY, one="c") == ("c",)
