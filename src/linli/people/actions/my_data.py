"""A person's own data to take away: asked for in one step, taken once in the next, by the same session,
within 15 minutes.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from linli.kernel import access, audit, limits, sealed
from linli.people import models, rules


class TooManyExports(Exception):
    """More than three in a day."""


def ask_export(*, account_id: int, session_key: str, at: datetime) -> str:
    """Make a ticket with which the same session may take the data once.

    :raises TooManyExports: over three a day.
    """
    if not limits.allow("export", "level2", str(account_id)):
        raise TooManyExports
    ticket = secrets.token_urlsafe(24)
    with transaction.atomic():
        models.Export.objects.create(
            account_id=account_id,
            ticket_digest=_digest("ticket", ticket),
            session_digest=_digest("session", session_key),
            asked_at=at,
            expires_at=at + rules.EXPORT_LIVES,
        )
        _record("people.ask_export", account_id, at)
    return ticket


def take_export(*, account_id: int, session_key: str, ticket: str, at: datetime) -> dict[str, object]:
    """Give everything the rooms hold about the person, and spend the ticket.

    :raises access.NotFound: spent, late, unknown, or of another person or session.
    """
    with transaction.atomic():
        spent = models.Export.objects.filter(
            account_id=account_id,
            ticket_digest=_digest("ticket", ticket),
            session_digest=_digest("session", session_key),
            taken_at=None,
            expires_at__gt=at,
        ).update(taken_at=at)
        if not spent:
            raise access.NotFound
        _record("people.take_export", account_id, at)
        return {"made_at": at.isoformat(), "account": account_id, **rules.exporters.collect(account_id)}


def held_by_people(account_id: int) -> dict[str, object]:
    """What this room holds: the exporter of people."""
    account = models.Account.objects.get(pk=account_id)
    consents = models.Consent.objects.filter(account=account).order_by("given_at")
    tokens = models.ApiToken.objects.filter(account=account).order_by("pk")
    return {
        "name": account.name,
        "phone": account.phone,
        "language": account.language,
        "elder": account.elder,
        "level": account.level,
        "level_until_date": account.level_until_date and account.level_until_date.isoformat(),
        "created_at": account.created_at.isoformat(),
        "last_seen_at": account.last_seen_at and account.last_seen_at.isoformat(),
        "consents": [
            {
                "purpose": consent.purpose,
                "text_version": consent.text_version,
                "given_at": consent.given_at.isoformat(),
                "withdrawn_at": consent.withdrawn_at and consent.withdrawn_at.isoformat(),
            }
            for consent in consents
        ],
        "tokens": [{"name": token.name, "scopes": token.scopes} for token in tokens],
    }


rules.exporters.register("people", held_by_people)


def _digest(kind: str, value: str) -> bytes:
    return sealed.blind_index(f"people.export.{kind}", value)


def _record(verb: str, account_id: int, at: datetime) -> None:
    audit.record(
        community_id=0,
        actor=access.Actor(account_id=account_id),
        verb=verb,
        object=f"account:{account_id}",
        at=at,
    )
