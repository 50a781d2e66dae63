"""The doctor names what is wrong and how to mend it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from linli.runtime.postgres import APP_ROLE, Postgres
from linli.runtime.tests.conftest import Commands, commands, linli, migrated

FAILED_JOB = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts)
VALUES ('reactions', 'linli.kernel.tasks.react', '{"reaction": "cases.reactions.no_such", "fact": "cases.CaseReported",
 "data": {}}', 'failed', 8)
"""


@pytest.fixture(scope="module")
def healthy() -> Iterator[Path]:
    with migrated() as home:
        yield home


@pytest.fixture(scope="module")
def run(healthy: Path) -> Iterator[Commands]:
    with commands(healthy) as made:
        yield made


def findings(run: Commands) -> dict[str, dict[str, str]]:
    """What the doctor says, by name; its exit code fits, and whatever is bad comes with a way to mend it."""
    done = run("doctor", "--json")
    told = json.loads(done.stdout)
    bad = [one for one in told["findings"] if one["state"] == "bad"]
    assert told["ok"] is not bool(bad)
    assert done.returncode == (1 if bad else 0)
    assert all(one["mend"] for one in bad)
    return {one["name"]: one for one in told["findings"]}


def bad(run: Commands) -> dict[str, dict[str, str]]:
    return {name: one for name, one in findings(run).items() if one["state"] == "bad"}


def as_superuser(home: Path, dbname: str, *statements: str) -> None:
    with (
        Postgres(home) as postgres,
        psycopg.connect(postgres.superuser_url(dbname), autocommit=True) as superuser,
    ):
        for statement in statements:
            superuser.execute(statement.encode())


def test_a_healthy_installation_is_called_healthy(run: Commands) -> None:
    assert bad(run) == {}


def test_it_says_that_nothing_was_set_up(home: Path) -> None:
    done = linli(home / "nothing", "doctor", "--json")
    wrong = [one for one in json.loads(done.stdout)["findings"] if one["state"] == "bad"]
    assert [one["name"] for one in wrong] == ["data folder"]
    assert wrong[0]["mend"]
    assert done.returncode == 1


def test_it_finds_a_keyring_that_others_may_read(healthy: Path, run: Commands) -> None:
    path = healthy / "secrets" / "keyring.json"
    path.chmod(0o644)
    try:
        assert "chmod 600" in bad(run)["keyring"]["seen"]
    finally:
        path.chmod(0o600)


def test_it_finds_a_role_that_may_pass_the_walls_or_lose_commits_and_a_wall_that_was_taken_down(
    healthy: Path, run: Commands
) -> None:
    as_superuser(
        healthy, "postgres",
        f"ALTER ROLE {APP_ROLE} BYPASSRLS", f"ALTER ROLE {APP_ROLE} SET synchronous_commit = off",
    )  # fmt: skip
    as_superuser(healthy, "linli", "DROP TRIGGER linli_append_only ON kernel_auditentry")
    found = bad(run)
    assert "may pass the walls" in found["application role"]["seen"]
    assert APP_ROLE in found["database settings"]["seen"]
    assert "kernel_auditentry" in found["walls"]["seen"]
    as_superuser(
        healthy, "postgres",
        f"ALTER ROLE {APP_ROLE} NOBYPASSRLS", f"ALTER ROLE {APP_ROLE} RESET synchronous_commit",
    )  # fmt: skip
    assert linli(healthy, "migrate").returncode == 0  # as the owner: a process of its own
    assert bad(run) == {}


def test_it_names_reactions_that_failed_until_they_are_tried_again(healthy: Path, run: Commands) -> None:
    as_superuser(healthy, "linli", FAILED_JOB)
    told = findings(run)["failed jobs"]
    assert told["state"] == "warn"
    assert told["seen"] == "cases.reactions.no_such × 1"
    listed = json.loads(run("jobs", "list", "--json").stdout)["failed"]
    assert [(one["reaction"], one["attempts"]) for one in listed] == [("cases.reactions.no_such", 8)]
    assert run("jobs", "retry").returncode == 2
    assert "1 to be tried again" in run("jobs", "retry", "--all").stdout
    assert json.loads(run("jobs", "list", "--json").stdout) == {"failed": []}
