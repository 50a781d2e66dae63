"""Results that passed the check the first time."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, share
from linli.cases.rules.work import Worked


def measure(rows: Sequence[Worked], asked: Asked) -> Measured:
    """Cases whose first check found the work done and shown, of those first checked in the time."""
    return share(
        rows,
        asked,
        record="case",
        holds=lambda row: row.passed_first if asked.within(row.checked_at) else None,
    )


INDICATOR = Indicator(
    code="proof_first_time",
    name=Both("一次核查通过率", "Passed the first check"),
    says=Both(
        "办完后第一次核查就通过、不用返工的比例：看证明是否清楚、活是否到位。",
        "The part that passed its first check without rework: whether the proof is clear and the work done.",
    ),
    formula=Both(
        "第一次核查通过的诉求 ÷ 本期第一次核查的诉求",
        "passed at the first check ÷ first checked in the period",
    ),
    unit=Unit.SHARE,
    kind=Kind.QUALITY,
    direction=Direction.MORE,
    source="cases",
    pair="rechecks_true",
    minimum=3,
    measure=measure,
)
