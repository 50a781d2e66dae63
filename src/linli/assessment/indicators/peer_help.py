"""Standing in for colleagues."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit
from linli.assessment.rules.rows import Helped

MOST_EACH = 3


def measure(rows: Sequence[Helped], asked: Asked) -> Measured:
    """Times one stood in for somebody or took something over; three a colleague at most."""
    times: dict[int | None, int] = {}
    counted, excluded = [], []
    for row in rows:
        times[row.for_id] = times.get(row.for_id, 0) + 1
        if times[row.for_id] > MOST_EACH:
            excluded.append((row.id, "same_colleague"))
        else:
            counted.append(row.id)
    return Measured(len(counted), 1, tuple(counted), (), tuple(excluded))


INDICATOR = Indicator(
    code="peer_help",
    name=Both("互助次数", "Help for colleagues"),
    says=Both(
        "替同事顶班、接手事项的次数；同一位同事最多算三次。",
        "Times one stood in or took something over; three times for one colleague at most.",
    ),
    formula=Both(
        "顶班或接手的次数（每位同事至多 3 次）",
        "times one stood in or took over, at most three for one colleague",
    ),
    unit=Unit.COUNT,
    kind=Kind.WORKLOAD,
    direction=Direction.MORE,
    source="peer_help",
    pair="handovers_accepted",
    minimum=0,
    measure=measure,
    whose="helper_id",
)
