"""One embedded PostgreSQL for every test process of this checkout and code, alive while at least one of them uses it.

``python -m linli.runtime.testing.server FOLDER`` is the process that owns the server; the first test process
that needs a database starts it. Each user holds a shared lock on ``FOLDER/users``, which the kernel drops
even when the user is killed; the owner goes, and removes the folder, once it gets that lock alone.
What a run has migrated is kept as files for the next one (:mod:`linli.runtime.testing.kept`); ``LINLI_TEST_KEEP=600``
keeps the server itself 600 seconds longer, which saves the next run its start.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from linli.runtime import fingerprint
from linli.runtime.postgres import Postgres, PostgresError
from linli.runtime.testing import kept

PATIENCE_SECONDS = 180.0  # on a slow machine the first run makes the database, once
# Enough for every test process; little to copy when the files are kept.
SETTINGS = {"max_connections": "80", "min_wal_size": "32MB", "autovacuum": "off"}


class Use:
    """A share in the server, from construction until :meth:`close`."""

    def __init__(self) -> None:
        self.folder = _folder()
        self._users = _share(self.folder)
        self.postgres = Postgres(self.folder / "home")
        with (self.folder / "starting").open("w") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            if not self.postgres.served_elsewhere():
                self._start()

    def close(self) -> None:
        """Give the share back; the last one out stops the server."""
        self._users.close()

    def _start(self) -> None:
        with (self.folder / "owner.log").open("wb") as log:
            owner = subprocess.Popen(
                [sys.executable, "-m", "linli.runtime.testing.server", str(self.folder)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        began = time.monotonic()
        while not self.postgres.served_elsewhere():
            if owner.poll() is not None or time.monotonic() - began > PATIENCE_SECONDS:
                said = (self.folder / "owner.log").read_text(encoding="utf-8")
                raise PostgresError(f"The test database does not start: {said}")
            time.sleep(0.02)


def _folder() -> Path:
    """One for each checkout and state of what makes the database."""
    mark = hashlib.sha256(os.fsencode(kept.CHECKOUT) + fingerprint.of_database().encode()).hexdigest()[:8]
    return kept.roomy() / f"linli-test-{os.geteuid()}-{mark}"


def _share(folder: Path) -> IO[str]:
    """Hold ``users`` with others; try again if the folder was removed between opening and holding."""
    while True:
        folder.mkdir(mode=0o711, exist_ok=True)
        try:
            users = (folder / "users").open("a", encoding="utf-8")
        except FileNotFoundError:
            continue
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            if os.fstat(users.fileno()).st_ino == (folder / "users").stat().st_ino:
                return users
        except FileNotFoundError:
            pass
        users.close()


def own(folder: Path, keep: float) -> None:
    """Run the server until nobody has used it for ``keep`` seconds, then remove it."""
    with (folder / "users").open("a", encoding="utf-8") as users:
        server = Postgres(folder / "home", settings=SETTINGS)
        kept.bring(server)
        with server as postgres:
            unused = _wait_until_unused(postgres, users, keep)
        if unused:
            shutil.rmtree(folder, ignore_errors=True)


def _wait_until_unused(postgres: Postgres, users: IO[str], seconds: float) -> bool:
    """Whether nobody uses it any more; False when the server ended by itself."""
    free_since: float | None = None
    while postgres.running:
        time.sleep(0.3)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            free_since = None
            continue
        free_since = free_since or time.monotonic()
        if time.monotonic() - free_since >= seconds:
            return True
        fcntl.flock(users, fcntl.LOCK_UN)
    return False


if __name__ == "__main__":
    own(Path(sys.argv[1]), float(os.environ.get("LINLI_TEST_KEEP", "0")))
