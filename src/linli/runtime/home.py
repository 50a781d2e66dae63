"""The data folder: what lies where, and the secrets made at the first start.

::

    LINLI_HOME/postgres/   the database (see place.py)        LINLI_HOME/media/  pictures and voices
    LINLI_HOME/static/     unused; pages' files come from the package
    LINLI_HOME/secrets/    secret_key, keyring.json (0600)    LINLI_HOME/logs/   what the demo's processes say
                           erased.jsonl                       (the list of erased people, see site/tombstones.py)
    LINLI_HOME/incoming/   uploads on their way in, emptied at each start of the web
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from linli.kernel.keyring import Keyring
from linli.runtime import place
from linli.site import env

SECRET_CHARACTERS = 64
INCOMING = "incoming"


def default() -> Path:
    """``LINLI_HOME``, or ``~/.linli``."""
    return Path(env.text("LINLI_HOME", str(Path.home() / ".linli"))).absolute()


def prepare(home: Path) -> None:
    """Make the folders and, where the environment names no others, the secrets; what exists stays."""
    place.make_home(home)
    for name in ("secrets", "media", "logs", "static", INCOMING):
        (home / name).mkdir(mode=0o700, exist_ok=True)
    with contextlib.suppress(OSError):  # named by the environment it may lie where only the worker writes
        erased_file(home).touch(mode=0o600)
    secret = home / "secrets" / "secret_key"
    if not secret.exists():
        _write_once(secret, secrets.token_urlsafe(SECRET_CHARACTERS))
    if not keyring_file(home).exists():
        with contextlib.suppress(FileExistsError):  # another process was first
            Keyring.create(keyring_file(home))


def clear_incoming(home: Path) -> None:
    """Remove what a killed web process had taken in and not yet looked at; files in use stay readable to their reader."""
    for left in (home / INCOMING).glob("*.upload*"):
        left.unlink(missing_ok=True)


def keyring_file(home: Path) -> Path:
    """The keys of this installation: the environment's file, or the one made in the data folder."""
    return Path(env.text("LINLI_KEYRING_FILE", "") or home / "secrets" / "keyring.json")


def erased_file(home: Path) -> Path:
    """The list of erased people: the environment's file, or the one in the data folder."""
    return Path(env.text("LINLI_ERASED_FILE", "") or home / "secrets" / "erased.jsonl")


def variables(home: Path) -> dict[str, str]:
    """What the processes must know about the data folder; the environment's own secrets go first."""
    found = {"LINLI_HOME": str(home), "LINLI_KEYRING_FILE": str(keyring_file(home))}
    found["LINLI_ERASED_FILE"] = str(erased_file(home))
    if not env.text("LINLI_SECRET_KEY", ""):
        found["LINLI_SECRET_KEY_FILE"] = str(home / "secrets" / "secret_key")
    return found


def _write_once(path: Path, text: str) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
