"""Doors knocked at, whether somebody opened or not."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit
from linli.assessment.rules.rows import Visited
from linli.kernel.worktime import SHANGHAI


def measure(rows: Sequence[Visited], asked: Asked) -> Measured:
    """Households at which one was in the time, each once a day; an empty home is no fault of whoever went there."""
    seen: set[tuple[int | None, object]] = set()
    counted, excluded = [], []
    for row in (one for one in rows if asked.within(one.at)):
        once = (row.dwelling_id, row.at.astimezone(SHANGHAI).date())
        why = asked.fault("visit", row.id) or ("same_day" if once in seen else "")
        if why:
            excluded.append((row.id, why))
        else:
            seen.add(once)
            counted.append(row.id)
    return Measured(len(counted), 1, tuple(counted), (), tuple(excluded))


INDICATOR = Indicator(
    code="visits_tried",
    name=Both("上门次数", "Doors knocked at"),
    says=Both(
        "上门了多少次，人不在家也算：跑了路就是跑了路。同一户一天只算一次。",
        "How often one went to a home, empty ones too; the same home once a day.",
    ),
    formula=Both("上门的户数（每户每天一次）", "homes gone to, each once a day"),
    unit=Unit.COUNT,
    kind=Kind.WORKLOAD,
    direction=Direction.MORE,
    source="visits",
    pair="rechecks_true",
    minimum=0,
    measure=measure,
)
