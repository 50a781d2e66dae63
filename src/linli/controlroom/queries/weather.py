"""The weather that staff entered by hand."""

from __future__ import annotations

from datetime import datetime

from linli.controlroom.models import WeatherNote
from linli.controlroom.ports import WeatherNow
from linli.controlroom.rules.weather import Danger, Level, Sky, Warned
from linli.grids.queries import day_of


def by_hand(community_id: int, *, at: datetime) -> WeatherNow | None:
    """What was last entered for today; None when nothing was, or it was taken back."""
    row = last_note(community_id, at=at)
    if row is None or not row.sky:
        return None
    return WeatherNow(
        sky=Sky(row.sky),
        low=row.low,
        high=row.high,
        warnings=tuple(Warned(Danger(danger), Level(level)) for danger, level in row.warnings),
        source="",
        at=row.set_at,
        note=row.note,
    )


def last_note(community_id: int, *, at: datetime) -> WeatherNote | None:
    """The last entry for the local day."""
    found = WeatherNote.objects.filter(community_id=community_id, day=day_of(at))
    return found.order_by("-set_at", "-pk").first()
