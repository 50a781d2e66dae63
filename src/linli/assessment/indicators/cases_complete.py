"""Cases whose record is complete."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, share
from linli.cases.rules.work import Worked


def measure(rows: Sequence[Worked], asked: Asked) -> Measured:
    """Handled cases with category, place, answer and (where asked for) proof."""
    return share(
        rows, asked, record="case", holds=lambda row: row.complete if asked.within(row.handled_at) else None
    )


INDICATOR = Indicator(
    code="cases_complete",
    name=Both("记录完整率", "Complete records"),
    says=Both(
        "分类、位置、答复、办理结果都齐全的比例。",
        "The part with category, place, answer and result all there.",
    ),
    formula=Both(
        "要素齐全的诉求 ÷ 本期处置完毕的诉求",
        "complete ÷ handled in the period",
    ),
    unit=Unit.SHARE,
    kind=Kind.QUALITY,
    direction=Direction.MORE,
    source="cases",
    pair="cases_located",
    minimum=3,
    measure=measure,
)
