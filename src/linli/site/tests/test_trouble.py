"""Trouble that passes by itself is told as 503 with the next step, wherever in a request it strikes."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import DataError, InternalError, OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.test import Client

from linli.kernel import scope
from linli.kernel.postgres.base import DatabaseWrapper
from linli.site import trouble

TOKEN = {"HTTP_AUTHORIZATION": "Bearer lnl_unknown"}


@pytest.fixture
def client() -> Client:
    """A browser that sees what people see."""
    return Client(raise_request_exception=False)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Lets every statement fail in the same way."""

    def break_it(error: Exception) -> None:
        def fail(*args: Any, **kwargs: Any) -> Any:
            raise error

        monkeypatch.setattr(CursorWrapper, "execute", fail)
        monkeypatch.setattr(DatabaseWrapper, "fetch_prepared", fail)

    return break_it


def caused_by(error: type[Exception], cause: Exception) -> Exception:
    made = error("told by django")
    made.__cause__ = cause
    return made


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OperationalError("gone"), "database_unavailable"),
        (caused_by(OperationalError, psycopg.errors.DiskFull()), "no_space"),
        (caused_by(InternalError, psycopg.errors.ReadOnlySqlTransaction()), "no_space"),
        (OSError(errno.ENOSPC, "No space left on device"), "no_space"),
        (caused_by(OperationalError, psycopg.errors.LockNotAvailable()), "busy"),
        (caused_by(OperationalError, psycopg.errors.QueryCanceled()), "busy"),
        (caused_by(InternalError, psycopg.errors.IdleInTransactionSessionTimeout()), "database_unavailable"),
        (DataError("too long"), ""),
        (OSError(errno.EACCES, "Permission denied"), ""),
        (ValueError("ours"), ""),
    ],
)
def test_it_knows_what_waiting_will_heal(error: Exception, code: str) -> None:
    assert trouble.code_of(error) == code


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/report/"])
def test_a_page_without_a_database_is_friendly_and_says_try_again(
    client: Client, broken: Callable[[Exception], None], path: str
) -> None:
    broken(OperationalError("gone"))
    client.cookies["linli"] = "a-session-that-cannot-be-read"
    answer = client.get(path)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "请稍等" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, TOKEN])
def test_a_program_gets_a_problem_also_when_it_strikes_before_the_view(
    client: Client, broken: Callable[[Exception], None], headers: dict[str, str]
) -> None:
    broken(caused_by(OperationalError, psycopg.errors.DiskFull()))
    body = {"community": "520113008006", "words": "楼道灯不亮", "kind": "help"}
    answer = client.post("/api/v1/cases", body, content_type="application/json", **headers)  # type: ignore[arg-type]
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "no_space"


@pytest.mark.django_db
def test_a_fault_of_ours_stays_a_500(client: Client, broken: Callable[[Exception], None]) -> None:
    broken(ValueError("ours"))
    assert client.get("/").status_code == 500


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_while_idle_is_told_as_djangos_error_and_replaced() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with psycopg.connect(**_parameters()) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
    with scope.within([7]), pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def _parameters() -> dict[str, Any]:
    known = connection.settings_dict
    return {"dbname": known["NAME"], "user": known["USER"], "host": known["HOST"]}
