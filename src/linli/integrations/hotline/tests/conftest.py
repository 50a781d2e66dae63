"""The cast, and the hotline at the other end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from linli.cases.tests.cast import cast, committed_cast, standing_cast  # noqa: F401
from linli.cases.tests.desk import monday_morning  # noqa: F401
from linli.integrations.hotline.fake.desk import Desk
from linli.integrations.hotline.fake.server import running


@pytest.fixture
def hotline(settings: Any) -> Iterator[tuple[Desk, str]]:
    """The other side, and its address."""
    settings.LINLI_OUTSIDE_PRIVATE = ["127.0.0.0/8"]
    desk = Desk()
    with running(desk) as address:
        yield desk, address
