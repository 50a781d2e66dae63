"""How good the answers of a community and of each of its bodies were, as they were read when they left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from linli.cases.queries import answers as cases
from linli.cases.queries.answers import ReadAnswer
from linli.triage.rules.answers import quality


@dataclass(frozen=True, slots=True)
class AnswerQuality:
    """The answers of one body, or of all (``whole``), in a period."""

    organisation_id: int | None
    whole: bool
    answers: int
    good: int  # nothing of substance was lacking
    quality: float | None  # the mean share of what an answer should bring; None without an answer
    remarks: Mapping[str, int]  # how often each was made
    numbers: tuple[str, ...]  # the cases, the newest first, for opening the figure


def answer_quality(community_id: int, *, start: datetime, end: datetime) -> tuple[AnswerQuality, ...]:
    """The community first, then its bodies, those with most answers first; [start, end). It must be entered."""
    rows = cases.read_answers(community_id, start=start, end=end)
    by_body: dict[int | None, list[ReadAnswer]] = defaultdict(list)
    for row in rows:
        by_body[row.organisation_id].append(row)
    bodies = sorted(by_body.items(), key=lambda one: (-len(one[1]), one[0] or 0))
    return (_of(None, rows, whole=True), *(_of(body, held) for body, held in bodies if body is not None))


def _of(organisation_id: int | None, rows: list[ReadAnswer], *, whole: bool = False) -> AnswerQuality:
    values = [quality(row.remarks) for row in rows]
    return AnswerQuality(
        organisation_id=organisation_id,
        whole=whole,
        answers=len(rows),
        good=sum(1 for value in values if value == 1.0),
        quality=sum(values) / len(values) if values else None,
        remarks=cases.remark_counts(rows),
        numbers=tuple(dict.fromkeys(row.number for row in reversed(rows))),
    )
