"""Records that were found true when looked at again."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, share
from linli.assessment.rules.rows import Rechecked


def measure(rows: Sequence[Rechecked], asked: Asked) -> Measured:
    """Records drawn by lot that were true, of those decided; an honest mistake is left out."""

    def holds(row: Rechecked) -> bool | None:
        return row.outcome == "true" if row.outcome and asked.within(row.decided_at) else None

    def leaves(row: Rechecked) -> str:
        if row.drawn != "random":
            return "not_random"
        return "mistaken" if row.outcome == "mistaken" else ""

    return share(rows, asked, holds=holds, leaves=leaves)


INDICATOR = Indicator(
    code="rechecks_true",
    name=Both("复核属实率", "Found true"),
    says=Both(
        "随机复核中属实的比例。无心之失不算假；因线索安排的复核不进这个数，免得冤枉人。",
        "Of records drawn by lot, how many were true; honest mistakes and re-checks by signal are left out.",
    ),
    formula=Both(
        "属实 ÷ 随机复核并已认定的记录",
        "true ÷ records drawn by lot and decided",
    ),
    unit=Unit.SHARE,
    kind=Kind.QUALITY,
    direction=Direction.MORE,
    source="rechecks",
    pair="proof_first_time",
    minimum=3,
    measure=measure,
)
