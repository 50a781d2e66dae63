"""Where the database server's files lie, and how it is made sure that the server's user can reach them."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from linli.runtime import osuser
from linli.runtime.osuser import OsUser
from linli.runtime.provider import PostgresError, Provider

# A unix socket's path may have 107 bytes; PostgreSQL adds "/.s.PGSQL.5432.lock".
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")
POINTER = "postgres.place"
FAR_FOLDER = Path("/var/lib/linli-databases")


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of one database server and the user it belongs to."""

    base: Path
    user: OsUser

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.base / "data"

    @property
    def log(self) -> Path:
        """What the server says on its standard error."""
        return self.base / "postgres.log"


def known(home: Path) -> Path:
    """The server's folder for ``home``, without making anything."""
    pointer = home / POINTER
    return Path(pointer.read_text(encoding="utf-8").strip()) if pointer.exists() else home / "postgres"


def make_home(home: Path) -> None:
    """Make the data folder private; root lets the database's user pass through it.

    An empty folder given to us is ours, so root may open it (0711); one with something in it is left alone.
    """
    mode = 0o711 if os.geteuid() == 0 else 0o700
    if not home.exists():
        home.mkdir(mode=mode, parents=True)
    elif not any(home.iterdir()) and home.stat().st_uid == os.geteuid():
        home.chmod(mode)


def settle(home: Path) -> Place:
    """Make the server's folder in ``home``, or, where the server's user cannot reach ``home``, elsewhere.

    The second happens when root keeps ``home`` below a closed folder such as ``/root``: the server's user
    could not enter it, and opening somebody's folder is not ours to do. ``home/postgres.place`` then names
    the folder.
    """
    make_home(home)
    base = known(home)
    user = osuser.for_server(base / "data")
    if not base.exists() and user.uid != os.geteuid():
        base = _reachable(home, user)
    if not base.exists():
        base.mkdir(mode=0o700)
        os.chown(base, user.uid, user.gid)
    if not osuser.can(user, "rwx", base):
        raise PostgresError(
            f"The user {user.name}, who runs the database, cannot reach {base}. Choose another --home."
        )
    return Place(base, user)


def _reachable(home: Path, user: OsUser) -> Path:
    if osuser.can(user, "x", home):
        return home / "postgres"
    temporary = Path(tempfile.gettempdir())
    if temporary in home.resolve().parents and osuser.can(user, "x", temporary):
        far = temporary
    else:
        far = FAR_FOLDER
        far.mkdir(mode=0o755, parents=True, exist_ok=True)
    base = Path(tempfile.mkdtemp(prefix="linli-db-", dir=far))
    os.chown(base, user.uid, user.gid)
    (home / POINTER).write_text(f"{base}\n", encoding="utf-8")
    return base


def socket_folder(place: Place) -> Path:
    """A folder for the socket, mode 0700, whose path is short enough; a stranger's folder is refused."""
    folder = place.base / "run"
    if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER or set(str(folder)) & set(",'\"@"):
        mark = hashlib.sha256(os.fsencode(place.base)).hexdigest()[:12]
        folder = Path("/tmp") / f"linli-{mark}"
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, place.user.uid, place.user.gid)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != place.user.uid or found.st_mode & 0o077:
            raise PostgresError(
                f"{folder} is not a private folder of {place.user.name}. Remove it."
            ) from None
    return folder


def programs(place: Place, provider: Provider) -> Provider:
    """``provider`` itself where the server's user can run it, else a copy (hard links) beside the data."""
    if place.user.uid == os.geteuid() or _runs(provider, place.user):
        return provider
    if not provider.carried:
        raise PostgresError(
            f"The user {place.user.name} cannot run {provider.bin}. Install PostgreSQL for all users."
        )
    near = place.base / "server"
    copied = replace(provider, bin=near / provider.name / "pginstall" / "bin", carried=())
    stamp = near / "made-from"
    wanted = _fingerprint(provider)
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(near, ignore_errors=True)
        near.mkdir(mode=0o755)
        for folder in provider.carried:
            target = near / folder.relative_to(provider.carried[0].parent.parent)
            shutil.copytree(folder, target, symlinks=True, copy_function=_link_or_copy)
        for folder in (near, *(found for found in near.rglob("*") if found.is_dir())):
            folder.chmod(0o755)
        stamp.write_text(wanted, encoding="utf-8")
    if not _runs(copied, place.user):
        raise PostgresError(f"The user {place.user.name} cannot run the database programs in {near}.")
    return copied


def _runs(provider: Provider, user: OsUser) -> bool:
    command = [provider.program("postgres"), "--version"]
    try:
        tried = subprocess.run(  # type: ignore[call-overload]
            command, check=False, cwd="/", capture_output=True, **osuser.run_as(user)
        )
    except OSError:
        return False
    return bool(tried.returncode == 0)


def _fingerprint(provider: Provider) -> str:
    found = Path(provider.program("postgres")).stat()
    return f"{provider.bin} {found.st_size} {found.st_mtime_ns}\n"


def _link_or_copy(source: str, target: str) -> str:
    mode = Path(source).stat().st_mode
    if mode & stat.S_IROTH:
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)
        return target
    shutil.copy2(source, target)  # a link would share the mode, and the original's mode is not ours to change
    Path(target).chmod(0o755 if mode & stat.S_IXUSR else 0o644)
    return target
