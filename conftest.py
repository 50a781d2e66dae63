"""The fixtures of :mod:`linli.runtime.testing`, for every test of the checkout."""

from __future__ import annotations

from linli.runtime.testing.fixtures import (  # noqa: F401  (fixtures)
    committed_db,
    common,
    database_server,
    django_db_setup,
    owner_connection,
    standing,
    start_with_nothing_entered,
)
