"""Closed cases that were really solved."""

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
    share,
)
from linli.cases.rules.work import Worked


def measure(rows: Sequence[Worked], asked: Asked) -> Measured:
    """Closed cases that passed a check and of which the resident does not say that they are not solved."""
    return share(
        rows,
        asked,
        record="case",
        leaves=lambda row: ended_otherwise(row) or ("" if row.checked_at else "not_checked"),
        holds=lambda row: row.solved is not False if asked.within(row.closed_at) else None,
    )


INDICATOR = Indicator(
    code="verified_solved",
    name=Both("核实解决率", "Verified solved"),
    says=Both(
        "办结的事，核查通过、居民也没说“没解决”的比例。",
        "Of what was closed after a check, how much the resident does not call unsolved.",
    ),
    formula=Both(
        "核查通过且居民未否认的诉求 ÷ 本期经核查办结的诉求",
        "checked and not contradicted by the resident ÷ closed after a check",
    ),
    unit=Unit.SHARE,
    kind=Kind.OUTCOME,
    direction=Direction.MORE,
    source="cases",
    pair="satisfaction",
    minimum=3,
    measure=measure,
)
