"""What was promised at a visit and then done."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, share
from linli.assessment.rules.rows import Visited


def measure(rows: Sequence[Visited], asked: Asked) -> Measured:
    """Visits whose follow-up was done, of those whose follow-up fell due by the end of the time."""
    last = asked.until.date()
    return share(
        rows,
        asked,
        record="visit",
        holds=lambda row: row.followed_up if row.follow_up_date and row.follow_up_date < last else None,
    )


INDICATOR = Indicator(
    code="follow_ups_done",
    name=Both("后续落实率", "Follow-ups done"),
    says=Both(
        "走访时答应的事，到日子办了没有。",
        "Whether what was promised at a visit was done by its day.",
    ),
    formula=Both(
        "已落实的后续事项 ÷ 到期的后续事项",
        "follow-ups done ÷ follow-ups due",
    ),
    unit=Unit.SHARE,
    kind=Kind.OUTCOME,
    direction=Direction.MORE,
    source="visits",
    pair="rechecks_true",
    minimum=2,
    measure=measure,
)
