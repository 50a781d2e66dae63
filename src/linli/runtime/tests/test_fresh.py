"""An empty database laid at once is the one that the migrations make step by step."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from linli.runtime import fresh
from linli.runtime.postgres import OWNER_ROLE, Postgres
from linli.runtime.tests.conftest import clean_environment, folder

STEP_BY_STEP = "from django.core.management import call_command; call_command('migrate', verbosity=0)"
AT_ONCE = f"from linli.runtime import fresh; assert fresh.lay(); assert not fresh.lay(); {STEP_BY_STEP}"
BEFORE = "from linli.runtime.inside import set_up_django; set_up_django(); "


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with folder() as home, Postgres(home) as postgres:
        yield postgres


def made(server: Postgres, name: str, how: str) -> tuple[list[str], list[str]]:
    """The tables of a new database made that way, as statements, and the migrations noted in it."""
    programs, owner = server.programs, server.url(OWNER_ROLE, name)
    psql = [programs.program("psql"), "-qAtX"]
    subprocess.run(
        [*psql, server.superuser_url(), "-c", f"CREATE DATABASE {name} OWNER {OWNER_ROLE}"], check=True
    )
    environment = clean_environment() | {"DATABASE_URL": owner, "LINLI_SECRET_KEY": "x" * 50}
    subprocess.run([sys.executable, "-c", BEFORE + how], env=environment, check=True)
    dump = subprocess.run(
        [programs.program("pg_dump"), "-s", owner], capture_output=True, text=True, check=True
    )
    query = "SELECT app, name FROM django_migrations ORDER BY 1, 2"
    noted = subprocess.run([*psql, owner, "-c", query], capture_output=True, text=True, check=True)
    statements = [line for line in dump.stdout.splitlines() if not line.startswith("\\")]
    return statements, noted.stdout.splitlines()


@pytest.mark.rounds
def test_both_ways_make_the_same_tables_and_note_the_same_migrations(server: Postgres) -> None:
    steps, noted_steps = made(server, "steps", STEP_BY_STEP)
    once, noted_once = made(server, "once", AT_ONCE)

    assert once == steps
    assert noted_once == noted_steps
    assert any("CREATE TABLE public.cases_case" in line for line in once)


@pytest.mark.django_db
def test_a_database_with_tables_is_left_to_the_migrations() -> None:
    assert fresh.lay() is False
