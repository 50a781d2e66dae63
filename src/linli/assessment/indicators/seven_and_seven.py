"""What a grid worker knows of the grid: 七清七掌握, asked by others each quarter."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit
from linli.assessment.rules.rows import Evaluated


def _measure(rows: Sequence[Evaluated], _asked: Asked) -> Measured:
    """Marks reached of marks possible, over all sheets; a sheet without marks is left out."""
    counted = [row for row in rows if row.most]
    return Measured(
        sum(row.marks for row in counted),
        sum(row.most for row in counted),
        tuple(row.id for row in counted),
        (),
        tuple((row.id, "no_marks") for row in rows if not row.most),
    )


INDICATOR = Indicator(
    code="seven_and_seven",
    name=Both("七清七掌握", "Knows the grid (seven and seven)"),
    says=Both(
        "由其他同事按季度抽题、抽户评议你对网格的了解。",
        "Others ask each quarter, by lot, what you know of your grid.",
    ),
    formula=Both("各评议表得分之和 ÷ 各评议表满分之和", "marks reached ÷ marks possible, over all sheets"),
    unit=Unit.SCORE,
    kind=Kind.QUALITY,
    direction=Direction.MORE,
    source="evaluations",
    pair="visits_to_need",
    minimum=2,
    measure=_measure,
)
