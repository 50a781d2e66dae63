"""Visits to households that need care."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit
from linli.assessment.rules.rows import Visited

#: Spoken with, at the door or by telephone.
MET = frozenset({"met", "by_phone"})


def measure(rows: Sequence[Visited], asked: Asked) -> Measured:
    """Households in need visited in the time, each once: knocking twice at one door counts once."""
    seen: set[int | None] = set()
    counted, excluded = [], []
    for row in (one for one in rows if asked.within(one.at)):
        why = asked.fault("visit", row.id)
        why = why or ("" if row.outcome in MET else "not_met")
        why = why or ("no_need" if not row.need else "same_household" if row.dwelling_id in seen else "")
        if why:
            excluded.append((row.id, why))
        else:
            seen.add(row.dwelling_id)
            counted.append(row.id)
    return Measured(len(counted), 1, tuple(counted), (), tuple(excluded))


INDICATOR = Indicator(
    code="visits_to_need",
    name=Both("走访困难户数", "Households in need visited"),
    says=Both(
        "本期上门看望了多少户需要关照的家庭，同一户只算一次。",
        "How many households in need were visited; the same one counts once.",
    ),
    formula=Both(
        "走访的需关照户数（每户一次）",
        "households in need visited, each once",
    ),
    unit=Unit.COUNT,
    kind=Kind.WORKLOAD,
    direction=Direction.MORE,
    source="visits",
    pair="follow_ups_done",
    minimum=0,
    measure=measure,
)
