"""A short cut of `make faults`: real processes, killed while residents report."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from faults.__main__ import kills


@pytest.mark.slow
def test_nothing_accepted_is_lost_or_doubled_when_web_worker_and_database_are_killed() -> None:
    with tempfile.TemporaryDirectory(prefix="linli-faults-") as folder:
        Path(folder).chmod(0o711)
        found = kills(Path(folder) / "home", seconds=12, seed=5, every=(1.5, 3.0))
    assert found["accepted"] > 20
    assert sum(found["killed"].values()) >= 3
    assert found["good"], found
