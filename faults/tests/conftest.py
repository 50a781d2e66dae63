"""One house for all tests of the faults: starting one takes longest. They run one after the other, in one process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from faults.disk import Disk
from faults.stage import Stage, stage


@pytest.fixture(scope="session")
def on() -> Iterator[Stage]:
    """A running demo house."""
    with stage() as made:
        yield made


@pytest.fixture
def small_disk(on: Stage) -> Disk:
    """The small disk the house stands on; skipped, and said so, where none can be mounted."""
    if on.disk is None:
        pytest.skip("a full disk is not tried: mounting a small one needs root")
    return on.disk
