"""The cast and a carrier of the tests' own, for every test of this room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from linli.cases.tests.cast import cast, committed_cast, standing_cast, this_evening  # noqa: F401  (fixtures)
from linli.cases.tests.desk import monday_morning  # noqa: F401  (fixtures)
from linli.notices import ports
from linli.notices.tests.fake import FakeCarrier
from linli.notices.tests.told import facts  # noqa: F401  (fixtures)


@pytest.fixture
def roads() -> Iterator[dict[str, FakeCarrier]]:
    """A carrier of the tests' own on every road; what was plugged before is plugged again afterwards."""
    before = {road: ports.carrier(road) for road in ports.roads()}
    made = {road: FakeCarrier(road) for road in ("wechat", "sms", "email", "wecom", "dingtalk", "feishu")}
    ports.plug(*made.values())
    yield made
    for road in made:
        ports.unplug(road)
    ports.plug(*(carrier for carrier in before.values() if carrier))
