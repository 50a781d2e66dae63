"""The demo's card: everybody on duty can be tried, by a path and by a token; writing it is part of every wait to start."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from linli.cases.actions import defaults
from linli.cases.queries import reference
from linli.grids import demo_places, locate
from linli.grids import queries as places
from linli.grids.actions.importing import import_places
from linli.kernel import access, scope
from linli.people import demo as ways_in
from linli.people import queries as people
from linli.site.demo import loading
from linli.site.demo.settlers import SINCE, Settlers

NOW = datetime(2026, 11, 23, 12, 4, tzinfo=UTC)


@pytest.fixture
def settled(db: None, settings: Any) -> int:
    """A demo whose people of one community have moved in; the community's id."""
    settings.LINLI_DEMO, settings.LINLI_BASE_URL = True, "https://linli.example"
    since = NOW - timedelta(days=40)
    reference.forget()
    import_places(actor=access.SYSTEM, sheets=demo_places.sheets(), at=since)
    locate.locator.forget()
    for one in places.communities():
        scope.enter([one.id])
        defaults.install(actor=access.SYSTEM, community_id=one.id, at=since, from_date=SINCE)
    community = places.communities()[0]
    scope.enter([community.id])
    Settlers(community, 0, since, "!").settle()
    return community.id


def test_everybody_on_duty_has_a_path_and_a_token_of_their_own(settled: int, tmp_path: Path) -> None:
    loading._write_card(tmp_path, NOW)

    card = json.loads((tmp_path / "demo.json").read_text(encoding="utf-8"))
    duties = places.duties(settled, places.day_of(NOW))
    assert [one["role"] for one in card["people"]] == [duty.role for duty in duties]
    for person, duty in zip(card["people"], duties, strict=True):
        account = people.account(duty.account_id)
        assert account is not None
        assert (person["name"], person["phone"]) == (account.name, account.phone)
        door = resolve(urlsplit(person["sign_in"]).path)
        assert door.view_name == "people:demo_as"
        assert ways_in.account_of(door.kwargs["token"]) == account
        speaks = places.actor_by_token(people.token_digest(person["token"]), NOW)
        assert speaks is not None
        assert speaks.account_id == account.pk
        assert ("admin" in speaks.scopes) == (person["role"] == "admin")


def test_the_card_asks_for_all_people_of_a_community_at_once(settled: int) -> None:
    community = next(one for one in places.communities() if one.id == settled)
    with CaptureQueriesContext(connection) as asked:
        listed = loading._people("http://x", community, NOW)
    each = 5  # who acts; the token and its audit entry, between two savepoints
    assert len(listed) > 30
    assert len(asked) <= each * len(listed) + 2
