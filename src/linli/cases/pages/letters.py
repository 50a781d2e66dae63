"""The letters of a case as its page shows them: what they are called, who watches, and what is left until their day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.cases import words, words_chasing
from linli.cases.models import Supervision
from linli.cases.pages.desk_offers import letter_name
from linli.faces.words import Clock
from linli.kernel import calendar
from linli.kernel.worktime import Unit
from linli.people import queries as people

SOON = 86_400  # ticking seconds: from a working day before its day a letter is at risk


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter in the list."""

    letter: Supervision
    name: str
    face: Clock
    supervisor: str
    ended: str


def views(found: Sequence[Supervision], *, community_id: int, at: datetime) -> list[LetterView]:
    """These letters, in their order."""
    if not found:
        return []
    names = people.names({one.supervisor_id for one in found if one.supervisor_id})
    leader = words.label(words_chasing.DECIDERS, "community_leader")
    return [
        LetterView(
            letter=one,
            name=letter_name(one),
            face=face(one, community_id=community_id, at=at),
            supervisor=names.get(one.supervisor_id or 0, "") or leader,
            ended=words.label(words_chasing.LETTERS_ENDED, one.ended_how) if one.ended_how else "",
        )
        for one in found
    ]


def face(one: Supervision, *, community_id: int, at: datetime) -> Clock:
    """How a letter stands: answered in time or late, or how much is left in working days."""
    if one.answered_at is not None:
        return Clock("met" if one.answered_at <= one.due_at else "missed", "working_day", due_at=one.due_at)
    days = calendar.load(community_id)
    if at > one.due_at:
        over = days.counted(Unit.WORKING_DAY, one.due_at, at)
        return Clock("broken", "working_day", -over, one.due_at)
    left = days.counted(Unit.WORKING_DAY, at, one.due_at)
    return Clock("at_risk" if left <= SOON else "in_time", "working_day", left, one.due_at)
