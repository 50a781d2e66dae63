"""How the tests of the wall look at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.cases.tests.cast import Cast, Person, sign_in
from linli.controlroom import kept
from linli.controlroom.actions import screens
from linli.controlroom.models import Screen
from linli.kernel import clock


@pytest.fixture(autouse=True)
def fresh(settings: Any) -> Iterator[None]:
    settings.LINLI_LIVE_URL = "http://127.0.0.1:8001"
    kept.forget()
    yield
    kept.forget()


def as_(person: Person) -> Client:
    return sign_in(Client(), person)


def read(client: Client, path: str = "/control/", status: int = 200) -> str:
    kept.forget()
    answer = client.get(path)
    assert answer.status_code == status, answer.content[:300]
    return answer.content.decode()


def reported(cast: Cast, words: str = "CANARYWORDS 8 栋门口的路灯不亮，张三来电", **more: Any) -> str:
    return cast.report(words, at=clock.now() - timedelta(minutes=5), **more).number


def made_screen(cast: Cast, **more: Any) -> tuple[Screen, str]:
    given: dict[str, Any] = {
        "name": "值班室",
        "days": 30,
        "language": "zh-hans",
        "at": clock.now(),
        **more,
    }
    with cast.inside():
        return screens.make_screen(actor=cast.leader.actor(), community_id=cast.here.id, **given)
