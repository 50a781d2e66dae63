"""Restores a backup, and proves one by restoring it on the side."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from linli.runtime import database
from linli.runtime import home as homes
from linli.runtime.backup import manifest, tables
from linli.runtime.backup.make import BackupFailed, is_empty, program
from linli.runtime.backup.manifest import DUMP, MEDIA, Manifest, NotWhole
from linli.runtime.postgres import Postgres


@dataclass(frozen=True, slots=True)
class Target:
    """Where a backup is restored to."""

    home: Path
    addresses: database.Addresses

    @property
    def media(self) -> Path:
        """Where the media go."""
        return self.home / "media"


@contextmanager
def opened(backup: Path) -> Iterator[Path]:
    """The backup as a folder; a ``.tar`` is unpacked on the side.

    :raises NotWhole: when the archive is damaged.
    """
    if backup.is_dir():
        yield backup
        return
    with tempfile.TemporaryDirectory(prefix="linli-backup-", dir=backup.parent) as folder:
        try:
            with tarfile.open(backup, "r:") as archive:
                archive.extractall(folder, filter="data")
        except (tarfile.TarError, OSError, EOFError) as error:
            raise NotWhole([f"{backup.name} cannot be unpacked ({error})"]) from error
        yield Path(folder)


def check_keys(found: Manifest, keyring: Path) -> None:
    """Refuse to go on without the keys that sealed fields of this backup need.

    :raises BackupFailed: naming the keys that the keyring does not have.
    """
    here = manifest.key_marks(keyring)
    missing = [name for name, mark in found.keys.items() if here.get(name) != mark]
    if missing:
        raise BackupFailed(
            f"{keyring} lacks the keys {', '.join(missing)} of this backup, so sealed fields could not be "
            "read. Copy the keyring.json of the machine that made it there (or restore --without-keys)."
        )


def restore(
    folder: Path, found: Manifest, target: Target, say: Callable[[str], None], *, erased: Path | None = None
) -> list[str]:
    """Bring the backup back and compare it with its manifest; the faults found, none if all is well.

    :param erased: the list of people erased since, who are erased again; None for nobody.
    :raises BackupFailed: when the target is not empty, or a program fails; a failed dump leaves no tables.
    """
    owner = target.addresses.owner
    if not is_empty(owner):
        raise BackupFailed("The database is not empty. Restore into a new --home or an empty database.")
    if target.media.is_dir() and any(target.media.iterdir()):
        raise BackupFailed(f"{target.media} is not empty.")
    say("restoring the database")
    _load(folder / DUMP, target)
    say("comparing the tables")
    with tables.snapshot(owner) as connection:
        faults = tables.differences(found.tables, tables.digests(connection))
    if (folder / MEDIA).is_dir():
        say("restoring the media")
        shutil.copytree(folder / MEDIA, target.media, dirs_exist_ok=True)
        faults += _media_faults(found, target)
    say("raising the walls and verifying the audit chains")
    return faults + _prove(found, target, erased, say)


def prove_on_the_side(folder: Path, found: Manifest, say: Callable[[str], None]) -> list[str]:
    """Restore into a server of its own that is removed afterwards; the faults found."""
    side = Path(tempfile.mkdtemp(prefix="linli-verify-"))
    try:
        with Postgres(side) as postgres:
            homes.prepare(side)
            return restore(folder, found, Target(side, database.embedded(postgres)), say)
    finally:
        shutil.rmtree(side, ignore_errors=True)


def _load(dump: Path, target: Target) -> None:
    command = [program("pg_restore", embedded=bool(target.addresses.superuser)), "--exit-on-error"]
    command += ["--single-transaction", "--no-owner", "--no-privileges", f"--dbname={target.addresses.owner}"]
    done = subprocess.run([*command, str(dump)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BackupFailed(f"pg_restore failed: {done.stderr.strip()[-2000:]}")
    with psycopg.connect(target.addresses.owner, autocommit=True) as connection:
        connection.execute("ANALYZE")


def _media_faults(found: Manifest, target: Target) -> list[str]:
    wanted = {name: mark for name, mark in found.files.items() if name.startswith(f"{MEDIA}/")}
    here = manifest.describe(target.home, (target.home / name for name in wanted))
    return [f"{name} differs after the restore" for name, mark in wanted.items() if here[name] != mark]


def _prove(found: Manifest, target: Target, erased: Path | None, say: Callable[[str], None]) -> list[str]:
    """Migrate, erase again, and verify, in children that may load Django with the target's own environment."""
    steps = [("linli", "migrate")]
    if erased is not None:
        steps.append(("linli.runtime.backup.erased", str(erased)))
    for words in steps:
        done = _child(target, *words)
        if done.returncode != 0:
            return [f"{' '.join(words)} failed: {done.stderr.strip()[-1500:]}"]
    if erased is not None:
        say(f"erased again: {done.stdout.strip()} people")
    done = _child(target, "linli.runtime.backup.prove", found.made_at)
    if done.returncode != 0:
        return [f"verifying the audit chains failed: {done.stderr.strip()[-1500:]}"]
    faults: list[str] = json.loads(done.stdout)
    return faults


def _child(target: Target, *words: str) -> subprocess.CompletedProcess[str]:
    surroundings = {**os.environ, **homes.variables(target.home), **target.addresses.variables()}
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
