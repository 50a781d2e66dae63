"""Help with e-commerce that residents confirmed."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, number
from linli.assessment.rules.rows import Served


def measure(rows: Sequence[Served], asked: Asked) -> Measured:
    """Services of this kind that the resident confirmed."""

    def leaves(row: Served) -> str:
        return "denied" if row.denied else "" if row.confirmed_by else "not_confirmed"

    return number(
        rows,
        asked,
        record="service",
        leaves=leaves,
        holds=lambda row: True if row.kind == "e_commerce" else None,
    )


INDICATOR = Indicator(
    code="e_commerce_help",
    name=Both("电商帮办次数", "Help with e-commerce"),
    says=Both(
        "帮居民网购、代取、开店、办网上手续，居民点过头的才算。",
        "Residents helped to buy, sell or do errands online; only what the resident confirmed counts.",
    ),
    formula=Both(
        "居民确认的电商服务次数",
        "e-commerce services confirmed by the resident",
    ),
    unit=Unit.COUNT,
    kind=Kind.WORKLOAD,
    direction=Direction.MORE,
    source="services",
    pair="services_confirmed",
    minimum=0,
    measure=measure,
)
