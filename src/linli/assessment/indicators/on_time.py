"""Cases done within their promise."""

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
    """Cases done in time, of those done or due in the time; what is overdue counts against, done or not."""
    return kept_promises(rows, asked, due=lambda row: row.resolve_at, kept=lambda row: row.on_time)


INDICATOR = Indicator(
    code="on_time",
    name=Both("按时办结率", "Done in time"),
    says=Both(
        "承诺时间内办完的比例；拖着不办的，到期当天就算超时。",
        "The part done within the promise; what is left undone counts as late on the day it was due.",
    ),
    formula=Both(
        "按时办结的诉求 ÷ 本期办结或到期的诉求",
        "cases done in time ÷ cases done or due",
    ),
    unit=Unit.SHARE,
    kind=Kind.OUTCOME,
    direction=Direction.MORE,
    source="cases",
    pair="repeat_problems",
    minimum=3,
    measure=measure,
)
