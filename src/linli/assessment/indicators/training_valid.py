"""Courses that one's duty asks for and that one holds."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, share
from linli.assessment.rules.rows import Holding


def measure(rows: Sequence[Holding], asked: Asked) -> Measured:
    """Courses held on the last day of the time, of those asked for."""
    return share(rows, asked, holds=lambda row: row.held)


INDICATOR = Indicator(
    code="training_valid",
    name=Both("培训有效率", "Training up to date"),
    says=Both(
        "岗位要求的课程，证书在有效期内的比例。只看学会没有，不看学了多久。",
        "Of the courses one's duty asks for, how many are held; whether one knows it counts, not the time spent.",
    ),
    formula=Both(
        "有效的课程 ÷ 岗位要求的课程",
        "courses held ÷ courses asked for",
    ),
    unit=Unit.SHARE,
    kind=Kind.QUALITY,
    direction=Direction.MORE,
    source="courses",
    pair="quiz_score",
    minimum=2,
    measure=measure,
    whose="account_id",
)
