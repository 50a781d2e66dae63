"""Loads the demo: three communities, their people and a few months of their life, all of it synthetic.

Places, names and phone numbers are made up (示例); only the three communities' names and codes are real. Everything is
made with the same actions that the pages call.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from linli.cases.actions import defaults
from linli.cases.queries import reference
from linli.grids import demo_places
from linli.grids import queries as places
from linli.grids.actions.importing import import_places
from linli.grids.rows import DutyRow, PlaceRow
from linli.integrations.hotline import demo as hotline
from linli.integrations.webhooks import demo as webhooks
from linli.kernel import access, audit, clock, scope
from linli.people import demo as ways_in
from linli.people import queries as people
from linli.people.actions import tokens
from linli.people.models import Account
from linli.site.demo import (
    circle,
    desk,
    doors,
    fieldwork,
    league,
    meetings,
    messages,
    neighbours,
    open311,
    rechecks,
    scenes,
    services,
    training,
)
from linli.site.demo.life import Days
from linli.site.demo.pictures import Album
from linli.site.demo.settlers import PASSWORD, SINCE, Settlers

DAYS = 100
#: By community: for how many days it has worked with Linli, and how many cases of everyday life it had.
PAST = {"520113008006": (DAYS, 44), "310105005025": (48, 16), "460105002002": (48, 12)}
FIRST = "520113008006"  # whose hotline, accounts and league the demo plays
SCOPES = ["cases:read", "cases:write", "places:read", "people:read"]
ADMIN = {"admin"}  # their programs may change settings


def load(home: Path) -> None:
    """Make what is not there yet of the demo, and write ``home/demo.json`` for people and programs that try it."""
    at = clock.now()
    if not places.communities():
        with ThreadPoolExecutor(1) as beside, transaction.atomic():
            album = beside.submit(Album)  # its pictures are cleaned in processes of their own
            import_places(actor=access.SYSTEM, sheets=demo_places.sheets(), at=_settled(at))
    else:
        album = None
    waiting = [one for one in enumerate(places.communities()) if not reference.categories(one[1].id)]
    waiting.sort(key=lambda one: PAST[one[1].code], reverse=True)  # the longest first
    if waiting:
        _side_by_side(_Making(at, make_password(PASSWORD), album.result() if album else Album()), waiting)
        while audit.seal_pending():
            continue
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    first = next(place for place in places.communities() if place.code == FIRST)
    hotline.connect(first.id, at=at)
    _write_card(home, at)


def _settled(at: datetime) -> datetime:
    return at - timedelta(days=DAYS + 5)


@dataclass(frozen=True, slots=True)
class _Making:
    """Makes communities of the demo, each in one transaction: whatever ends it half-way, the next start goes on."""

    at: datetime
    secret: str
    album: Album

    def __call__(self, one: tuple[int, PlaceRow]) -> None:
        index, community = one
        scope.enter([community.id])
        with transaction.atomic():
            settled = _settled(self.at)
            defaults.install(actor=access.SYSTEM, community_id=community.id, at=settled, from_date=SINCE)
            town = Settlers(community, index, settled, self.secret).settle()
            doors.hang_nameplates(town, self.at)
            doors.move_in(town, self.at)
            messages.give_robots(community, town.of("community_leader")[0].account_id, settled)
            if settings.LINLI_DEMO_PAST:
                long, number = PAST[community.code]
                days = Days(town, index + 1, self.at, long, number, self.album)
                special = (scenes.all_of(days), neighbours.all_of(days), meetings.all_of(days))
                days.play(chain(days.lives(), *special, desk.all_of(days, long)))
            leader = places.actor(town.of("community_leader")[0].account_id, self.at)
            if leader is not None:
                circle.tell(community, leader, self.at)
                circle.gather(community, leader, self.at)
                services.offer(community, leader, settled)
            if settings.LINLI_DEMO_PAST and community.code == FIRST:
                fieldwork.play(town, self.at)
                if leader is not None:
                    training.train(town, leader, self.at)
                rechecks.play(town, self.at)
                league.play(town, self.at, self.album)
        connection.close()


def _side_by_side(make: _Making, communities: list[tuple[int, PlaceRow]]) -> None:
    """One process a community where there are processors for it; nothing of one depends on another."""
    processes = min(len(communities), os.cpu_count() or 1)
    if processes < 2:
        for one in communities:
            make(one)
        return
    connection.close()
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        for _done in pool.map(make, communities):
            continue


def _write_card(home: Path, at: datetime) -> None:
    """Who can be tried, with one-tap sign-in and an API token each."""
    base = (settings.LINLI_BASE_URL or "http://127.0.0.1:8000").rstrip("/")
    with transaction.atomic():
        people = [one for community in places.communities() for one in _people(base, community, at)]
    card: dict[str, Any] = {"address": base, "password": PASSWORD, "people": people}
    card["open311"] = open311.connect(base, first=FIRST, at=at)
    for community in places.communities():
        webhooks.connect(base, community, at)
    path = home / "demo.json"
    made = path.with_suffix(".new")
    made.write_text(json.dumps(card, ensure_ascii=False, indent=1), encoding="utf-8")
    made.chmod(0o600)
    made.replace(path)


def _people(base: str, community: PlaceRow, at: datetime) -> list[dict[str, Any]]:
    duties = places.duties(community.id, places.day_of(at))
    accounts = people.accounts(duty.account_id for duty in duties)
    actors = {one: places.actor(one, at, mfa=True) for one in accounts}
    return [
        _person(base, community, duty, accounts[duty.account_id], actors[duty.account_id], at)
        for duty in duties
    ]


def _person(
    base: str, community: PlaceRow, duty: DutyRow, account: Account, actor: access.Actor | None, at: datetime
) -> dict[str, Any]:
    if actor is None:
        raise LookupError(f"account {duty.account_id}")
    _, secret = tokens.issue_token(
        actor=actor, name="demo", scopes=[*SCOPES, *(["admin"] if duty.role in ADMIN else [])], at=at
    )
    path = ways_in.sign_in_path(account)
    return {
        "community": community.code,
        "community_name": community.name_zh,
        "role": duty.role,
        "place": duty.place.name_zh,
        "organisation": duty.organisation_zh,
        "name": account.name,
        "phone": account.phone,
        "language": account.language,
        "sign_in": f"{base}{path}",
        "path": path,
        "token": secret,
    }
