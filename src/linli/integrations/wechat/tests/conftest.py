"""The cast, and a chat with the account of its community."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.test import Client

from linli.cases.tests.cast import AT, Cast, cast, committed_cast, standing_cast  # noqa: F401  (fixtures)
from linli.faces.tests.browser import chromium, chromium_of_module  # noqa: F401  (fixtures)
from linli.integrations.wechat import platform
from linli.integrations.wechat.tests import stage
from linli.integrations.wechat.tests.stage import Chat
from linli.kernel import clock


@pytest.fixture
def chat(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:  # noqa: F811  (a fixture)
    """A chat in AES mode on a Monday morning; nobody follows yet."""
    account = stage.open_account(cast, at=AT)
    made: Chat
    other = stage.other_side(Client(), account, lambda: made.now.timestamp())
    made = Chat(cast, account, other, AT)

    def now() -> datetime:
        return made.now

    monkeypatch.setattr(clock, "now", now)
    yield made
    platform.plug(None)
