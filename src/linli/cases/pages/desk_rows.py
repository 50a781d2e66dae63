"""The rows of the list as the workbench draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from linli.cases import words
from linli.cases.models import Case
from linli.cases.pages import telling
from linli.cases.pages.desk_frame import Frame, face, place_of
from linli.cases.queries import desk
from linli.cases.rules.promises import Urgency
from linli.faces.words import Clock


@dataclass(frozen=True, slots=True)
class RowView:
    """A case in the list: what it is, where, whose, and how its next promise stands."""

    case: Case
    title: str
    url: str
    face: Clock
    state: str
    place: str
    category: str
    body: str
    urgent: str  # empty for an ordinary case
    open: bool  # it is the one in the middle


def views(made: Frame, cases: Sequence[Case], *, now: str = "") -> list[RowView]:
    """The rows of these cases; ``now`` is the number that is open in the middle."""
    return [_view(made, row, now) for row in desk.rows(cases, at=made.request.now)]


def one(made: Frame, case: Case) -> RowView:
    """The row of the case in the middle, as it stands now."""
    return views(made, [case], now=case.number)[0]


def _view(made: Frame, row: desk.Row, now: str) -> RowView:
    case = row.case
    pressing = case.urgency != Urgency.NORMAL
    handler = case.handler.short_name if case.handler else ""
    return RowView(
        case=case,
        title=telling.headline(case),
        url=reverse("cases:desk_case", args=[case.number]) + made.query,
        face=face(row.clock),
        state=words.label(words.STATES, case.state),
        place=place_of(case, made.language),
        category=made.category(case.category_code) if case.category_code else "",
        body=made.body_name(case.organisation_id) or handler,
        urgent=words.label(words.URGENCIES, case.urgency) if pressing else "",
        open=case.number == now,
    )
