"""Room on the disk of the embedded database.

A full disk costs more than refused reports: PostgreSQL stops altogether when it cannot extend its write-ahead log, and may
not come up again. So the database is closed for writing while the disk is nearly full (people read, reports are answered
with 503, nothing stops), and a reserve lies beside the data that can be given up to get going again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

MEGABYTE = 1 << 20
RESERVE_BYTES = 32 * MEGABYTE  # two segments of the write-ahead log: enough to recover with
LOW_BYTES = 48 * MEGABYTE
ENOUGH_BYTES = 2 * LOW_BYTES
RESERVE = "reserve"
CLOSED = "closed.conf"
CLOSED_TEXT = "# The disk is nearly full: see linli doctor. linli removes this file when there is room.\n"
READ_ONLY = "default_transaction_read_only = on\n"


class Space:
    """Watches the folder of one database server."""

    def __init__(self, base: Path, *, free: Callable[[], int] | None = None) -> None:
        self.base = base
        self._free = free or (lambda: shutil.disk_usage(base).free)

    @property
    def closed(self) -> bool:
        """Whether the database is closed for writing."""
        return (self.base / CLOSED).exists()

    def look(self) -> bool:
        """Close or open the database for writing as the disk demands; True if it must read its configuration anew."""
        free = self._free()
        if not self.closed and free < LOW_BYTES:
            self._close()
            return True
        if free > ENOUGH_BYTES + RESERVE_BYTES:
            self._lay_reserve()
        if self.closed and free > ENOUGH_BYTES:
            (self.base / CLOSED).unlink(missing_ok=True)
            return True
        return False

    def give_up_reserve(self) -> bool:
        """Make room for the database to come up again; False if the reserve was used before."""
        try:
            (self.base / RESERVE).unlink()
        except FileNotFoundError:
            return False
        return True

    def _close(self) -> None:
        """Write the file that closes it; on a disk without a single free block the reserve makes room for it."""
        path = self.base / CLOSED
        for last in (False, True):
            try:
                path.write_text(CLOSED_TEXT + READ_ONLY, encoding="ascii")
                path.chmod(0o644)  # the server's user reads it
                return
            except OSError:
                path.unlink(missing_ok=True)  # an empty file would say closed and close nothing
                if last or not self.give_up_reserve():
                    raise

    def _lay_reserve(self) -> None:
        path = self.base / RESERVE
        if path.exists():
            return
        with (
            path.open("wb") as file,
            contextlib.suppress(OSError),
        ):  # some file systems cannot; then there is none
            os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
