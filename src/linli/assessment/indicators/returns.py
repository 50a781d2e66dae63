"""Cases sent back by those to whom they had been sent."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit, share
from linli.assessment.rules.subjects import OF_PEOPLE
from linli.cases.rules.work import Worked


def measure(rows: Sequence[Worked], asked: Asked) -> Measured:
    """Cases sent back in the time, by this person where people are assessed, of those accepted in it or sent back."""
    of_people = asked.subject.level in OF_PEOPLE

    def holds(row: Worked) -> bool | None:
        own = not of_people or row.returned_by_id in asked.subject.account_ids
        if own and asked.within(row.returned_at):
            return True
        return False if asked.within(row.accepted_at) else None

    return share(rows, asked, record="case", holds=holds)


INDICATOR = Indicator(
    code="returns",
    name=Both("退单率", "Sent back"),
    says=Both(
        "接到手又退回去的比例。确实不归自己管的，审定后不影响其他指标。越低越好。",
        "The part sent back after it arrived. Less is better.",
    ),
    formula=Both(
        "本期退单的诉求 ÷ 本期受理的诉求",
        "cases sent back ÷ cases accepted",
    ),
    unit=Unit.SHARE,
    kind=Kind.QUALITY,
    direction=Direction.LESS,
    source="cases",
    pair="response_in_time",
    minimum=5,
    measure=measure,
    whose="held_by",
)
