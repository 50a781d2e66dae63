"""Findings on rounds that turned out to be true."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, share
from linli.cases.rules.work import Worked


def measure(rows: Sequence[Worked], asked: Asked) -> Measured:
    """Findings that were not declined or voided, of those decided that were reported in the time."""

    def holds(row: Worked) -> bool | None:
        if not asked.within(row.reported_at):
            return None
        return row.ended not in {"declined", "voided"}

    return share(
        rows,
        asked,
        record="case",
        holds=holds,
        leaves=lambda row: "" if row.accepted_at or row.ended else "not_decided",
    )


INDICATOR = Indicator(
    code="findings_true",
    name=Both("巡查发现属实率", "Findings that were true"),
    says=Both(
        "巡查报上来的，经受理确有其事的比例。凑数的发现会拉低它。",
        "Of what was reported from rounds, how much was true; findings made up for the number lower it.",
    ),
    formula=Both(
        "受理的巡查发现 ÷ 已作决定的巡查发现",
        "findings accepted ÷ findings decided",
    ),
    unit=Unit.SHARE,
    kind=Kind.QUALITY,
    direction=Direction.MORE,
    source="cases",
    pair="found_first",
    minimum=3,
    measure=measure,
    whose="found_by_id",
)
