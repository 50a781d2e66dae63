"""Problems that the team found before residents reported them."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, share
from linli.cases.rules.work import Worked


def measure(rows: Sequence[Worked], asked: Asked) -> Measured:
    """Found on a round, of all cases reported in the time; what turned out to be nothing is left out."""
    return share(
        rows,
        asked,
        record="case",
        holds=lambda row: row.found_by_id is not None if asked.within(row.reported_at) else None,
        leaves=lambda row: row.ended if row.ended in {"declined", "voided", "merged", "withdrawn"} else "",
    )


INDICATOR = Indicator(
    code="found_first",
    name=Both("主动发现率", "Found first"),
    says=Both(
        "巡查时自己先发现的占多少。发现后没有事实的不算。",
        "How much was found on rounds before a resident had to report it; what turned out to be nothing does not count.",
    ),
    formula=Both(
        "巡查发现的诉求 ÷ 本期全部有效诉求",
        "cases found on rounds ÷ all sound cases of the period",
    ),
    unit=Unit.SHARE,
    kind=Kind.OUTCOME,
    direction=Direction.MORE,
    source="cases",
    pair="findings_true",
    minimum=5,
    measure=measure,
)
