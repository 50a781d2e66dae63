"""Keys of apps that report here: made by those who keep the community, shown once, ended at once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from linli.cases.actions.settings import keeping
from linli.cases.rules.intake import Refused, Wrong
from linli.integrations.open311.models import AppKey, Shows
from linli.kernel import sealed
from linli.kernel.access import Actor
from linli.kernel.clock import LOCAL

MARK = "o311_"
SHOWN = 10  # letters of a key that stay readable, to tell one from another
MOST = 50
LONGEST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key to be made."""

    name: str
    shows: str
    days: int | None = None  # None: until it is revoked


def issue(*, actor: Actor, community_id: int, wanted: Wanted, at: datetime) -> tuple[AppKey, str]:
    """Make a key and give its secret, for the only time.

    :raises Refused: name (missing, too_long), shows (unknown), days (unknown), keys (too_many).
    :raises Forbidden: not a keeper of the community.
    """
    keeping.require(actor, community_id)
    name = " ".join(wanted.name.split())
    wrongs = _wrongs(name, wanted, community_id)
    if wrongs:
        raise Refused(*wrongs)
    secret = MARK + secrets.token_urlsafe(24)
    with transaction.atomic():
        made = AppKey.objects.create(
            community_id=community_id,
            name=name,
            mark=secret[:SHOWN],
            digest=digest(secret),
            shows=wanted.shows,
            made_by_id=actor.account_id,
            made_at=at,
            expires_at=at + timedelta(days=wanted.days) if wanted.days else None,
        )
        _record(actor, made, "issue_key", at, {"shows": wanted.shows})
    return made, secret


def _wrongs(name: str, wanted: Wanted, community_id: int) -> list[Wrong]:
    found = []
    if not name:
        found.append(Wrong("name", "missing"))
    if len(name) > 60:
        found.append(Wrong("name", "too_long", "60"))
    if wanted.shows not in Shows.values:
        found.append(Wrong("shows", "unknown"))
    if wanted.days is not None and not 1 <= wanted.days <= LONGEST_DAYS:
        found.append(Wrong("days", "unknown"))
    if AppKey.objects.filter(community_id=community_id, revoked_at=None).count() >= MOST:
        found.append(Wrong("keys", "too_many", str(MOST)))
    return found


def revoke(*, actor: Actor, community_id: int, key_id: int, at: datetime) -> None:
    """End a key at once. Twice changes nothing.

    :raises NotFound: there is none of this id here.
    """
    keeping.require(actor, community_id)
    with transaction.atomic():
        found = keeping.find(actor, AppKey.objects.filter(community_id=community_id), key_id, locked=True)
        if found.revoked_at is None:
            found.revoked_at = at
            found.save(update_fields=["revoked_at"])
            _record(actor, found, "revoke_key", at, {})


def digest(secret: str) -> bytes:
    """How a key is kept."""
    return sealed.blind_index("open311.app_key", secret)


def find(community_id: int, secret: str, *, at: datetime) -> AppKey | None:
    """The key that holds now for this secret; the community's scope is entered by the caller."""
    if not secret.startswith(MARK) or len(secret) > 100:
        return None
    digests = sealed.blind_indexes("open311.app_key", secret)
    found = AppKey.objects.filter(community_id=community_id, digest__in=digests, revoked_at=None).first()
    if found is None or (found.expires_at is not None and found.expires_at <= at):
        return None
    return found


def note_use(key: AppKey, *, at: datetime) -> None:
    """Write down that a key was used today: once a day."""
    today = at.astimezone(LOCAL).date()
    if key.last_used_date != today:
        AppKey.objects.filter(pk=key.pk).update(last_used_date=today)


def _record(actor: Actor, key: AppKey, verb: str, at: datetime, detail: dict[str, object]) -> None:
    keeping.note(
        community_id=key.community_id,
        actor=actor,
        verb=f"open311.{verb}",
        thing=f"app_key:{key.pk}",
        at=at,
        detail=detail,
    )
