"""Cases handled: how much work there was."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import (
    Asked,
    Both,
    Direction,
    Indicator,
    Kind,
    Measured,
    Unit,
    ended_otherwise,
    number,
)
from linli.cases.rules.work import Worked


def measure(rows: Sequence[Worked], asked: Asked) -> Measured:
    """Cases handled in the time."""
    return number(
        rows,
        asked,
        record="case",
        leaves=ended_otherwise,
        holds=lambda row: True if asked.within(row.handled_at) else None,
    )


INDICATOR = Indicator(
    code="cases_done",
    name=Both("办理件数", "Cases handled"),
    says=Both(
        "本期处置完毕的诉求数量，用来看担子轻重。",
        "How many cases were handled in the period: shows how heavy the load is.",
    ),
    formula=Both(
        "本期处置完毕的诉求数",
        "cases handled in the period",
    ),
    unit=Unit.COUNT,
    kind=Kind.WORKLOAD,
    direction=Direction.MORE,
    source="cases",
    pair="verified_solved",
    minimum=0,
    measure=measure,
)
