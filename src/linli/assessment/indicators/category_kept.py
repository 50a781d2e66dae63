"""Cases whose category did not have to be corrected."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, share
from linli.cases.rules.work import Worked


def measure(rows: Sequence[Worked], asked: Asked) -> Measured:
    """Cases found on rounds whose category nobody changed later."""
    return share(
        rows,
        asked,
        record="case",
        holds=lambda row: not row.category_changed if asked.within(row.accepted_at) else None,
    )


INDICATOR = Indicator(
    code="category_kept",
    name=Both("分类准确率", "Right category"),
    says=Both(
        "自己上报的诉求，分类后来没被改过的比例。",
        "Of the cases one reported, how many kept their category.",
    ),
    formula=Both(
        "分类未被更正的诉求 ÷ 本期受理的自报诉求",
        "category not corrected ÷ own findings accepted in the period",
    ),
    unit=Unit.SHARE,
    kind=Kind.QUALITY,
    direction=Direction.MORE,
    source="cases",
    pair="findings_true",
    minimum=3,
    measure=measure,
    whose="found_by_id",
)
