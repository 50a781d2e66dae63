"""Households that the residents' chat groups reach."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit
from linli.assessment.rules.rows import Covered


def measure(rows: Sequence[Covered], asked: Asked) -> Measured:
    """Households reached of all households, over the grids where both are known."""
    known = [row for row in rows if row.households]
    sound = [row for row in known if not any(asked.fault("head_count", one) for one in row.count_ids)]
    excluded = [(row.id, "households_unknown") for row in rows if not row.households]
    excluded += [(row.id, "proven_false") for row in known if row not in sound]
    return Measured(
        sum(row.reached for row in sound),
        sum(row.households or 0 for row in sound),
        tuple(row.id for row in sound),
        (),
        tuple(excluded),
    )


INDICATOR = Indicator(
    code="group_coverage",
    name=Both("联络群覆盖率", "Coverage of chat groups"),
    says=Both(
        "居民联络群真正联系到多少户。按户算，不按人头算：一家进来几个人都算一户。",
        "How many households the residents' chat groups really reach; a family counts once, however many of it are in.",
    ),
    formula=Both(
        "覆盖户数 ÷ 总户数（期末最近一次清点）",
        "households reached ÷ households, by the last count before the period's end",
    ),
    unit=Unit.SHARE,
    kind=Kind.COVERAGE,
    direction=Direction.MORE,
    source="groups",
    pair="rechecks_true",
    minimum=1,
    measure=measure,
    whose="",
)
