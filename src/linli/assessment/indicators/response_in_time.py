"""First answers to residents in time."""

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
    kept_promises,
)
from linli.cases.rules.work import Worked


def measure(rows: Sequence[Worked], asked: Asked) -> Measured:
    """Cases whose signing and first contact kept their promises, of those that came due in the time."""
    return kept_promises(rows, asked, due=lambda row: row.response_at, kept=lambda row: row.responded)


INDICATOR = Indicator(
    code="response_in_time",
    name=Both("响应及时率", "Answered in time"),
    says=Both(
        "居民上报后，签收和第一次联系有没有在承诺时间内。",
        "Whether signing for a report and the first contact came within the promised time.",
    ),
    formula=Both(
        "按时签收并首次联系的诉求 ÷ 本期应响应的诉求",
        "cases answered in time ÷ cases whose answer came due",
    ),
    unit=Unit.SHARE,
    kind=Kind.OUTCOME,
    direction=Direction.MORE,
    source="cases",
    pair="verified_solved",
    minimum=3,
    measure=measure,
)
