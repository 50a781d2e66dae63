"""Announcements: published, changed, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from linli.grids import access as doors
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.kernel import audit, events, scope, text
from linli.kernel.access import SYSTEM, Actor, NotFound
from linli.kernel.clock import LOCAL
from linli.kernel.refusals import Outdated, Refused, Wrong
from linli.publishing import access, files, rules
from linli.publishing.events import (
    AnnouncementBegan,
    AnnouncementChanged,
    AnnouncementPublished,
    AnnouncementWithdrawn,
)
from linli.publishing.models import Announcement


def check(*, actor: Actor, place_id: int, draft: rules.Draft, tell: rules.Tell) -> PlaceRow:
    """Look a draft through without publishing it; the place it is for.

    :raises NotFound, Forbidden, Refused: as `publish`.
    """
    place = doors.find_served(actor, place_id, rules.AUTHORS)
    _checked(draft)
    _may_tell(actor, place, tell)
    return place


def publish(
    *,
    actor: Actor,
    place_id: int,
    draft: rules.Draft,
    key: UUID,
    at: datetime,
    tell: rules.Tell = rules.Tell.NO,
    tickets: Sequence[UUID] = (),
) -> Announcement:
    """Say something to everybody at a place and below it. The same key again gives what it made the first time.

    :param tell: whether people get a message about it, on its first day.
    :param tickets: of files the actor has uploaded.
    :raises NotFound: a place that does not concern the actor.
    :raises Forbidden: not_your_place.
    :raises Refused: see `rules.faults`; tell: not_yours.
    """
    place = doors.find_served(actor, place_id, rules.AUTHORS)
    checked = _checked(draft)
    _may_tell(actor, place, tell)
    with transaction.atomic():
        row, made = Announcement.objects.get_or_create(
            community_id=place.community_id,
            key=key,
            defaults={
                **asdict(checked),
                "place_id": place.id,
                "tell": tell.value,
                "author_id": actor.account_id,
                "made_at": at,
                "changed_at": at,
            },
        )
        if made:
            came, _gone = files.tie(row, actor, tickets, at)
            detail: dict[str, object] = {"place": place.code, "tell": tell.value, "files": came}
            _record(actor, "publishing.publish", row, at, detail)
            days = row.from_date.isoformat(), row.last_date.isoformat()
            events.publish(AnnouncementPublished(row.community_id, row.pk, row.place_id, at, *days))
            _begin(row, at, at_once=True)
    return row


def change(
    *,
    actor: Actor,
    announcement_id: int,
    draft: rules.Draft,
    version: int,
    at: datetime,
    tell: rules.Tell | None = None,
    again: bool = False,
    tickets: Sequence[UUID] | None = None,
) -> Announcement:
    """Say it otherwise, or on other days. What stood before stays in the audit entry.

    What has not reached people yet reaches them as it is now.

    :param tell: another choice, while nobody was told; None: as it is.
    :param again: those who were told are told what it says now.
    :param tickets: exactly these files; None: as they are.
    :raises NotFound: absent, withdrawn, or not the actor's affair.
    :raises Outdated: another version stands by now.
    :raises Refused: see `rules.faults`; tell: not_yours.
    """
    wanted: dict[str, object] = asdict(_checked(draft))
    with transaction.atomic():
        row = access.find(actor, announcement_id, lock=True)
        if row.withdrawn_at is not None:
            raise NotFound
        if tell is not None and not told(row):
            _may_tell(actor, doors.find_served(actor, row.place_id, rules.AUTHORS), tell)
            wanted["tell"] = tell.value
        before = {name: getattr(row, name) for name in wanted if getattr(row, name) != wanted[name]}
        moved = _files_differ(row, tickets)
        if not before and not moved:
            return row
        if row.version != version:
            raise Outdated
        telling = "again" if again and told(row) else ("first" if "tell" in before and row.begun_at else "")
        for name in before:
            setattr(row, name, wanted[name])
        row.version, row.changed_at = row.version + 1, at
        row.save(update_fields=[*before, "version", "changed_at"])
        detail: dict[str, object] = {"before": {name: str(value) for name, value in before.items()}}
        if moved:
            detail["files_came"], detail["files_went"] = files.tie(row, actor, tickets or (), at)
        _record(actor, "publishing.change", row, at, detail)
        events.publish(AnnouncementChanged(row.community_id, row.pk, row.place_id, at, row.version, telling))
        _begin(row, at, at_once=True)
    return row


def told(row: Announcement) -> bool:
    """Whether people are being told of it, or were."""
    return row.begun_at is not None and row.tell != rules.Tell.NO.value


def _files_differ(row: Announcement, tickets: Sequence[UUID] | None) -> bool:
    if tickets is None:
        return False
    return {one.ticket for one in files.of([row.pk]).get(row.pk, [])} != set(tickets)


def withdraw(*, actor: Actor, announcement_id: int, at: datetime, tell: bool = False) -> Announcement:
    """Take it down for everybody; who has not been told of it yet never is. A second time changes nothing.

    :param tell: those who were told of it are told that it no longer holds.
    :raises NotFound: absent or not the actor's affair.
    """
    with transaction.atomic():
        row = access.find(actor, announcement_id, lock=True)
        if row.withdrawn_at is None:
            row.withdrawn_at = at
            row.save(update_fields=["withdrawn_at"])
            telling = "again" if tell and told(row) else ""
            _record(actor, "publishing.withdraw", row, at, {"tell": telling})
            events.publish(AnnouncementWithdrawn(row.community_id, row.pk, row.place_id, at, telling))
    return row


def begin_due(at: datetime) -> int:
    """Begin what was written ahead and whose first morning has come; returns how many."""
    return sum(_begin_of(one, at) for one in places.communities_with(_ahead(at)))


def _ahead(at: datetime) -> QuerySet[Announcement]:
    today = at.astimezone(LOCAL).date()
    return Announcement.objects.filter(
        begun_at__isnull=True, withdrawn_at__isnull=True, from_date__lte=today, last_date__gte=today
    )


def _begin_of(community_id: int, at: datetime) -> int:
    with scope.within([community_id]), transaction.atomic():
        ahead = _ahead(at).filter(community_id=community_id).select_for_update(skip_locked=True)
        return sum(_begin(row, at) for row in ahead)


def _begin(row: Announcement, at: datetime, *, at_once: bool = False) -> bool:
    """Note that it stands from now on, once.

    :param at_once: somebody has just published it, for a day that has come: they need not wait for the morning.
    """
    local = at.astimezone(LOCAL)
    if row.begun_at is not None or local.date() > row.last_date:
        return False
    if not (rules.begins(row.from_date, at=local) or (at_once and row.from_date <= local.date())):
        return False
    row.begun_at = at
    row.save(update_fields=["begun_at"])
    events.publish(AnnouncementBegan(row.community_id, row.pk, row.place_id, at))
    return True


def _may_tell(actor: Actor, place: PlaceRow, tell: rules.Tell) -> None:
    if tell is not rules.Tell.URGENT or actor is SYSTEM:
        return
    if not actor.has(*rules.URGENT_AUTHORS, community_id=place.community_id, place_path=place.path):
        raise Refused(Wrong("tell", "not_yours"))


def _checked(draft: rules.Draft) -> rules.Draft:
    tidied = rules.tidy(draft)
    found = rules.faults(tidied, personal=lambda words: bool(text.blocking(words)))
    if found:
        raise Refused(*found)
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
