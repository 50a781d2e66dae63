"""Announcements: published, changed, withdrawn."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.kernel import audit, text
from linli.kernel.access import Actor, NotFound
from linli.publishing import access, rules
from linli.publishing.models import Announcement


class Refused(Exception):
    """A draft that cannot be published, and why."""

    def __init__(self, faults: tuple[rules.Fault, ...]) -> None:
        super().__init__(", ".join(f"{fault.field}:{fault.code}" for fault in faults))
        self.faults = faults


class Outdated(Exception):
    """Somebody else changed the announcement in the meantime."""


def publish(*, actor: Actor, place_id: int, draft: rules.Draft, key: UUID, at: datetime) -> Announcement:
    """Tell everybody at a place and below it. The same key again gives what it made the first time.

    :raises NotFound: a place that does not concern the actor.
    :raises Forbidden: not_your_place.
    :raises Refused: see `rules.faults`.
    """
    place = access.find_place(actor, place_id)
    checked = _checked(draft)
    with transaction.atomic():
        row, made = Announcement.objects.get_or_create(
            community_id=place.community_id,
            key=key,
            defaults={
                **asdict(checked),
                "place_id": place.id,
                "author_id": actor.account_id,
                "made_at": at,
                "changed_at": at,
            },
        )
        if made:
            _record(actor, "publishing.publish", row, at, {"place": place.code})
    return row


def change(
    *, actor: Actor, announcement_id: int, draft: rules.Draft, version: int, at: datetime
) -> Announcement:
    """Say it otherwise, or on other days. What stood before stays in the audit entry.

    :raises NotFound: absent, withdrawn, or not the actor's affair.
    :raises Outdated: another version stands by now.
    :raises Refused: see `rules.faults`.
    """
    checked = asdict(_checked(draft))
    with transaction.atomic():
        row = access.find(actor, announcement_id, lock=True)
        if row.withdrawn_at is not None:
            raise NotFound
        before = {name: getattr(row, name) for name in checked if getattr(row, name) != checked[name]}
        if not before:
            return row
        if row.version != version:
            raise Outdated
        for name in before:
            setattr(row, name, checked[name])
        row.version, row.changed_at = row.version + 1, at
        row.save(update_fields=[*before, "version", "changed_at"])
        _record(
            actor,
            "publishing.change",
            row,
            at,
            {"before": {name: str(value) for name, value in before.items()}},
        )
    return row


def withdraw(*, actor: Actor, announcement_id: int, at: datetime) -> Announcement:
    """Take it down for everybody. A second time changes nothing.

    :raises NotFound: absent or not the actor's affair.
    """
    with transaction.atomic():
        row = access.find(actor, announcement_id, lock=True)
        if row.withdrawn_at is None:
            row.withdrawn_at = at
            row.save(update_fields=["withdrawn_at"])
            _record(actor, "publishing.withdraw", row, at, None)
    return row


def _checked(draft: rules.Draft) -> rules.Draft:
    tidied = rules.tidy(draft)
    found = rules.faults(tidied, personal=lambda words: bool(text.blocking(words)))
    if found:
        raise Refused(found)
    return tidied


def _record(
    actor: Actor, verb: str, row: Announcement, at: datetime, detail: dict[str, object] | None
) -> None:
    audit.record(
        community_id=row.community_id,
        actor=actor,
        verb=verb,
        object=f"announcement:{row.pk}",
        at=at,
        detail=detail,
    )
