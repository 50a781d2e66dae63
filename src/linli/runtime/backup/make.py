"""Makes a backup."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from linli import __version__
from linli.runtime import provider
from linli.runtime.backup import manifest, tables
from linli.runtime.backup.manifest import DUMP, MEDIA, Manifest


class BackupFailed(Exception):
    """The backup or restore cannot be done; the message says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is backed up: the owning role's address, and the folder of the media (None: kept elsewhere)."""

    owner_url: str
    media: Path | None
    keyring: Path
    embedded: bool


def make(source: Source, target: Path, *, at: datetime, say: Callable[[str], None]) -> Manifest:
    """Write a backup to ``target``: a folder, or one file where the name ends with ``.tar``.

    It appears under its name only when it is complete and on disk. Media are copied after the dump: files are
    written before the rows that name them, so none can be missing.

    :raises BackupFailed: when ``target`` exists or ``pg_dump`` fails.
    """
    if target.exists():
        raise BackupFailed(f"{target} exists already.")
    beside = target.with_name(f".{target.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=0o700, parents=True)
    try:
        made = _fill(source, beside, at=at, say=say)
        if target.suffix == ".tar":
            _pack(beside, target)
        else:
            _sync_all(beside)
            beside.rename(target)
            _sync(target.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return made


def _fill(source: Source, folder: Path, *, at: datetime, say: Callable[[str], None]) -> Manifest:
    with tables.snapshot(source.owner_url) as connection:
        say("dumping the database")
        exported = connection.execute("SELECT pg_export_snapshot()").fetchone()
        _dump(source, folder / DUMP, snapshot=exported[0] if exported else "")
        say("adding up the tables")
        found = tables.digests(connection)
        server = str(connection.info.server_version)
    if source.media is not None and source.media.is_dir():
        say("copying the media")
        shutil.copytree(source.media, folder / MEDIA)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    made = Manifest(
        made_at=at.isoformat(),
        linli=__version__,
        server=server,
        media="elsewhere" if source.media is None else "disk",
        files=manifest.describe(folder, files),
        tables=found,
        keys=manifest.key_marks(source.keyring),
    )
    made.write(folder)
    return made


def _dump(source: Source, target: Path, *, snapshot: str) -> None:
    command = [program("pg_dump", embedded=source.embedded), "--format=custom", f"--snapshot={snapshot}"]
    command += ["--no-owner", "--no-privileges", f"--file={target}", source.owner_url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BackupFailed(f"pg_dump failed: {done.stderr.strip()[-2000:]}")


def program(name: str, *, embedded: bool) -> str:
    """``pg_dump`` or ``pg_restore``: the embedded server's own, else the system's, which can speak TLS."""
    if not embedded:
        found = shutil.which(name)
        if found:
            return found
    return provider.find().program(name)


def is_empty(url: str) -> bool:
    """Whether the database has no tables yet."""
    with psycopg.connect(url) as connection:
        return connection.execute(tables.TABLES).fetchone() is None


def _pack(folder: Path, target: Path) -> None:
    packed = target.with_name(f".{target.name}.packed")
    with tarfile.open(packed, "w") as archive:
        archive.add(folder, arcname=".")
    packed.chmod(0o600)
    _sync(packed)
    packed.rename(target)
    _sync(target.parent)


def _sync_all(folder: Path) -> None:
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
