"""Visits written down within a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, share
from linli.assessment.rules.rows import Visited

SOON = timedelta(hours=24)


def measure(rows: Sequence[Visited], asked: Asked) -> Measured:
    """Visits recorded within a day of the visit."""
    return share(
        rows,
        asked,
        record="visit",
        holds=lambda row: row.made_at - row.at <= SOON if asked.within(row.at) else None,
    )


INDICATOR = Indicator(
    code="visits_written_soon",
    name=Both("走访及时记录率", "Visits written down soon"),
    says=Both(
        "走访后一天内记下的比例：事后补记容易记错。手机离线时按走访当时的时间算。",
        "The part written down within a day; what is written later is easily wrong.",
    ),
    formula=Both(
        "一天内记录的走访 ÷ 全部走访",
        "visits recorded within a day ÷ all visits",
    ),
    unit=Unit.SHARE,
    kind=Kind.QUALITY,
    direction=Direction.MORE,
    source="visits",
    pair="rechecks_true",
    minimum=3,
    measure=measure,
)
