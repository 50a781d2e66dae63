"""Which operating-system user runs the database server, and what that user can reach.

PostgreSQL refuses to run as root. When we are root we drop to a user that already exists; we never create one
and never change the mode of a folder that is not ours.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from linli.runtime.provider import PostgresError

CANDIDATES = ("linli", "postgres", "nobody", "daemon")
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class OsUser:
    """A user of the operating system and its main group."""

    name: str
    uid: int
    gid: int


def current() -> OsUser:
    """The user who runs this process.

    :raises PostgresError: when the user has no name (peer sign-in to the database needs one).
    """
    uid = os.geteuid()
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as error:
        raise PostgresError(
            f"User id {uid} has no name on this machine, and the database signs in by name. "
            "Run as a named user, or set DATABASE_URL."
        ) from error
    return OsUser(entry.pw_name, uid, entry.pw_gid)


def for_server(data: Path) -> OsUser:
    """The user the server runs as: ourselves, or as root the owner of ``data``, or an existing plain user.

    :raises PostgresError: when the data belongs to someone else, or root finds nobody to drop to.
    """
    me = current()
    owner = data.stat().st_uid if data.exists() else None
    if me.uid != 0:
        if owner not in (None, me.uid):
            raise PostgresError(f"{data} belongs to user id {owner}, not to {me.name}. Run as that user.")
        return me
    if owner:
        entry = pwd.getpwuid(owner)
        return OsUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return OsUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise PostgresError(
        "PostgreSQL does not run as root and no plain user exists. Run linli as another user."
    )


def run_as(user: OsUser) -> dict[str, object]:
    """Keyword arguments for :mod:`subprocess` that make the child run as ``user``."""
    if os.geteuid() == user.uid:
        return {}
    return {"user": user.uid, "group": user.gid, "extra_groups": []}


def can(user: OsUser, letters: str, path: Path) -> bool:
    """Whether ``user`` may do what ``letters`` say (r, w, x) with ``path``, all parent folders included."""
    checks = " && ".join(f'test -{letter} "$1"' for letter in letters)
    tried = subprocess.run(  # type: ignore[call-overload]
        ["/bin/sh", "-c", checks, "sh", str(path)],
        check=False,
        cwd="/",
        stderr=subprocess.DEVNULL,
        **run_as(user),
    )
    return bool(tried.returncode == 0)


def die_with_parent(how: signal.Signals, *, parent: int | None = None) -> Callable[[], None]:
    """A ``preexec_fn``: the kernel sends the child ``how`` when the thread that started it is gone.

    :param parent: who that is; this process, if nobody is named.

    It must run after the change of user, which clears the setting; :mod:`subprocess` calls it in that order.
    """
    expected = parent or os.getpid()

    def ask_kernel() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
            if os.getppid() != expected:
                os._exit(1)

    return ask_kernel
