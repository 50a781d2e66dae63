"""Visits to people in need that were made in time."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, share
from linli.assessment.rules.rows import Due
from linli.kernel.worktime import SHANGHAI


def measure(rows: Sequence[Due], asked: Asked) -> Measured:
    """Visits that care plans asked for and that were made by their day, of those due in the time."""

    def holds(row: Due) -> bool:
        return row.met_at is not None and row.met_at.astimezone(SHANGHAI).date() <= row.due_date

    return share(rows, asked, holds=holds)


INDICATOR = Indicator(
    code="visits_in_time",
    name=Both("按时走访率", "Visits made in time"),
    says=Both(
        "独居老人等需要关照的家庭，按约定的日子走到了没有。",
        "Whether households that need care were visited by the agreed day.",
    ),
    formula=Both(
        "按期完成的走访 ÷ 本期到期的走访",
        "visits made by their day ÷ visits due",
    ),
    unit=Unit.SHARE,
    kind=Kind.OUTCOME,
    direction=Direction.MORE,
    source="visits_due",
    pair="rechecks_true",
    minimum=2,
    measure=measure,
)
