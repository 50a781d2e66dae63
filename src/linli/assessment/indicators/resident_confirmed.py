"""Cases of which the resident says that they are solved."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, share
from linli.cases.rules.work import Worked


def measure(rows: Sequence[Worked], asked: Asked) -> Measured:
    """Solved in the resident's own word, of closed cases on which there is one."""
    return share(
        rows,
        asked,
        record="case",
        holds=lambda row: bool(row.solved) if asked.within(row.closed_at) else None,
        leaves=lambda row: "silent" if row.solved is None else "",
    )


INDICATOR = Indicator(
    code="resident_confirmed",
    name=Both("居民确认解决率", "Confirmed by residents"),
    says=Both(
        "居民自己说“解决了”的比例；没表态的不算好也不算坏。",
        "Of closed cases on which the resident said something, how many are called solved; silence counts neither way.",
    ),
    formula=Both(
        "居民确认解决 ÷ 本期办结且居民表态的诉求",
        "called solved ÷ closed cases with the resident's word",
    ),
    unit=Unit.SHARE,
    kind=Kind.SATISFACTION,
    direction=Direction.MORE,
    source="cases",
    pair="satisfaction",
    minimum=3,
    measure=measure,
)
