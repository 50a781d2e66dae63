"""Single places: other names, another code at the door."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from linli.grids import access as doors
from linli.grids import events as facts
from linli.grids import queries, sql
from linli.grids.locate import locator
from linli.grids.models import Place, QrCode
from linli.grids.rows import PlaceRow
from linli.kernel import access, audit, events
from linli.kernel.numbering import CODE_ALPHABET

QR_LENGTH = 12  # 60 random bits: nobody finds a door by guessing


class NameMissing(Exception):
    """A place needs a Chinese name."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What a place is called, and how many households it has (None: not counted)."""

    name_zh: str
    name_en: str = ""
    aliases: Sequence[str] = ()
    households: int | None = None


def new_code() -> str:
    """A fresh opaque code for a QR sign."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(QR_LENGTH))


def bump_version() -> int:
    """Count a change of places, in the caller's transaction; every process reloads within a second after."""
    with connection.cursor() as cursor:
        cursor.execute(sql.BUMP_VERSION)
        version = int(cursor.fetchone()[0])
    transaction.on_commit(locator.check_now)
    return version


def rename_place(*, actor: access.Actor, place_id: int, sign: Sign, at: datetime) -> PlaceRow:
    """Change what a place is called; addresses are found by any of its aliases.

    :raises access.NotFound: a place that the actor does not keep.
    :raises NameMissing: without a Chinese name.
    """
    place = doors.find_kept(actor, place_id)
    if not sign.name_zh.strip():
        raise NameMissing
    aliases = list(dict.fromkeys(alias.strip()[:60] for alias in sign.aliases if alias.strip()))
    before = {"name_zh": place.name_zh, "name_en": place.name_en, "aliases": list(place.aliases)}
    with transaction.atomic():
        Place.objects.filter(pk=place.id).update(
            name_zh=sign.name_zh.strip()[:120],
            name_en=sign.name_en.strip()[:120],
            aliases=aliases,
            households=sign.households,
        )
        audit.record(
            community_id=place.community_id,
            actor=actor,
            verb="grids.rename_place",
            object=f"place:{place.id}",
            at=at,
            detail={"before": {**before, "households": place.households}},
        )
        events.publish(facts.PlaceRenamed(place.community_id, place.id, at))
        bump_version()
    return doors.find_kept(actor, place_id)


def replace_qr(*, actor: access.Actor, place_id: int, reason: str, at: datetime) -> PlaceRow:
    """Hang a new code at a place; the old one is void at once and stays in the history.

    :raises access.NotFound: a place that the actor does not keep.
    :raises access.Forbidden: no_code_at_dwellings.
    """
    place = doors.find_kept(actor, place_id)
    if place.level not in doors.PUBLIC_LEVELS:
        raise access.Forbidden("no_code_at_dwellings")
    code = new_code()
    with transaction.atomic():
        Place.objects.select_for_update().get(pk=place.id)
        QrCode.objects.filter(place_id=place.id, replaced_at__isnull=True).update(
            replaced_at=at, reason=reason.strip()[:200]
        )
        QrCode.objects.create(community_id=place.community_id, place_id=place.id, code=code, issued_at=at)
        Place.objects.filter(pk=place.id).update(qr_code=code)
        audit.record(
            community_id=place.community_id,
            actor=actor,
            verb="grids.replace_qr",
            object=f"place:{place.id}",
            at=at,
            detail={"reason": reason.strip()[:200]},
        )
        events.publish(facts.QrReplaced(place.community_id, place.id, at))
    return queries.place(place.id) or place
