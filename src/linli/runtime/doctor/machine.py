"""The machine: Python, PostgreSQL programs, folders, secrets, disk."""

from __future__ import annotations

import platform
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from linli.kernel.keyring import Keyring, KeyringRefused
from linli.runtime import database, place, provider
from linli.runtime import home as homes
from linli.runtime.doctor.finding import Finding, judged
from linli.runtime.provider import PostgresError
from linli.runtime.space import Space

OLDEST_PYTHON = (3, 11)
WARN_FREE_BYTES = 2_000_000_000
BAD_FREE_BYTES = 300_000_000


def findings(home: Path) -> Iterator[Finding]:
    """All checks of the machine."""
    yield judged(
        "python",
        sys.version_info >= OLDEST_PYTHON,
        platform.python_version(),
        "Install Python 3.11 or newer.",
    )
    yield _programs()
    yield _home(home)
    if home.is_dir():
        yield _disk(home)
        yield _secret(home)
        yield _keyring(home)


def _programs() -> Finding:
    if database.elsewhere():
        return Finding("postgresql programs", "ok", "not needed: DATABASE_URL names a server")
    try:
        found = provider.find()
    except PostgresError as error:
        return Finding("postgresql programs", "bad", "none", str(error))
    return Finding("postgresql programs", "ok", f"{found.name}, version {found.major}")


def _home(home: Path) -> Finding:
    if not home.is_dir():
        return Finding(
            "data folder", "bad", f"{home} is missing", "Run linli serve (or demo) once, or set LINLI_HOME."
        )
    try:
        with tempfile.TemporaryFile(dir=home) as file:
            file.write(b"linli")
            file.flush()
    except OSError as error:
        return Finding("data folder", "bad", f"{home}: {error.strerror}", f"Let this user write to {home}.")
    open_to_all = home.stat().st_mode & stat.S_IWOTH
    return judged("data folder", not open_to_all, str(home), f"Others may write to it: chmod o-w {home}")


def _disk(home: Path) -> Finding:
    free = shutil.disk_usage(home).free
    seen = f"{free / 1e9:.1f} GB free"
    mend = "Free some space: reports are refused when the disk is full."
    base = place.known(home)
    if base.is_dir() and Space(base).closed:
        return Finding("disk", "bad", f"{seen}; the database is closed for writing", mend)
    return judged(
        "disk", free >= WARN_FREE_BYTES, seen, mend, otherwise="bad" if free < BAD_FREE_BYTES else "warn"
    )


def _secret(home: Path) -> Finding:
    named = homes.variables(home).get("LINLI_SECRET_KEY_FILE")
    if named is None:
        return Finding("secret key", "ok", "from the environment")
    path = Path(named)
    if not path.exists():
        return Finding(
            "secret key",
            "bad",
            f"{path} is missing",
            "Bring it back from your copy, or run linli serve once.",
        )
    private = not path.stat().st_mode & 0o077
    return judged("secret key", private, str(path), f"Others may read it: chmod 600 {path}, then replace it.")


def _keyring(home: Path) -> Finding:
    path = homes.keyring_file(home)
    try:
        ring = Keyring.load(path)
    except KeyringRefused as error:
        mend = f"Bring {path} back from your copy (mode 600); with a new one sealed data stays closed."
        return Finding("keyring", "bad", str(error), mend)
    count = sum(len(keys.keys) for keys in ring.sets.values())
    return Finding("keyring", "ok", f"{path}, {count} keys")
