"""Entering the weather of the day by hand, where no feed is plugged in or the feed is wrong."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.cases.rules.intake import Refused, Wrong
from linli.controlroom.actions.recording import record
from linli.controlroom.models import WeatherNote
from linli.controlroom.rules import weather as rules
from linli.controlroom.rules.weather import Sky, Warned
from linli.grids.queries import day_of
from linli.kernel.access import Actor, Forbidden, NotFound

KEEPERS = ("dispatcher", "community_leader")


def note_weather(
    *,
    actor: Actor,
    community_id: int,
    sky: Sky | None,
    at: datetime,
    low: int | None = None,
    high: int | None = None,
    warnings: tuple[Warned, ...] = (),
    note: str = "",
) -> WeatherNote:
    """Say what the weather of today is; without a sky, take back what was said.

    :raises Refused: low, high (out_of_range), high (below_low), note (too_long).
    :raises Forbidden: a duty here, but neither at the desk nor as leader.
    """
    if not actor.roles(community_id) & set(KEEPERS):
        if community_id not in actor.staff_communities:
            raise NotFound
        raise Forbidden("not_your_door")
    words = " ".join(note.split())
    faults = rules.faults(low=low, high=high, note=words)
    if faults:
        raise Refused(*(Wrong(field, code) for field, code in faults))
    with transaction.atomic():
        row = WeatherNote.objects.create(
            community_id=community_id,
            day=day_of(at),
            sky=sky.value if sky else "",
            low=low if sky else None,
            high=high if sky else None,
            warnings=[[one.danger.value, one.level.value] for one in warnings] if sky else [],
            note=words if sky else "",
            set_by_id=actor.person_id,
            set_at=at,
        )
        record(
            community_id=community_id,
            actor=actor,
            roles=KEEPERS,
            verb="note_weather",
            thing=f"weather:{row.day.isoformat()}",
            at=at,
            detail={"sky": row.sky, "low": row.low, "high": row.high, "warnings": row.warnings},
        )
    return row
