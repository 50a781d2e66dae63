"""Chasing: the ladder, paths of approval, named people, letters of a case, returns of a period."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query

from linli.cases import access
from linli.cases.actions.settings import approvals, keeping, ladder
from linli.cases.api import reading, rows
from linli.cases.api.routers import KEEPERS, cases, served, settings
from linli.cases.models import Appointment, ApprovalRow, LadderRow, Supervision
from linli.cases.queries import chasing, desk, queue, returns
from linli.cases.schemas.case import CasePage
from linli.cases.schemas.chasing import (
    ApprovalIn,
    ApprovalOut,
    LettersOut,
    NamedIn,
    NamedOut,
    ReturnsOut,
    RungIn,
    RungOut,
)
from linli.cases.schemas.settings import LastDayIn
from linli.kernel import access as doors
from linli.kernel.access import STAFF, Forbidden, NotFound
from linli.kernel.api import (
    Unreadable,
    actor_of,
    answer,
    answer_page,
    answer_tagged,
    at,
    create,
    operation,
    utc,
)
from linli.kernel.api_types import Community, Cursor, Id, Moment, PathId, Size

READERS = ("dispatcher", "community_leader", "verifier", "auditor")
Ended = Annotated[bool, Query(description="those that no longer hold as well")]
LONGEST_DAYS = 1100


def _rung(row: LadderRow) -> dict[str, Any]:
    names = ("stage", "level", "when", "percent", "unit", "act", "valid_from", "valid_to", "source")
    return {
        "id": row.pk,
        "category": row.category_code,
        "urgency": row.urgency or None,
        "amount": f"{row.amount:.2f}",
        "days": f"{row.days:.2f}",
        **{name: getattr(row, name) for name in names},
    }


def _holding(request: HttpRequest, found: Any, ended: bool) -> list[Any]:
    today = keeping.today(at(request))
    return [row for row in found if ended or row.valid_to is None or row.valid_to >= today]


def _of(model: Any, community_id: int, row_id: int) -> Any:
    row = model.objects.filter(community_id=community_id, pk=row_id).first()
    if row is None:
        raise NotFound
    return row


@settings.get("/ladder", response=list[RungOut], summary="The ladder of escalation")
@operation("settings.ladder", who=STAFF, scope="cases:read", tagged=True)
def rungs(request: HttpRequest, community: Community, ended: Ended = False) -> HttpResponse:
    """Every rung in force or to come, by category, urgency, stage and level."""
    found = LadderRow.objects.filter(community_id=served(actor_of(request), community))
    ordered = found.order_by("category_code", "urgency", "stage", "level", "valid_from")
    return answer_tagged(request, [_rung(row) for row in _holding(request, ordered, ended)])


@settings.post("/ladder", response={201: RungOut}, summary="Set a rung, or a new version of one")
@operation("settings.set_rung", who=KEEPERS, scope="admin", creates=True)
def set_rung(request: HttpRequest, body: RungIn) -> HttpResponse:
    """From a day on; promises that run follow the ladder as it is now."""
    community_id, actor = served(actor_of(request), body.community), actor_of(request)

    def make() -> int:
        wanted = body.wanted()
        return ladder.set_rung(actor=actor, community_id=community_id, wanted=wanted, at=at(request)).pk

    return create(request, make=make, read=lambda row_id: _rung(_of(LadderRow, community_id, row_id)))


@settings.post("/ladder/{int:rung_id}/end", response=RungOut, summary="End a rung")
@operation("settings.end_rung", who=KEEPERS, scope="admin")
def end_rung(request: HttpRequest, rung_id: PathId, community: Community, body: LastDayIn) -> HttpResponse:
    """After a day it is no longer climbed."""
    row = ladder.end_rung(
        actor=actor_of(request),
        community_id=served(actor_of(request), community),
        row_id=rung_id,
        last_day=body.last_day,
        at=at(request),
    )
    return answer(_rung(row))


def _approval(row: ApprovalRow) -> dict[str, Any]:
    names = ("kind", "decider", "basis", "valid_from", "valid_to", "source")
    up_to = None if row.up_to is None else f"{row.up_to:.2f}"
    return {"id": row.pk, "up_to": up_to, **{name: getattr(row, name) for name in names}}


@settings.get("/approvals", response=list[ApprovalOut], summary="Who may grant how much time")
@operation("settings.approvals", who=STAFF, scope="cases:read", tagged=True)
def paths(request: HttpRequest, community: Community, ended: Ended = False) -> HttpResponse:
    """Every path of approval in force or to come; sizes are working days by which the resident waits longer."""
    found = ApprovalRow.objects.filter(community_id=served(actor_of(request), community))
    ordered = found.order_by("kind", "up_to", "valid_from")
    return answer_tagged(request, [_approval(row) for row in _holding(request, ordered, ended)])


@settings.post("/approvals", response={201: ApprovalOut}, summary="Set a path of approval")
@operation("settings.set_approval", who=KEEPERS, scope="admin", creates=True)
def set_approval(request: HttpRequest, body: ApprovalIn) -> HttpResponse:
    """From a day on; what waits already keeps the path it was asked under."""
    community_id, actor = served(actor_of(request), body.community), actor_of(request)

    def make() -> int:
        wanted = body.wanted()
        return approvals.set_approval(
            actor=actor, community_id=community_id, wanted=wanted, at=at(request)
        ).pk

    return create(request, make=make, read=lambda row_id: _approval(_of(ApprovalRow, community_id, row_id)))


@settings.post("/approvals/{int:approval_id}/end", response=ApprovalOut, summary="End a path of approval")
@operation("settings.end_approval", who=KEEPERS, scope="admin")
def end_approval(
    request: HttpRequest, approval_id: PathId, community: Community, body: LastDayIn
) -> HttpResponse:
    """After a day it no longer decides."""
    row = approvals.end_approval(
        actor=actor_of(request),
        community_id=served(actor_of(request), community),
        row_id=approval_id,
        last_day=body.last_day,
        at=at(request),
    )
    return answer(_approval(row))


def _named(row: Appointment) -> dict[str, Any]:
    names = ("what", "account_id", "organisation_id", "valid_from", "valid_to")
    return {"id": row.pk, **{name: getattr(row, name) for name in names}}


@settings.get("/named", response=list[NamedOut], summary="Who is named for what")
@operation("settings.named", who=STAFF, scope="cases:read", tagged=True)
def named(request: HttpRequest, community: Community, ended: Ended = False) -> HttpResponse:
    """Arbiters of second returns and heads of bodies, in force or to come."""
    found = Appointment.objects.filter(community_id=served(actor_of(request), community))
    ordered = found.order_by("what", "organisation_id", "valid_from", "pk")
    return answer_tagged(request, [_named(row) for row in _holding(request, ordered, ended)])


@settings.post("/named", response={201: NamedOut}, summary="Name somebody")
@operation("settings.name", who=KEEPERS, scope="admin", creates=True)
def name(request: HttpRequest, body: NamedIn) -> HttpResponse:
    """The arbiter of second returns, or the head of a body, from a day on."""
    community_id, actor = served(actor_of(request), body.community), actor_of(request)

    def make() -> int:
        return approvals.appoint(
            actor=actor,
            community_id=community_id,
            what=body.what,
            account_id=body.account_id,
            organisation_id=body.organisation_id,
            at=at(request),
            valid_from=body.valid_from,
        ).pk

    return create(request, make=make, read=lambda row_id: _named(_of(Appointment, community_id, row_id)))


@settings.post("/named/{int:named_id}/end", response=NamedOut, summary="End that somebody is named")
@operation("settings.end_named", who=KEEPERS, scope="admin")
def end_named(request: HttpRequest, named_id: PathId, community: Community, body: LastDayIn) -> HttpResponse:
    """After a day somebody else stands in."""
    row = approvals.dismiss(
        actor=actor_of(request),
        community_id=served(actor_of(request), community),
        row_id=named_id,
        last_day=body.last_day,
        at=at(request),
    )
    return answer(_named(row))


# -- letters and returns -------------------------------------------------------------------------------------


@cases.get("/cases/{number}/letters", response=LettersOut, summary="Letters of supervision of a case")
@operation("cases.letters", who=STAFF, scope="cases:read")
def letters(request: HttpRequest, number: reading.Number) -> HttpResponse:
    """What was demanded by whom until when, what the body answered, and how it ended. Only for staff."""
    case = access.find(actor_of(request), number)
    if not access.serves(actor_of(request), case):
        raise Forbidden("not_your_door")
    return answer({"items": [_letter(one) for one in chasing.letters(case)]})


def _letter(one: Supervision) -> dict[str, Any]:
    names = ("kind", "year", "serial", "supervisor_id", "organisation_id", "words", "level", "opened_at", "due_at",
             "answer", "answered_at", "ended_at", "ended_how", "outcome")  # fmt: skip
    return {"id": one.pk, "overdue": one.overdue_at is not None, **{key: getattr(one, key) for key in names}}


def _period(since: datetime, until: datetime) -> None:
    if until <= since:
        raise Unreadable(422, "invalid", field="query.until")
    if (until - since).days > LONGEST_DAYS:
        raise Unreadable(422, "invalid", field="query.since")


def _reader(request: HttpRequest, community: str) -> int:
    community_id = served(actor_of(request), community)
    if not actor_of(request).has(*READERS, community_id=community_id):
        raise Forbidden("not_your_door")
    return community_id


@cases.get("/returns", response=ReturnsOut, summary="Who bounced what, how often")
@operation("cases.returns", who=doors.roles(*READERS), scope="cases:read")
def bounced(request: HttpRequest, community: Community, since: Moment, until: Moment) -> HttpResponse:
    """Dispatches and returns of [since, until) per body, why, how rulings kept their promise, and the ping-pong."""
    community_id = _reader(request, community)
    _period(since, until)
    found = returns.bodies(community_id, since=since, until=until)
    return answer(
        {
            "since": utc(since),
            "until": utc(until),
            "bodies": [{**asdict(one), "share": one.share} for one in found],
            "reasons": [
                {"reason": code, "returned": n}
                for code, n in returns.reasons(community_id, since=since, until=until)
            ],
            "ping_pong": [
                {**asdict(one), "last_at": utc(one.last_at)}
                for one in returns.ping_pong(community_id, since=since, until=until)
            ],
            "ruled": asdict(returns.ruled(community_id, since=since, until=until)),
        }
    )


@cases.get("/returns/cases", response=CasePage, summary="The cases behind a number of returns")
@operation("cases.returns_rows", who=doors.roles(*READERS), scope="cases:read", paged=True)
def behind(
    request: HttpRequest,
    community: Community,
    since: Moment,
    until: Moment,
    part: Literal["dispatched", "returned", "upheld", "overruled", "waiting"] = "returned",
    organisation_id: Annotated[Id | None, Query(description="without it every body")] = None,
    ground: Annotated[bool, Query(description="only people on the ground")] = False,
    cursor: Cursor = "",
    size: Size = queue.PAGE,
) -> HttpResponse:
    """Those of them that you may see; a case counts once however often it was sent or returned."""
    community_id = _reader(request, community)
    _period(since, until)
    found = returns.rows(
        desk.seen(actor_of(request), community_id),
        part,
        community_id=community_id,
        since=since,
        until=until,
        organisation_id=organisation_id,
        every_body=organisation_id is None and not ground,
    ).order_by(*queue.ORDERS["newest"])
    values, following = queue.page_of(found, rows.COLUMNS, order="newest", cursor=cursor, size=size)
    return answer_page(request, rows.rows(values, actor_of(request), at(request)), following)
