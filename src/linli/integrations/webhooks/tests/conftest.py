"""The fixed cast, and a receiver on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from linli.cases.tests.cast import cast, committed_cast, standing_cast, this_evening
from linli.cases.tests.desk import monday_morning
from linli.integrations.webhooks.tests.receiver import Receiver, running

__all__ = ["cast", "committed_cast", "monday_morning", "receiver", "standing_cast", "this_evening"]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A receiver that this house may reach."""
    settings.LINLI_OUTSIDE_PRIVATE = ["127.0.0.0/8"]
    with running() as held:
        yield held
