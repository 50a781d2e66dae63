"""The doctor names what is wrong and how to mend it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from linli.runtime.postgres import APP_ROLE, Postgres
from linli.runtime.tests.conftest import folder, linli


@pytest.fixture(scope="module")
def healthy() -> Iterator[Path]:
    with folder() as home:
        assert linli(home, "migrate").returncode == 0
        yield home


def bad(home: Path) -> dict[str, dict[str, str]]:
    done = linli(home, "doctor", "--json")
    told = json.loads(done.stdout)
    wrong = {one["name"]: one for one in told["findings"] if one["state"] == "bad"}
    assert told["ok"] is not wrong or not wrong
    assert done.returncode == (1 if wrong else 0)
    assert all(one["mend"] for one in wrong.values())
    return wrong


def test_a_healthy_installation_is_called_healthy(healthy: Path) -> None:
    assert bad(healthy) == {}


def test_it_says_that_nothing_was_set_up(home: Path) -> None:
    assert set(bad(home / "nothing")) == {"data folder"}


def test_it_finds_a_keyring_that_others_may_read(healthy: Path) -> None:
    path = healthy / "secrets" / "keyring.json"
    path.chmod(0o644)
    try:
        assert "chmod 600" in bad(healthy)["keyring"]["seen"]
    finally:
        path.chmod(0o600)


def test_it_finds_a_role_that_may_pass_the_walls_or_lose_commits(healthy: Path) -> None:
    with (
        Postgres(healthy) as postgres,
        psycopg.connect(postgres.superuser_url(), autocommit=True) as superuser,
    ):
        superuser.execute(f"ALTER ROLE {APP_ROLE} BYPASSRLS".encode())
        superuser.execute(f"ALTER ROLE {APP_ROLE} SET synchronous_commit = off".encode())
    try:
        found = bad(healthy)
        assert "may pass the walls" in found["application role"]["seen"]
        assert APP_ROLE in found["database settings"]["seen"]
    finally:
        with (
            Postgres(healthy) as postgres,
            psycopg.connect(postgres.superuser_url(), autocommit=True) as superuser,
        ):
            superuser.execute(f"ALTER ROLE {APP_ROLE} NOBYPASSRLS".encode())
            superuser.execute(f"ALTER ROLE {APP_ROLE} RESET synchronous_commit".encode())


def test_it_finds_a_wall_that_was_taken_down(healthy: Path) -> None:
    with Postgres(healthy) as postgres, psycopg.connect(postgres.superuser_url("linli")) as superuser:
        superuser.execute("DROP TRIGGER linli_append_only ON kernel_auditentry")
    assert "kernel_auditentry" in bad(healthy)["walls"]["seen"]
    assert linli(healthy, "migrate").returncode == 0
    assert bad(healthy) == {}


FAILED_JOB = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts)
VALUES ('reactions', 'linli.kernel.tasks.react', '{"reaction": "cases.reactions.no_such", "fact": "cases.CaseReported",
 "data": {}}', 'failed', 8)
"""


def test_it_names_reactions_that_failed_until_they_are_tried_again(healthy: Path) -> None:
    with Postgres(healthy) as postgres, psycopg.connect(postgres.superuser_url("linli")) as superuser:
        superuser.execute(FAILED_JOB.encode())
    told = {one["name"]: one for one in json.loads(linli(healthy, "doctor", "--json").stdout)["findings"]}
    assert told["failed jobs"]["state"] == "warn"
    assert told["failed jobs"]["seen"] == "cases.reactions.no_such × 1"
    listed = json.loads(linli(healthy, "jobs", "list", "--json").stdout)["failed"]
    assert [(one["reaction"], one["attempts"]) for one in listed] == [("cases.reactions.no_such", 8)]
    assert linli(healthy, "jobs", "retry").returncode == 2
    assert "1 to be tried again" in linli(healthy, "jobs", "retry", "--all").stdout
    assert json.loads(linli(healthy, "jobs", "list", "--json").stdout) == {"failed": []}
