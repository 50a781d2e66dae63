"""Closed cases that came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, share
from linli.cases.rules.work import Worked

WATCH = timedelta(days=30)


def measure(rows: Sequence[Worked], asked: Asked) -> Measured:
    """Cases that came back in the time, of those closed in it or in the thirty days before."""

    def holds(row: Worked) -> bool | None:
        if asked.within(row.came_back_at):
            return True
        closed = row.closed_at
        return False if closed and asked.since - WATCH <= closed < asked.until else None

    return share(rows, asked, record="case", holds=holds)


INDICATOR = Indicator(
    code="repeat_problems",
    name=Both("重复问题率", "Problems that came back"),
    says=Both(
        "办结 30 天内，同一处同一类问题又来，或居民要求重办。越低越好。",
        "Closed, and within thirty days there again, or taken up again by the resident. Less is better.",
    ),
    formula=Both(
        "本期重现的诉求 ÷ 本期及前 30 天办结的诉求",
        "came back in the period ÷ closed in it or in the thirty days before",
    ),
    unit=Unit.SHARE,
    kind=Kind.QUALITY,
    direction=Direction.LESS,
    source="cases",
    pair="on_time",
    minimum=5,
    measure=measure,
)
