"""What one person holds of the open cases, for the rooms above: in the communities entered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from linli.cases.models import Case
from linli.cases.queries import desk
from linli.cases.queries.desk import RowClock
from linli.cases.rules import workflow

OPEN = [state.value for state in workflow.OPEN]


@dataclass(frozen=True, slots=True)
class Held:
    """A case as a list of a day's work needs it: which, where it stands, and its next promise."""

    id: int
    number: str
    category_code: str
    urgency: str
    state: str
    clock: RowClock


def held_by(community_id: int, account_id: int, place_path: str) -> list[int]:
    """The open cases that an account handles at a place and below it, what is due first."""
    found = Case.objects.filter(
        community_id=community_id, handler_id=account_id, state__in=OPEN, place_path__startswith=place_path
    )
    return list(found.order_by("due_at", "pk").values_list("pk", flat=True))


def of_handler(community_id: int, account_id: int, *, at: datetime, most: int) -> list[Held]:
    """The open cases that an account handles, what is due first, with their clocks; two statements."""
    found = Case.objects.filter(community_id=community_id, handler_id=account_id, state__in=OPEN)
    return _rows(list(found.defer("words", "search").order_by("due_at", "pk")[:most]), at)


def told(community_id: int, case_ids: Collection[int], *, at: datetime) -> dict[int, Held]:
    """These cases, by id; two statements."""
    found = Case.objects.filter(community_id=community_id, pk__in=case_ids).defer("words", "search")
    return {one.id: one for one in _rows(list(found), at)}


def number_of(community_id: int, case_id: int) -> str:
    """The number of a case."""
    return Case.objects.only("number").get(community_id=community_id, pk=case_id).number


def _rows(cases: list[Case], at: datetime) -> list[Held]:
    return [
        Held(
            id=row.case.pk,
            number=row.case.number,
            category_code=row.case.category_code,
            urgency=row.case.urgency,
            state=row.case.state,
            clock=row.clock,
        )
        for row in desk.rows(cases, at=at)
    ]
