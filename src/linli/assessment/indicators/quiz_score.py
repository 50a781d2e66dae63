"""What was known in quizzes."""

from __future__ import annotations

from collections.abc import Sequence

from linli.assessment.rules.indicator import Asked, Both, Direction, Indicator, Kind, Measured, Unit
from linli.assessment.rules.rows import Passed


def measure(rows: Sequence[Passed], asked: Asked) -> Measured:
    """The best score in each course sat in the time, on average."""
    best: dict[tuple[int, str], Passed] = {}
    for row in rows:
        held = best.get((row.account_id, row.course))
        if held is None or row.score > held.score:
            best[row.account_id, row.course] = row
    counted = tuple(sorted(row.id for row in best.values()))
    excluded = tuple((row.id, "sat_again") for row in rows if row.id not in counted)
    return Measured(sum(row.score for row in best.values()), 100 * len(best), counted, (), excluded)


INDICATOR = Indicator(
    code="quiz_score",
    name=Both("测验成绩", "Quiz score"),
    says=Both(
        "本期各门测验的最好成绩平均。考不好可以再考，只记最好的一次。",
        "The average of one's best score in each quiz; who did badly may sit again.",
    ),
    formula=Both(
        "各门最好成绩之和 ÷ （100 × 门数）",
        "sum of best scores ÷ (100 × courses)",
    ),
    unit=Unit.SCORE,
    kind=Kind.QUALITY,
    direction=Direction.MORE,
    source="quizzes",
    pair="proof_first_time",
    minimum=2,
    measure=measure,
    whose="account_id",
)
