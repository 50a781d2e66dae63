"""A grid's open work goes from one worker to another: offered, taken item by item or whole, on record."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from linli.fieldwork import access
from linli.fieldwork.actions.handing_items import KINDS, Asked
from linli.fieldwork.events import HandOverAccepted, HandOverDeclined, HandOverOffered
from linli.fieldwork.models import HandOver, HandOverItem
from linli.fieldwork.rules import handing as rules
from linli.fieldwork.rules.words import ItemKind
from linli.grids import queries as places
from linli.kernel import audit, events
from linli.kernel.access import Actor, Forbidden
from linli.kernel.refusals import Outdated, Refused, Wrong


def open_items(community_id: int, grid_id: int, account_id: int) -> list[rules.Open]:
    """Everything a worker has open in a grid, kind by kind."""
    grid = places.place(grid_id)
    asked = Asked(community_id, grid_id, grid.path if grid else "", account_id)
    return [rules.Open(kind, row) for kind, way in KINDS.items() for row in way.open(asked)]


def offer(*, actor: Actor, offer: rules.Offer, key: UUID, at: datetime) -> HandOver:
    """Offer what a worker has open in a grid to a colleague; the same key again gives what it made the first time.

    :raises NotFound: not a grid of the actor's.
    :raises Forbidden: leaders_only: somebody else's work.
    :raises Refused: see `rules.handing.wrong_offer`; giver: nothing_open, offered_already.
    """
    grid, reach = access.find_grid(actor, offer.grid_id, at)
    if offer.giver_id != actor.account_id and not reach.leads:
        raise Forbidden("leaders_only")
    found = rules.wrong_offer(offer, in_team=access.team_of(grid, at))
    if found:
        raise Refused(*found)
    try:
        with transaction.atomic():
            row, fresh = HandOver.objects.get_or_create(
                community_id=grid.community_id,
                key=key,
                defaults={
                    "grid_id": grid.id,
                    "giver_id": offer.giver_id,
                    "receiver_id": offer.receiver_id,
                    "offered_by_id": actor.person_id,
                    "why": offer.why,
                    "words": offer.words.strip() or None,
                    "offered_at": at,
                },
            )
            if fresh:
                _list(actor, row, at)
    except IntegrityError as problem:
        raise Refused(Wrong("giver", "offered_already")) from problem
    return row


def _list(actor: Actor, row: HandOver, at: datetime) -> None:
    items = open_items(row.community_id, row.grid_id, row.giver_id)
    if not items:
        raise Refused(Wrong("giver", "nothing_open"))
    HandOverItem.objects.bulk_create(
        [
            HandOverItem(
                community_id=row.community_id, handover=row, kind=item.kind, record_id=item.record_id
            )
            for item in items
        ]
    )
    _record(actor, "fieldwork.offer_handover", row, at, {"items": len(items), "why": row.why})
    told = row.grid_id, row.giver_id, row.receiver_id, at, len(items)
    events.publish(HandOverOffered(row.community_id, row.pk, *told))


def accept(*, actor: Actor, handover_id: int, at: datetime, only: Collection[int] | None = None) -> HandOver:
    """Take it over: all of it, or only these items; the rest stays with the giver.

    What has come to an end meanwhile, or moved on, stays as well.

    :param only: ids of items; None takes all.
    :raises NotFound: not the actor's affair.
    :raises Forbidden: receivers_only.
    :raises Outdated: it is over already.
    :raises Refused: items: nothing_chosen.
    """
    with transaction.atomic():
        row = _waiting(actor, handover_id)
        if row.receiver_id != actor.account_id:
            raise Forbidden("receivers_only")
        items = list(HandOverItem.objects.select_for_update().filter(handover=row).order_by("pk"))
        wanted = [item for item in items if only is None or item.pk in only]
        if not wanted:
            raise Refused(Wrong("items", "nothing_chosen"))
        for item in items:
            chosen = item in wanted and KINDS[ItemKind(item.kind)].take(row, item.record_id, at)
            item.taken_at, item.left_at = (at, None) if chosen else (None, at)
            item.save(update_fields=["taken_at", "left_at"])
        row.accepted_at = at
        row.save(update_fields=["accepted_at"])
        taken = sum(item.taken_at is not None for item in items)
        _record(actor, "fieldwork.accept_handover", row, at, {"taken": taken, "left": len(items) - taken})
        told = row.grid_id, row.giver_id, row.receiver_id, at, taken, len(items) - taken
        events.publish(HandOverAccepted(row.community_id, row.pk, *told))
    return row


def decline(*, actor: Actor, handover_id: int, at: datetime) -> HandOver:
    """Not taken over: by the receiver, or taken back by giver, offerer or leader.

    :raises NotFound: not the actor's affair.
    :raises Outdated: it is over already.
    """
    with transaction.atomic():
        row = _waiting(actor, handover_id)
        row.declined_at = at
        row.save(update_fields=["declined_at"])
        HandOverItem.objects.filter(handover=row).update(left_at=at)
        by = "receiver" if row.receiver_id == actor.account_id else "giver"
        _record(actor, "fieldwork.decline_handover", row, at, {"by": by})
        told = row.grid_id, row.giver_id, row.receiver_id, at, actor.person_id
        events.publish(HandOverDeclined(row.community_id, row.pk, *told))
    return row


def _waiting(actor: Actor, handover_id: int) -> HandOver:
    row = access.find_handover(actor, handover_id, lock=True)
    if row.accepted_at is not None or row.declined_at is not None:
        raise Outdated
    return row


def _record(actor: Actor, verb: str, row: HandOver, at: datetime, detail: dict[str, object]) -> None:
    audit.record(
        community_id=row.community_id,
        actor=actor,
        verb=verb,
        object=f"handover:{row.pk}",
        at=at,
        detail=detail,
    )
