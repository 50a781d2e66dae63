"""What was promised at a visit and then done."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, share
from linli.assessment.rules.rows import Visited


def measure(rows: Sequence[Visited], asked: Asked) -> Measured:
    """Visits whose follow-up was done, of those whose follow-up fell due in the time."""
    first, last = asked.since.date(), asked.until.date()

    def holds(row: Visited) -> bool | None:
        day = row.follow_up_date
        return row.followed_up if day is not None and first <= day < last else None

    return share(rows, asked, record="visit", holds=holds)


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
