"""Services: offered, changed, taken down."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from linli.grids import access as places
from linli.kernel import audit, text
from linli.kernel.access import Actor, NotFound
from linli.kernel.refusals import Outdated, Refused, Wrong
from linli.publishing import access
from linli.publishing.models import Service
from linli.publishing.rules import AUTHORS
from linli.publishing.rules_services import MOST, Sheet, faults, tidy


def offer_service(*, actor: Actor, place_id: int, sheet: Sheet, key: UUID, at: datetime) -> Service:
    """Say what can be got done at a place and below it. The same key again gives what it made the first time.

    :raises NotFound: a place that does not concern the actor.
    :raises Forbidden: not_your_place.
    :raises Refused: see `rules_services.faults`; name_zh: too_many.
    """
    place = places.find_served(actor, place_id, AUTHORS)
    values = _checked(sheet) | {"author_id": actor.account_id, "made_at": at, "changed_at": at}
    standing = Service.objects.filter(community_id=place.community_id, withdrawn_at__isnull=True)
    if standing.count() >= MOST and not standing.filter(key=key).exists():
        raise Refused(Wrong("name_zh", "too_many"))
    with transaction.atomic():
        row, made = Service.objects.get_or_create(
            community_id=place.community_id, key=key, defaults={**values, "place_id": place.id}
        )
        if made:
            _record(actor, "publishing.offer_service", row, at, {"place": place.code})
    return row


def change_service(*, actor: Actor, service_id: int, sheet: Sheet, version: int, at: datetime) -> Service:
    """Describe it anew. What stood before stays in the audit entry.

    :raises NotFound: absent, withdrawn, or not the actor's affair.
    :raises Outdated: another version stands by now.
    :raises Refused: as for a new one.
    """
    values = _checked(sheet)
    with transaction.atomic():
        row = access.find_service(actor, service_id, lock=True)
        if row.withdrawn_at is not None:
            raise NotFound
        before = {name: getattr(row, name) for name in values if getattr(row, name) != values[name]}
        if before and row.version != version:
            raise Outdated
        if before:
            for name in before:
                setattr(row, name, values[name])
            row.version, row.changed_at = row.version + 1, at
            row.save()
            said = {name: str(value) for name, value in before.items()}
            _record(actor, "publishing.change_service", row, at, {"before": said})
    return row


def withdraw_service(*, actor: Actor, service_id: int, at: datetime) -> Service:
    """It is offered no more. A second time changes nothing.

    :raises NotFound: absent or not the actor's affair.
    """
    with transaction.atomic():
        row = access.find_service(actor, service_id, lock=True)
        if row.withdrawn_at is None:
            row.withdrawn_at = at
            row.save(update_fields=["withdrawn_at"])
            _record(actor, "publishing.withdraw_service", row, at, {})
    return row


def _checked(sheet: Sheet) -> dict[str, Any]:
    tidied = tidy(sheet)
    found = faults(tidied, personal=lambda words: bool(text.blocking(words)))
    if found:
        raise Refused(*found)
    return asdict(tidied)


def _record(actor: Actor, verb: str, row: Service, at: datetime, detail: dict[str, object]) -> None:
    audit.record(
        community_id=row.community_id,
        actor=actor,
        verb=verb,
        object=f"service:{row.pk}",
        at=at,
        detail=detail,
    )
