"""A short cut of `make faults`: real processes, killed while people use them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.house import House
from faults.kills import kills
from linli.faces.tests.thorough import only_thorough
from linli.runtime.testing import kept

pytestmark = [pytest.mark.slow, only_thorough]


@pytest.fixture
def house() -> Iterator[House]:
    """A running demo house whose people have no past."""
    folder = Path(tempfile.mkdtemp(prefix="linli-faults-", dir=kept.roomy()))
    folder.chmod(0o711)  # the database's user passes through
    try:
        kept.bring_migrated(folder / "home")
        with House(folder / "home", past=False) as made:
            yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_nothing_accepted_is_lost_or_doubled_when_web_worker_and_database_are_killed(house: House) -> None:
    found = kills(house, seconds=3, seed=5, every=(0.5, 1.0), victims=("web", "worker", "database"), people=2)
    assert found.good, found.as_text()
    assert found.facts["accepted"] > 5
    assert min(found.facts["killed"].values()) >= 1
