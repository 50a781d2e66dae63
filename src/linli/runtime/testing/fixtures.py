"""Fixtures every test may use; the conftest.py at the root of the checkout takes them in.

The server is started when the first test asks for the database, so tests of pure rules run without it. A test
process connects as the application's own role: what PostgreSQL refuses there, it refuses in production.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TypeVar

import psycopg
import pytest
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from linli.kernel import logs, scope
from linli.runtime.postgres import APP_ROLE, OWNER_ROLE
from linli.runtime.testing import databases
from linli.runtime.testing.ground import Ground
from linli.runtime.testing.server import Use

T = TypeVar("T")

__all__ = [
    "committed_db",
    "common",
    "django_db_setup",
    "database_server",
    "owner_connection",
    "standing",
    "start_with_nothing_entered",
]


@pytest.fixture(scope="session")
def database_server() -> Iterator[Use]:
    """A share in the embedded test server; use it to reach PostgreSQL as another role."""
    use = Use()
    yield use
    use.close()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker, database_server: Use
) -> Iterator[None]:
    """A database of this test process: migrated as the owner, used as the application's role."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_{os.getpid()}_{worker}"
    with django_db_blocker.unblock():
        databases.build(database_server, name)
        databases.connect_django(database_server, name, APP_ROLE)
    url = database_server.postgres.url
    patch = pytest.MonkeyPatch()
    patch.setenv("DATABASE_URL", url(APP_ROLE, name))
    patch.setenv("LINLI_OWNER_DATABASE_URL", url(OWNER_ROLE, name))
    patch.setattr(
        TransactionTestCase, "_fixture_teardown", lambda _case: databases.restore_seed(database_server, name)
    )
    yield
    patch.undo()
    with django_db_blocker.unblock():
        connections.close_all()
    with psycopg.connect(database_server.postgres.superuser_url(), autocommit=True) as server:
        databases.drop(server, name)


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    """The ground that all tests of a module stand on: what is made in it is made once (see :class:`Ground`)."""
    with django_db_blocker.unblock():
        ground = Ground()
    yield ground
    with django_db_blocker.unblock():
        Ground.leave()


@pytest.fixture(scope="module")
def common(standing: Ground, django_db_blocker: DjangoDbBlocker) -> Callable[[Callable[[], T]], T]:
    """``common(make)``: what ``make`` makes, on the module's ground, for fixtures of a module and of a test alike."""

    def found(make: Callable[[], T]) -> T:
        with django_db_blocker.unblock():
            return standing.made(make)

    return found


@pytest.fixture
def committed_db(transactional_db: None) -> None:
    """A database in which commits are real (threads, other processes, ``on_commit``); left as migrated."""
    Ground.leave()


@pytest.fixture
def owner_connection(db: None, database_server: Use) -> Iterator[psycopg.Connection]:
    """A second connection as the role that owns the tables; sees only what is committed."""
    name = connections.settings["default"]["NAME"]
    with psycopg.connect(database_server.postgres.url(OWNER_ROLE, name)) as connection:
        yield connection


@pytest.fixture(autouse=True)
def start_with_nothing_entered() -> Iterator[None]:
    """No test inherits the scope, the request or the cache of another."""
    scope.leave()
    yield
    scope.leave()
    logs.set_request_id("")
    cache.clear()
