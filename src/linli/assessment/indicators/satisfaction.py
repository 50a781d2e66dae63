"""What residents say when they are called back by lot."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, share
from linli.cases.rules.work import Worked


def measure(rows: Sequence[Worked], asked: Asked) -> Measured:
    """Content residents, of those reached by calls that a lottery drew."""
    return share(
        rows,
        asked,
        record="case",
        holds=lambda row: row.satisfied if asked.within(row.satisfied_at) else None,
    )


INDICATOR = Indicator(
    code="satisfaction",
    name=Both("回访满意率", "Satisfied when called back"),
    says=Both(
        "随机抽中的回访里，居民表示满意的比例。打给谁由抽签决定，谁也挑不了。",
        "Of residents called back by lottery, how many are content; nobody can choose who is called.",
    ),
    formula=Both(
        "满意 ÷ 随机回访并表态的居民",
        "content ÷ residents drawn, reached and heard",
    ),
    unit=Unit.SHARE,
    kind=Kind.SATISFACTION,
    direction=Direction.MORE,
    source="cases",
    pair="returns",
    minimum=5,
    measure=measure,
)
