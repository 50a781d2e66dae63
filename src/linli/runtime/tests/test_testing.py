"""The harness itself: who we are in a test, and that committed rows go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from linli.runtime.testing.ground import Ground
from linli.runtime.testing.server import Use


@pytest.mark.django_db
def test_a_test_is_the_application_and_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, (SELECT count(*) FROM pg_tables WHERE tableowner = current_user)"
        )
        assert cursor.fetchone() == ("linli_app", 0)


@pytest.mark.django_db
def test_the_application_cannot_change_the_schema() -> None:
    with (
        pytest.raises(Exception, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("CREATE TABLE public.sneaked (id int)")


@pytest.mark.parametrize("turn", [1, 2])
def test_committed_rows_are_gone_in_the_next_test(committed_db: None, turn: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone() == (0,)
        cursor.execute("INSERT INTO django_session VALUES ('k', 'v', now())")


def test_seeded_rows_survive_a_committed_test(committed_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) > 0 FROM django_content_type")
        assert cursor.fetchone() == (True,)


def sessions() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_key FROM django_session ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


def session(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES (%s, 'v', now())", [key])


def shared_session() -> str:
    session("shared")
    return "shared"


@pytest.fixture(scope="module")
def shared(common: Callable[[Callable[[], str]], str]) -> str:
    return common(shared_session)


@pytest.mark.parametrize("turn", [1, 2])
def test_tests_of_a_module_share_what_stands_and_nothing_else(shared: str, db: None, turn: int) -> None:
    assert sessions() == [shared]
    session(f"own {turn}")


def test_a_test_with_real_commits_begins_without_what_stood(shared: str, committed_db: None) -> None:
    assert sessions() == []


@pytest.fixture
def allow_async(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a browser in the same thread does."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def test_a_ground_holds_no_lock_although_a_browser_began_after_it_was_laid(
    allow_async: None, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    async def with_a_browser() -> None:
        Ground.leave()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        try:
            session("contested")
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM django_session WHERE session_key = 'contested'")
        finally:
            connection.close()

    with django_db_blocker.unblock():
        Ground().made(lambda: session("contested"))
        asyncio.run(with_a_browser())
        assert sessions() == []
        connection.close()


@pytest.mark.django_db
def test_the_server_keeps_what_it_accepts_even_in_tests(database_server: Use) -> None:
    with psycopg.connect(database_server.postgres.superuser_url()) as server:
        assert server.execute("SHOW fsync").fetchone() == ("on",)
