"""Work handed over so that the next could take it."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, share
from linli.assessment.rules.rows import HandedOver


def measure(rows: Sequence[HandedOver], asked: Asked) -> Measured:
    """Hand-overs that were accepted."""
    return share(rows, asked, holds=lambda row: row.accepted_at is not None)


INDICATOR = Indicator(
    code="handovers_accepted",
    name=Both("交接完成率", "Hand-overs accepted"),
    says=Both(
        "交班时把手上的事交代清楚、对方签收了的比例。",
        "The part of one's hand-overs that the next one accepted.",
    ),
    formula=Both(
        "对方签收的交接 ÷ 全部交接",
        "hand-overs accepted ÷ hand-overs",
    ),
    unit=Unit.SHARE,
    kind=Kind.QUALITY,
    direction=Direction.MORE,
    source="handovers",
    pair="on_time",
    minimum=2,
    measure=measure,
    whose="from_id",
)
