"""The rows of my list: what I reported, what I joined, what this browser holds receipts of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.cases import access, access_joined
from linli.cases.models import Case, Supporter
from linli.cases.pages import alike, clock_face, finding, here, joined, pocket, telling
from linli.cases.pages.here import Asked
from linli.cases.rules.workflow import ENDED, SETTLED, State
from linli.faces.words import Clock
from linli.kernel import scope
from linli.kernel.access import NotFound


@dataclass(frozen=True, slots=True)
class Row:
    """A case in my list."""

    number: str
    title: str
    standing: str
    place: str
    at: datetime
    clock: Clock | None
    wants_word: bool  # settled, and waiting for the reporter's own word
    fresh: bool = False  # answered, and not opened here since


def of_case(case: Case, at: datetime) -> Row:
    """A case in the list of whoever reported it."""
    is_open = State(case.state) not in ENDED
    standing = telling.standing(case)
    if case.merged_into_id:
        standing = f"{standing} · {telling.standing(access_joined.head_of(case))}"
    return Row(
        number=case.number,
        title=telling.headline(case),
        standing=standing,
        place=finding.coarse(case, here.language()),
        at=case.reported_at,
        clock=clock_face.of_row(case, at=at) if is_open and case.due_at else None,
        wants_word=State(case.state) in SETTLED and case.solved is None,
    )


def of_joined(row: Supporter, head: Case, at: datetime) -> Row:
    """A case that was joined, in my list: by what neighbours may know of it."""
    is_open = State(head.state) not in ENDED
    return Row(
        number=row.case.number,
        title=alike.shown(head).said or alike.about(head),
        standing=telling.standing(head),
        place=joined.where_of(head),
        at=row.joined_at,
        clock=clock_face.of_row(head, at=at) if is_open and head.due_at else None,
        wants_word=State(head.state) in SETTLED and row.solved is None,
    )


def held(request: Asked) -> list[Row]:
    """The cases whose receipts this browser holds."""
    rows = []
    for number in pocket.held(request):
        kept = pocket.receipt(request, number)
        if kept is None:
            continue
        with scope.within([kept.community_id]):
            row = _held_row(number, kept.code, request.now)
            if row is not None:
                rows.append(row)
    return rows


def _held_row(number: str, code: str, at: datetime) -> Row | None:
    """A case by its receipt: as its reporter, or as one who joined."""
    try:
        return of_case(access.find_by_code(number, code), at)
    except NotFound:
        pass
    try:
        row = access_joined.find_by_code(number, code)
    except NotFound:
        return None
    return of_joined(row, access_joined.head_of(row.case), at)
