"""How the chat groups grew: told as information, never weighed."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit
from linli.assessment.rules.rows import Covered


def measure(rows: Sequence[Covered], asked: Asked) -> Measured:
    """People in the groups now, beyond those at the beginning; fewer people count as none."""
    grown = [row for row in rows if row.heads > row.heads_before]
    rest = tuple(row.id for row in rows if row not in grown)
    more = sum(row.heads - row.heads_before for row in grown)
    return Measured(more, 1, tuple(row.id for row in grown), rest)


INDICATOR = Indicator(
    code="group_growth",
    name=Both("联络群新增人数", "Growth of chat groups"),
    says=Both(
        "群里新增了多少人。仅供参考，不计分：拉人头不是服务。",
        "How many people joined. Information only: numbers of heads are not service.",
    ),
    formula=Both(
        "期末人数 − 期初人数",
        "people at the end − people at the beginning",
    ),
    unit=Unit.COUNT,
    kind=Kind.GROWTH,
    direction=Direction.MORE,
    source="groups",
    pair="group_coverage",
    minimum=0,
    measure=measure,
    whose="",
)
