"""Loads the demo: three communities, their people and a few months of their life, all of it synthetic.

Places, names and phone numbers are made up (示例); only the three communities' names and codes are real. Everything is
made with the same actions that the pages call.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from linli.cases.actions import defaults
from linli.cases.models import Case
from linli.grids import demo_places
from linli.grids import queries as places
from linli.grids.actions.importing import import_places
from linli.grids.rows import DutyRow
from linli.integrations.hotline import demo as hotline
from linli.kernel import access, audit, clock, scope
from linli.people import demo as doors
from linli.people import queries as people
from linli.people.actions import tokens
from linli.site.demo import open311
from linli.site.demo.life import Days
from linli.site.demo.pictures import Album
from linli.site.demo.settlers import PASSWORD, SINCE, Settlers

DAYS = 100
CASES = {"520113008006": 110, "310105005025": 50, "460105002002": 40}  # by community
FIRST = "520113008006"  # whose hotline, accounts and league the demo plays
SCOPES = ["cases:read", "cases:write", "places:read", "people:read"]
ADMIN = {"admin"}  # their programs may change settings


def load(home: Path) -> None:
    """Make the demo if it is not there yet, and write ``home/demo.json`` for people and programs that try it."""
    at = clock.now()
    if not Case.objects.exists() and not places.communities():
        _make(at)
    first = next(place for place in places.communities() if place.code == FIRST)
    hotline.connect(first.id, at=at)
    _write_card(home, at)


def _make(at: datetime) -> None:
    settled = at - timedelta(days=DAYS + 5)
    with transaction.atomic():
        import_places(actor=access.SYSTEM, sheets=demo_places.sheets(), at=settled)
    secret = make_password(PASSWORD)
    album = Album(seed=7)
    for index, community in enumerate(places.communities()):
        scope.enter([community.id])
        with transaction.atomic():
            defaults.install(actor=access.SYSTEM, community_id=community.id, at=settled, from_date=SINCE)
            town = Settlers(community, index, settled, secret).settle()
            life = Days(
                town, seed=index + 1, until=at, days=DAYS, cases=CASES[community.code], picture=album.ticket
            )
            life.play(lambda: None)
    while audit.seal_pending():
        continue
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _write_card(home: Path, at: datetime) -> None:
    """Who can be tried, with one-tap sign-in and an API token each."""
    base = (settings.LINLI_BASE_URL or "http://127.0.0.1:8000").rstrip("/")
    people = [
        _person(base, community.code, community.name_zh, duty, at)
        for community in places.communities()
        for duty in places.duties(community.id, places.day_of(at))
    ]
    card = {"address": base, "password": PASSWORD, "people": people}
    card["open311"] = open311.connect(base, first=FIRST, at=at)
    path = home / "demo.json"
    made = path.with_suffix(".new")
    made.write_text(json.dumps(card, ensure_ascii=False, indent=1), encoding="utf-8")
    made.chmod(0o600)
    made.replace(path)


def _person(base: str, code: str, community: str, duty: DutyRow, at: datetime) -> dict[str, Any]:
    account = people.account(duty.account_id)
    actor = places.actor(duty.account_id, at, mfa=True)
    if account is None or actor is None:
        raise LookupError(f"account {duty.account_id}")
    _, secret = tokens.issue_token(
        actor=actor, name="demo", scopes=[*SCOPES, *(["admin"] if duty.role in ADMIN else [])], at=at
    )
    path = doors.sign_in_path(account)
    return {
        "community": code,
        "community_name": community,
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
