"""Django for one command: data folder, secrets and a database that answers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from linli.runtime import database
from linli.runtime import home as homes
from linli.runtime.provider import PostgresError


@contextmanager
def ready(home: Path, *, as_owner: bool = False) -> Iterator[database.Addresses]:
    """Django with a database that answers, for one command; our own server is started if it does not run.

    ``as_owner`` connects as the role that owns the tables (to migrate) instead of the application's.

    :raises PostgresError: when the embedded server cannot be started, or nobody named the owner.
    """
    homes.prepare(home)
    with database.reach(home) as addresses:
        database.enter(home, addresses)
        if as_owner:
            if not addresses.owner:
                raise PostgresError(
                    "DATABASE_URL is the application's role, which must not own tables. Set "
                    "LINLI_OWNER_DATABASE_URL to the address of the role that does."
                )
            os.environ["DATABASE_URL"] = addresses.owner
        set_up_django()
        yield addresses


@contextmanager
def described(home: Path) -> Iterator[None]:
    """Enough of Django to read a command's help; makes nothing in the data folder."""
    os.environ.setdefault("LINLI_SECRET_KEY", "only-for-reading-help-texts")
    os.environ["LINLI_HOME"] = str(home)
    set_up_django()
    yield


def set_up_django() -> None:
    """Load Linli's settings and all rooms."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", database.SETTINGS)
    django.setup()
