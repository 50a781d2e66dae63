"""How tests let neighbours join a case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.cases import access_joined
from linli.cases.actions import joining
from linli.cases.actions.joining import Joined
from linli.cases.models import Supporter
from linli.cases.tests.cast import AT, Cast, Person
from linli.kernel import limits

LATER = AT + timedelta(hours=2)


@pytest.fixture(autouse=True)
def no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits commit by themselves, which a test's transaction forbids; their own test looks at them."""
    monkeypatch.setattr(limits, "allow", lambda *_args, **_more: True)


def join(cast: Cast, number: str, by: Person, **more: Any) -> Joined:
    return joining.join(
        actor=by.actor(LATER),
        community_id=cast.here.id,
        number=number,
        at=LATER,
        network="203.0.113.0/24",
        **more,
    )


def row_of(cast: Cast, number: str, person: Person) -> Supporter:
    with cast.inside():
        return access_joined.find(person.actor(LATER), number)
