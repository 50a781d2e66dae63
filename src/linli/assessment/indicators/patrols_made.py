"""Rounds that were made."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, number
from linli.assessment.rules.rows import Patrolled

LEAST_SECONDS = 600


def measure(rows: Sequence[Patrolled], asked: Asked) -> Measured:
    """Finished rounds of at least ten minutes."""

    def leaves(row: Patrolled) -> str:
        if row.ended_at is None or row.ended_how != "worker":
            return "not_ended"
        return "too_short" if (row.ended_at - row.started_at).total_seconds() < LEAST_SECONDS else ""

    return number(rows, asked, record="patrol", holds=lambda _row: True, leaves=leaves)


INDICATOR = Indicator(
    code="patrols_made",
    name=Both("巡查次数", "Rounds made"),
    says=Both(
        "本期完成的巡查次数，十分钟以上才算；不看轨迹，不看打卡。",
        "Rounds finished in the period, of ten minutes at least; no track and no check-in is looked at.",
    ),
    formula=Both(
        "完成的巡查次数",
        "rounds finished",
    ),
    unit=Unit.COUNT,
    kind=Kind.WORKLOAD,
    direction=Direction.MORE,
    source="patrols",
    pair="findings_true",
    minimum=0,
    measure=measure,
)
