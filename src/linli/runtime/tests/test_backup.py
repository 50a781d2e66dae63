"""Backups come back as they were, and a damaged one is never called whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from linli.runtime.backup import erased, manifest
from linli.runtime.backup.make import BackupFailed
from linli.runtime.backup.manifest import NotWhole
from linli.runtime.backup.tables import TableDigest
from linli.runtime.postgres import OWNER_ROLE, Postgres
from linli.runtime.tests.conftest import Commands, commands, linli, migrated

pytestmark = pytest.mark.rounds

AUDIT_ROW = (
    "INSERT INTO kernel_auditentry (community_id, at, actor_role, verb, object, detail, request_id) "
    "VALUES (3, now(), '', 'cases.closed', 'case:7', '{}', '')"
)


@dataclass(frozen=True)
class Kept:
    """A data folder with something in it, and a backup of it."""

    home: Path
    backup: Path
    run: Commands  # on that folder


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    with migrated() as home, commands(home) as run:
        with Postgres(home) as postgres, psycopg.connect(postgres.url(OWNER_ROLE)) as owner:
            owner.execute(AUDIT_ROW.encode())
        picture = home / "media" / "3" / "picture.jpg"
        picture.parent.mkdir(parents=True)
        picture.write_bytes(b"\xff\xd8 a picture")
        backup = home / "backups" / "first"
        made = run("backup", str(backup))
        assert made.returncode == 0, made.stderr
        yield Kept(home, backup, run)


@pytest.fixture
def damaged(kept: Kept, tmp_path: Path) -> Path:
    """A copy of the backup, to be damaged by the test."""
    return Path(shutil.copytree(kept.backup, tmp_path / "copy"))


def bring_secrets(kept: Kept, home: Path, *names: str) -> None:
    """What an operator copies before a restore."""
    (home / "secrets").mkdir()
    for name in names or ("keyring.json", "erased.jsonl"):
        shutil.copy2(kept.home / "secrets" / name, home / "secrets")


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_what_comes_back_is_what_was(kept: Kept, home: Path) -> None:
    bring_secrets(kept, home)
    done = linli(home, "restore", str(kept.backup), "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    assert json.loads(done.stdout)["faults"] == []
    assert (home / "media" / "3" / "picture.jpg").read_bytes() == b"\xff\xd8 a picture"
    with Postgres(home) as postgres, psycopg.connect(postgres.url()) as application:
        row = application.execute("SELECT verb FROM kernel_auditentry").fetchone()
        assert row == ("cases.closed",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):  # the walls stand again
            application.execute("DELETE FROM kernel_auditentry")


def test_a_tar_is_a_backup_too_and_half_of_one_is_not(kept: Kept, tmp_path: Path) -> None:
    packed = tmp_path / "backup.tar"
    assert kept.run("backup", str(packed)).returncode == 0
    assert kept.run("verify", "--quick", str(packed)).returncode == 0
    packed.write_bytes(packed.read_bytes()[: packed.stat().st_size // 2])
    done = kept.run("verify", "--quick", str(packed))
    assert done.returncode == 1
    assert "NOT WHOLE" in done.stdout


@pytest.mark.parametrize("name", ["database.dump", "media/3/picture.jpg"])
def test_one_flipped_bit_is_reported(damaged: Path, name: str) -> None:
    flip(damaged / name, at=5)
    with pytest.raises(NotWhole, match=f"{name} has been altered"):
        manifest.check_files(damaged, manifest.read(damaged), lambda: None)


def test_an_edited_manifest_is_reported(damaged: Path) -> None:
    path = damaged / "manifest.json"
    path.write_text(path.read_text().replace('"media": "disk"', '"media": "elsewhere"'))
    with pytest.raises(NotWhole, match="has been altered"):
        manifest.read(damaged)


def test_a_missing_and_an_added_file_are_reported(damaged: Path) -> None:
    (damaged / "media" / "3" / "picture.jpg").rename(damaged / "media" / "other.jpg")
    with pytest.raises(NotWhole) as told:
        manifest.check_files(damaged, manifest.read(damaged), lambda: None)
    assert told.value.faults == ["media/3/picture.jpg is missing", "media/other.jpg is not in the manifest"]


def test_a_table_that_differs_after_the_restore_is_reported_and_nothing_else(
    kept: Kept, damaged: Path, home: Path
) -> None:
    found = manifest.read(damaged)
    one_more = dict(found.tables) | {
        "kernel_auditentry": TableDigest(2, found.tables["kernel_auditentry"].digest)
    }
    manifest.Manifest(
        **{name: getattr(found, name) for name in found.__slots__} | {"tables": one_more}
    ).write(damaged)
    done = linli(home, "verify", str(damaged), "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["ok"] is False
    (fault,) = told["faults"]
    assert fault.startswith("table kernel_auditentry: 2 rows in the backup, 1 here")


def test_it_refuses_to_restore_without_the_list_of_erased_people(kept: Kept, home: Path) -> None:
    bring_secrets(kept, home, "keyring.json")
    done = linli(home, "restore", str(kept.backup))
    assert done.returncode == 1
    assert "erased.jsonl" in done.stderr
    assert not (home / "postgres").exists()


def test_the_list_of_erased_people_is_read_whatever_the_accident_left_of_it(tmp_path: Path) -> None:
    path = tmp_path / "erased.jsonl"
    line = '{"account": 7, "at": "2026-11-23T08:00:00+08:00"}\n'
    path.write_text(f'{line}{line}{{"account": 8, "at"')  # told twice; cut off in the middle of a line
    assert [account for account, _ in erased.read(path)] == [7]
    path.write_text('{"account": "x"}\n')
    with pytest.raises(BackupFailed, match="damaged"):
        erased.read(path)


def test_it_refuses_to_restore_without_the_keys(kept: Kept, home: Path) -> None:
    bring_secrets(kept, home, "erased.jsonl")
    done = linli(home, "restore", str(kept.backup))
    assert done.returncode == 1
    assert "lacks the keys" in done.stderr


def test_it_refuses_to_restore_over_something(kept: Kept) -> None:
    done = kept.run("restore", str(kept.backup))
    assert done.returncode == 1
    assert "not empty" in done.stderr


def test_the_keys_are_not_in_the_backup(kept: Kept) -> None:
    keys = json.loads((kept.home / "secrets" / "keyring.json").read_text())
    secret = keys["data"]["keys"]["k1"].encode()
    assert not any(secret in path.read_bytes() for path in kept.backup.rglob("*") if path.is_file())
