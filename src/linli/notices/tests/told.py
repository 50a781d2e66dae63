"""Shared by the tests of telling: what was told to whom, facts heard, a notice said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from linli.cases.tests.cast import AT, Cast, Person
from linli.kernel import events, scope
from linli.notices import reactions
from linli.notices.actions import carrying
from linli.notices.actions.telling import tell
from linli.notices.models import Notice
from linli.notices.rules.addressing import To
from linli.notices.tests.fake import FakeCarrier

Roads = dict[str, FakeCarrier]
MINUTE = timedelta(minutes=1)


def hear(published: list[Any]) -> None:
    """What the worker would do with these facts."""
    for fact in published:
        for reaction in events._reactions.get(type(fact), {}).values():
            if reaction.__module__.startswith((reactions.__name__, "linli.site.journeys")):
                with scope.within([fact.community_id]):
                    reaction(fact)


@pytest.fixture
def facts(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every fact published from now on."""
    found: list[Any] = []
    publish = events.publish

    def note(*facts: Any) -> None:
        found.extend(facts)
        publish(*facts)

    monkeypatch.setattr(events, "publish", note)
    return found


def notices(cast: Cast, kind: str = "", person: Person | None = None) -> list[Notice]:
    with cast.inside():
        found = Notice.objects.order_by("pk")
        found = found.filter(kind=kind) if kind else found
        return list(found.filter(account_id=person.account_id) if person else found)


def only(cast: Cast, kind: str, person: Person) -> Notice:
    found = notices(cast, kind, person)
    assert len(found) == 1, [one.kind for one in notices(cast)]
    return found[0]


def carry(cast: Cast, at: datetime = AT) -> int:
    return carrying.sweep_community(cast.here.id, at)


def say(
    cast: Cast, to: Person, *, fact: str = "test:1", kind: str = "case_settled", at: datetime = AT
) -> None:
    with cast.inside():
        tell(
            community_id=cast.here.id,
            kind=kind,
            fact=fact,
            to=[To.person(to.account_id)],
            values=lambda language: {
                "number": "261123-000001",
                "matter": "照明" if language != "en" else "Lighting",
            },
            link="/my/",
            subject="261123000001",
            at=at,
        )
