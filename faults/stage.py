"""Where scenarios play: a folder of our own, on a small disk of its own where we may mount one, and a house on it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from faults.disk import Disk
from faults.house import House


@dataclass(frozen=True, slots=True)
class Stage:
    """A running house; ``disk`` is None where nothing could be mounted."""

    house: House
    folder: Path
    disk: Disk | None


@contextlib.contextmanager
def stage() -> Iterator[Stage]:
    """A demo house, ready; everything of it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="linli-faults-"))
    folder.chmod(0o711)  # the database's user passes through
    small = Disk(folder / "home")
    try:
        with small.mounted() as mounted, House(folder / "home") as house:
            yield Stage(house, folder, small if mounted else None)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
