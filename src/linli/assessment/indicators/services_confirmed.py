"""Service records that the resident confirmed."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, share
from linli.assessment.rules.rows import Served


def measure(rows: Sequence[Served], asked: Asked) -> Measured:
    """Confirmed by tap, code or call-back, of all services recorded."""
    return share(rows, asked, record="service", holds=lambda row: bool(row.confirmed_by) and not row.denied)


INDICATOR = Indicator(
    code="services_confirmed",
    name=Both("服务确认率", "Services confirmed"),
    says=Both(
        "记下的服务里，有多少是居民自己确认过的。",
        "Of the services written down, how many the resident confirmed.",
    ),
    formula=Both(
        "居民确认的服务 ÷ 记录的全部服务",
        "services confirmed ÷ services recorded",
    ),
    unit=Unit.SHARE,
    kind=Kind.QUALITY,
    direction=Direction.MORE,
    source="services",
    pair="e_commerce_help",
    minimum=5,
    measure=measure,
)
