"""What was done for a household: days, why and how it went; words only where they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from linli.fieldwork import access
from linli.fieldwork.access import Household
from linli.fieldwork.models import Visit
from linli.kernel.access import Actor
from linli.people import queries as people

MOST = 50


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit as its household's page lists it. ``worker`` is a colleague's full name."""

    id: int
    at: datetime
    made_at: datetime
    worker_id: int
    worker: str
    purpose: str
    outcome: str
    follow_up_date: date | None
    followed: bool
    case_id: int | None
    has_words: bool
    struck: bool


def history(home: Household, actor: Actor) -> list[VisitRow]:
    """The latest visits to a household that the actor may know of."""
    rows = list(visible(home, actor).order_by("-at", "-pk")[:MOST])
    names = people.names({row.worker_id for row in rows})
    return [
        VisitRow(
            id=row.pk,
            at=row.at,
            made_at=row.made_at,
            worker_id=row.worker_id,
            worker=names.get(row.worker_id, ""),
            purpose=row.purpose,
            outcome=row.outcome,
            follow_up_date=row.follow_up_date,
            followed=row.followed_by_id is not None,
            case_id=row.case_id,
            has_words=row.__dict__["words"] is not None,
            struck=row.struck_at is not None,
        )
        for row in rows
    ]


def visible(home: Household, actor: Actor) -> QuerySet[Visit]:
    """The visits to a household that the actor may know of: those for health only the planned worker and the leader."""
    return access.visits_known(home.reach, actor.account_id).filter(dwelling_id=home.dwelling.id)
