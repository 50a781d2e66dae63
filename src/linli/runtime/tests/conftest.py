"""A short folder that the database's user can reach; pytest's own temporary folders are closed and long."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty data folder."""
    parent = MEMORY if MEMORY.is_dir() else Path(tempfile.gettempdir())
    made = Path(tempfile.mkdtemp(prefix="linli-home-", dir=parent))
    yield made
    shutil.rmtree(made, ignore_errors=True)
