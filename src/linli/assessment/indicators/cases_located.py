"""Cases placed at a building."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, share
from linli.cases.rules.work import Worked


def measure(rows: Sequence[Worked], asked: Asked) -> Measured:
    """Cases of the time that are placed at a building."""
    return share(
        rows, asked, record="case", holds=lambda row: row.located if asked.within(row.handled_at) else None
    )


INDICATOR = Indicator(
    code="cases_located",
    name=Both("定位到楼率", "Placed at a building"),
    says=Both(
        "处置完毕的诉求里，位置落到楼栋的比例：下次别人才找得到。",
        "Of the cases handled, how many are placed at a building, so that others find it next time.",
    ),
    formula=Both(
        "定位到楼栋的诉求 ÷ 本期处置完毕的诉求",
        "placed at a building ÷ handled in the period",
    ),
    unit=Unit.SHARE,
    kind=Kind.QUALITY,
    direction=Direction.MORE,
    source="cases",
    pair="rechecks_true",
    minimum=3,
    measure=measure,
)
