"""The API of the daily work: what was done in a time; a visit, a patrol, its positions, by who did it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any, Protocol, TypeVar
from uuid import uuid4

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from linli.fieldwork import access
from linli.fieldwork.access import CREW
from linli.fieldwork.actions import patrols, visits
from linli.fieldwork.queries import records
from linli.fieldwork.rules.visits import Made
from linli.fieldwork.rules.words import Outcome, Purpose
from linli.fieldwork.schemas import (
    HandOverOut,
    PatrolIn,
    PatrolOut,
    PositionsIn,
    PositionsOut,
    VisitDueOut,
    VisitIn,
    VisitOut,
)
from linli.grids import queries as places
from linli.kernel.access import NotFound
from linli.kernel.api import FieldRefused, actor_of, answer, answer_tagged, at, create, operation
from linli.kernel.api_types import Community, Moment, PathId

SCOPE_READ, SCOPE_WRITE = "people:read", "cases:write"
LONGEST = timedelta(days=100)
work = Router(tags=["fieldwork"])
Since = Annotated[Moment, Query(description="from this moment on")]
Until = Annotated[Moment, Query(description="up to this moment, at most 100 days later; it does not count")]


class InGrid(Protocol):
    """A row of a grid."""

    @property
    def grid_id(self) -> int:
        """The grid."""


Row = TypeVar("Row", bound=InGrid)
Ask = Callable[[int, datetime, datetime], Sequence[Row]]
Known = Callable[[access.Reach, int | None], QuerySet[Any]]


def check_span(since: datetime, until: datetime) -> None:
    """Nothing, for a time that can be asked for.

    :raises FieldRefused: query.until: ends_before_it_begins, too_long.
    """
    if until <= since:
        raise FieldRefused("query.until", "ends_before_it_begins")
    if until - since > LONGEST:
        raise FieldRefused("query.until", "too_long", str(LONGEST.days))


def rows(
    request: HttpRequest,
    community: str,
    since: datetime,
    until: datetime,
    ask: Ask[Row],
    known: tuple[str, Known] | None = None,
) -> HttpResponse:
    """The rows of the grids where the actor works, or of all that the actor leads.

    :param known: the column that names a record, and which of these records the actor may know of at all.
    :raises NotFound: no community of this code where the actor works.
    :raises FieldRefused: query.until: ends_before_it_begins, too_long.
    """
    check_span(since, until)
    place = places.place_by_code(community)
    if place is None or place.id not in actor_of(request).staff_communities:
        raise NotFound
    reach = access.reach(actor_of(request), place.id, at(request))
    mine = {grid.id for grid in access.grids_worked(reach)}
    found = [row for row in ask(place.id, since, until) if reach.leads or row.grid_id in mine]
    if known is not None:
        column, of = known
        able = of(reach, actor_of(request).account_id).filter(pk__in={getattr(row, column) for row in found})
        ids = set(able.values_list("pk", flat=True))
        found = [row for row in found if getattr(row, column) in ids]
    return answer_tagged(request, [asdict(row) for row in found])  # type: ignore[call-overload]  # rows are dataclasses


@work.get("/fieldwork/visits", response=list[VisitOut], summary="Visits of a time")
@operation("fieldwork.api_visits", who=CREW, scope=SCOPE_READ, tagged=True)
def read_visits(request: HttpRequest, community: Community, since: Since, until: Until) -> HttpResponse:
    """Those that count, without their words: words are read on the household's page, where it is written down who did.

    Of the grids where you work; those for health only your own and of your plans; the leader of the community reads all.
    """
    return rows(request, community, since, until, records.visits, ("id", access.visits_known))


@work.get("/fieldwork/visits-due", response=list[VisitDueOut], summary="Visits that care plans asked for")
@operation("fieldwork.api_visits_due", who=CREW, scope=SCOPE_READ, tagged=True)
def read_due(request: HttpRequest, community: Community, since: Since, until: Until) -> HttpResponse:
    """One row for each day on which a visit was due; `not_at_home` is not met. For health only your own plans."""
    return rows(request, community, since, until, records.visits_due, ("plan_id", access.plans_known))


@work.get("/fieldwork/patrols", response=list[PatrolOut], summary="Patrols of a time")
@operation("fieldwork.api_patrols", who=CREW, scope=SCOPE_READ, tagged=True)
def read_patrols(request: HttpRequest, community: Community, since: Since, until: Until) -> HttpResponse:
    """Begun in the time. Where somebody was is told to nobody but themselves, on their own page."""
    return rows(request, community, since, until, records.patrols)


@work.get("/fieldwork/handovers", response=list[HandOverOut], summary="Hand-overs of a time")
@operation("fieldwork.api_handovers", who=CREW, scope=SCOPE_READ, tagged=True)
def read_handovers(request: HttpRequest, community: Community, since: Since, until: Until) -> HttpResponse:
    """Offered in the time, and what became of them."""
    return rows(request, community, since, until, records.handovers)


@work.post("/fieldwork/visits", response={201: VisitOut}, summary="Write down a visit")
@operation("fieldwork.api_visit", who=CREW, scope=SCOPE_WRITE, creates=True)
def make_visit(request: HttpRequest, body: VisitIn) -> HttpResponse:
    """To a household of a grid where you work. What was promised for the day is settled where somebody was reached."""
    given = body.model_dump(exclude={"report", "purpose", "outcome"})
    moment = at(request)
    made = Made(
        **{**given, "at": body.at or moment}, purpose=Purpose(body.purpose), outcome=Outcome(body.outcome)
    )

    def make() -> int:
        row = visits.make(actor=actor_of(request), made=made, key=uuid4(), at=moment, report=body.report)
        return int(row.pk)

    return create(request, make=make, read=_read_visit)


def _read_visit(pk: int) -> dict[str, Any]:
    return asdict(records.visit(pk))


@work.post("/fieldwork/patrols", response={201: PatrolOut}, summary="Start a patrol")
@operation("fieldwork.api_patrol_start", who=CREW, scope=SCOPE_WRITE, creates=True)
def start_patrol(request: HttpRequest, body: PatrolIn) -> HttpResponse:
    """Nobody has two open at once: the one that is open is given back. Forgotten, it ends by itself."""

    def make() -> int:
        row = patrols.start(actor=actor_of(request), grid_id=body.grid_id, key=uuid4(), at=at(request))
        return int(row.pk)

    return create(request, make=make, read=_read_patrol)


def _read_patrol(pk: int) -> dict[str, Any]:
    return asdict(records.patrol(pk))


@work.post("/fieldwork/patrols/{int:patrol_id}/end", response=PatrolOut, summary="End a patrol")
@operation("fieldwork.api_patrol_end", who=CREW, scope=SCOPE_WRITE)
def end_patrol(request: HttpRequest, patrol_id: PathId) -> HttpResponse:
    """Your own. Twice changes nothing."""
    row = patrols.end(actor=actor_of(request), patrol_id=patrol_id, at=at(request))
    return answer(_read_patrol(row.pk))


@work.post(
    "/fieldwork/patrols/{int:patrol_id}/positions",
    response=PositionsOut,
    summary="Send where you are on a patrol",
)
@operation("fieldwork.api_patrol_positions", who=CREW, scope=SCOPE_WRITE)
def send_positions(request: HttpRequest, patrol_id: PathId, body: PositionsIn) -> HttpResponse:
    """Only if you want it, and only within an open patrol of your own; kept some days. Sent again they change nothing."""
    kept = patrols.send_positions(
        actor=actor_of(request),
        patrol_id=patrol_id,
        positions=[one.position() for one in body.positions],
        at=at(request),
    )
    return answer({"kept": kept})


@work.delete(
    "/fieldwork/patrols/{int:patrol_id}/positions",
    response={204: None},
    summary="Delete a patrol's positions",
)
@operation("fieldwork.api_patrol_wipe", who=CREW, scope=SCOPE_WRITE)
def wipe_positions(request: HttpRequest, patrol_id: PathId) -> HttpResponse:
    """Of your own patrol; that you made it stays."""
    patrols.wipe(actor=actor_of(request), patrol_id=patrol_id, at=at(request))
    return HttpResponse(status=204)
