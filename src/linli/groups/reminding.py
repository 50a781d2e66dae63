"""Codes that stop working soon: somebody is asked for another one, once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.grids import queries as places
from linli.groups import rules
from linli.groups.events import GroupCodeExpiring
from linli.groups.models import GroupCode
from linli.kernel import events, scope


def sweep(at: datetime) -> int:
    """Say of each code that stops working within a day that it does; returns how many."""
    return sum(_of(place.id, at) for place in places.communities())


def _of(community_id: int, at: datetime) -> int:
    until = places.day_of(at + rules.CODE_REMINDER)
    with scope.within([community_id]), transaction.atomic():
        ending = list(
            GroupCode.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("group")
            .filter(
                community_id=community_id,
                ended_at__isnull=True,
                reminded_at__isnull=True,
                last_date__lte=until,
                group__closed_at__isnull=True,
            )
        )
        for code in ending:
            code.reminded_at = at
            code.save(update_fields=["reminded_at"])
            events.publish(
                GroupCodeExpiring(
                    community_id, code.group_id, code.group.place_id, at, code.last_date.isoformat()
                )
            )
    return len(ending)
