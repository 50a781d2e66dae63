"""Hand-overs as their pages list them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from linli.cases.queries import held
from linli.fieldwork.actions.handing import open_items
from linli.fieldwork.models import CarePlan, HandOver, HandOverItem, Visit
from linli.fieldwork.queries import doors
from linli.fieldwork.rules.words import ItemKind
from linli.grids import queries as places
from linli.kernel import numbering

MOST = 100


@dataclass(frozen=True, slots=True)
class HandOverRow:
    """A hand-over in a list."""

    id: int
    grid: str
    giver_id: int
    receiver_id: int
    offered_at: datetime
    accepted_at: datetime | None
    declined_at: datetime | None
    items: int
    taken: int


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One open thing: which, what it is called, since or until when. ``id`` is the item's, 0 before it is offered."""

    id: int
    kind: str
    record_id: int
    words: str
    taken: bool = False
    left: bool = False


def listed(community_id: int, account_id: int | None, language: str) -> list[HandOverRow]:
    """The latest hand-overs of somebody, or all; what waits stands first."""
    found = HandOver.objects.filter(community_id=community_id)
    if account_id is not None:
        mine = Q(giver_id=account_id) | Q(receiver_id=account_id) | Q(offered_by_id=account_id)
        found = found.filter(mine)
    counted = found.annotate(
        listed=Count("items"), taken=Count("items", filter=Q(items__taken_at__isnull=False))
    ).order_by("-offered_at")
    rows = list(counted.defer("words")[:MOST])
    grids = places.places({row.grid_id for row in rows})
    told = [
        HandOverRow(
            row.pk,
            grids[row.grid_id].name(language),
            row.giver_id,
            row.receiver_id,
            row.offered_at,
            row.accepted_at,
            row.declined_at,
            row.listed,
            row.taken,
        )
        for row in rows
    ]
    return sorted(told, key=lambda row: row.accepted_at is not None or row.declined_at is not None)


def offered_by(handover_id: int) -> int | None:
    """Who offered it: its giver, or the leader for them."""
    return HandOver.objects.filter(pk=handover_id).values_list("offered_by_id", flat=True).first()


def open_of(community_id: int, grid_id: int, account_id: int, language: str, at: datetime) -> list[ItemRow]:
    """What somebody has open in a grid, with its names."""
    found = open_items(community_id, grid_id, account_id)
    return _named(
        community_id, [(0, one.kind.value, one.record_id, False, False) for one in found], language, at
    )


def items_of(row: HandOver, language: str, at: datetime) -> list[ItemRow]:
    """What a hand-over lists, with its names."""
    found = HandOverItem.objects.filter(handover=row).order_by("kind", "pk")
    kept = [
        (one.pk, one.kind, one.record_id, one.taken_at is not None, one.left_at is not None) for one in found
    ]
    return _named(row.community_id, kept, language, at)


def _named(
    community_id: int, kept: Iterable[tuple[int, str, int, bool, bool]], language: str, at: datetime
) -> list[ItemRow]:
    listed_ = list(kept)

    def ids(kind: ItemKind) -> list[int]:
        return [record for _pk, code, record, _taken, _left in listed_ if code == kind]

    named = {
        ItemKind.CASE.value: {
            pk: numbering.pretty_number(case.number)
            for pk, case in held.told(community_id, ids(ItemKind.CASE), at=at).items()
        },
        ItemKind.CARE_PLAN.value: _homes(CarePlan, community_id, ids(ItemKind.CARE_PLAN), language),
        ItemKind.FOLLOW_UP.value: _homes(Visit, community_id, ids(ItemKind.FOLLOW_UP), language),
    }
    return [
        ItemRow(pk, code, record, named.get(code, {}).get(record, f"{record}"), taken, left)
        for pk, code, record, taken, left in listed_
    ]


def _homes(
    model: type[CarePlan] | type[Visit], community_id: int, ids: list[int], language: str
) -> dict[int, str]:
    """The doors of plans or visits, with the day on which something is due."""
    day = "due_date" if model is CarePlan else "follow_up_date"
    rows = model._default_manager.filter(community_id=community_id, pk__in=ids)
    found = list(rows.values_list("pk", "dwelling_id", day))
    named = doors.names({dwelling for _pk, dwelling, _day in found}, language)
    return {
        pk: f"{named[dwelling]} · {when:%Y-%m-%d}" if when else named[dwelling]
        for pk, dwelling, when in found
    }
