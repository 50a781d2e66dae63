"""The cast, and the hotline at the other end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from linli.cases.tests.cast import cast, committed_cast, standing_cast  # noqa: F401  (fixtures)
from linli.cases.tests.desk import monday_morning  # noqa: F401  (fixtures)
from linli.integrations.hotline.fake.desk import Desk
from linli.kernel.tests.other_side import Call, serving


@pytest.fixture
def hotline(settings: Any) -> Iterator[tuple[Desk, str]]:
    """The other side, and its address."""
    settings.LINLI_OUTSIDE_PRIVATE = ["127.0.0.0/8"]
    desk = Desk()

    def answer(call: Call) -> None:
        time.sleep(desk.slow)
        headers = {name.lower(): value for name, value in call.headers.items()}
        status, told = desk.answer(call.command, call.path, headers, call.body)
        call.say(told, status=status, headers={"Content-Type": "application/json"})

    with serving(answer) as address:
        yield desk, address
