"""Which database to work with: the one ``DATABASE_URL`` names, or the embedded one of the data folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from linli.runtime import home as homes
from linli.runtime.postgres import OWNER_ROLE, Postgres
from linli.runtime.provider import PostgresError
from linli.site import env

SETTINGS = "linli.site.settings"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where to reach the database, by role."""

    app: str
    owner: str
    """Empty with ``DATABASE_URL`` but no ``LINLI_OWNER_DATABASE_URL``: then nobody may migrate."""
    superuser: str = ""
    """Only of the embedded server."""

    def variables(self) -> dict[str, str]:
        """The environment of the processes that use the database."""
        return {"DATABASE_URL": self.app, "LINLI_OWNER_DATABASE_URL": self.owner}


def elsewhere() -> Addresses | None:
    """The addresses of a server that is not ours, if ``DATABASE_URL`` names one."""
    url = env.text("DATABASE_URL", "")
    return Addresses(url, env.text("LINLI_OWNER_DATABASE_URL", "")) if url else None


def embedded(postgres: Postgres) -> Addresses:
    """The addresses of our own server, which runs."""
    return Addresses(postgres.url(), postgres.url(OWNER_ROLE), postgres.superuser_url("linli"))


@contextmanager
def reach(home: Path) -> Iterator[Addresses]:
    """A database for one command: another server, our own if it runs already, or our own for the time being.

    :raises PostgresError: when the embedded server cannot be started.
    """
    found = elsewhere()
    postgres = Postgres(home)
    if found:
        yield found
    elif postgres.served_elsewhere():
        yield embedded(postgres)
    else:
        with postgres:
            yield embedded(postgres)


def enter(home: Path, addresses: Addresses) -> None:
    """Tell this process, by its environment, where data folder, secrets and database are."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    os.environ.update(homes.variables(home) | addresses.variables())


def join(home: Path) -> None:
    """:func:`enter` for a process that serves; the database must run already.

    :raises PostgresError: when there is neither ``DATABASE_URL`` nor a Linli that runs on this data folder.
    """
    homes.prepare(home)
    addresses = elsewhere()
    if addresses is None:
        postgres = Postgres(home)
        if not postgres.served_elsewhere():
            raise PostgresError(
                f"No database: set DATABASE_URL, or let `linli serve` run everything (data folder {home})."
            )
        addresses = embedded(postgres)
    enter(home, addresses)
