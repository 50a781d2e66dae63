"""The API's door to cases: translate in, make one call, translate out."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Header, Router
from ninja.files import UploadedFile

from linli.cases import access, schemas
from linli.cases.actions import moves, upload
from linli.cases.actions import report as intake
from linli.cases.models import Case, ClockRow
from linli.cases.queries import queue, reference, story
from linli.cases.rules import workflow
from linli.grids import queries as places
from linli.kernel import limits, scope
from linli.kernel.access import PUBLIC, SIGNED_IN, STAFF, NotFound
from linli.kernel.api import actor_of, answer, etag, operation, same, wanted_version
from linli.people.rules import network_of

router = Router(tags=["cases"])
PROBLEMS = {code: schemas.ProblemOut for code in (400, 401, 403, 404, 409, 413, 422, 429, 503)}


class TooMany(Exception):
    """The limit of look-ups is used up."""


def network(request: HttpRequest) -> str:
    """The network the request comes from, for limits."""
    return network_of(request.META.get("REMOTE_ADDR", ""))


def at(request: HttpRequest) -> datetime:
    """The door's one reading of the clock."""
    moment: datetime = request.now  # type: ignore[attr-defined]  # set by site.middleware.Watch
    return moment


@router.post("/cases", response={201: schemas.ReceiptOut, **PROBLEMS}, summary="Report something")
@operation("cases.report", who=PUBLIC, scope="cases:write")
def create(
    request: HttpRequest,
    body: schemas.ReportIn,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=200)] = "",
) -> HttpResponse:
    """Take in a report. The receipt is given after it is committed; the same key gives the same receipt."""
    receipt = intake.report(
        actor=actor_of(request),
        community_id=reference.community_id(body.community),
        report=body.report(),
        at=at(request),
        key=idempotency_key,
        network=network(request),
    )
    out = {
        "number": receipt.number,
        "code": receipt.code,
        "state": "reported",
        "urgency": receipt.urgency,
        "quarantined": receipt.quarantined,
        "grid_id": receipt.grid_id,
        "due_at": receipt.due_at,
    }
    headers = {"Location": f"/api/v1/cases/{receipt.number}"}
    if receipt.again:
        headers["Idempotent-Replayed"] = "true"
    return answer(out, status=201, headers=headers)


@router.post(
    "/uploads", response={201: dict, **PROBLEMS}, summary="Upload a picture, voice note or short video"
)
@operation("cases.upload", who=PUBLIC, scope="cases:write")
def create_upload(request: HttpRequest, community: str, file: File[UploadedFile]) -> HttpResponse:
    """Store a file; its ticket goes into a report or a move within a day."""
    stored = upload.accept(
        actor=actor_of(request),
        community_id=reference.community_id(community),
        file=file,
        at=at(request),
        network=network(request),
    )
    return answer({"ticket": str(stored.ticket), "kind": stored.kind, "size": stored.size}, status=201)


@router.get("/cases", response={200: schemas.CasePage, **PROBLEMS}, summary="List the cases you may see")
@operation("cases.list", who=SIGNED_IN, scope="cases:read")
def index(
    request: HttpRequest,
    view: str = "open",
    community: str = "",
    clock: str = "",
    category: str = "",
    urgency: str = "",
    place: str = "",
    organisation: str = "",
    handler: str = "",
    q: str = "",
    order: str = "newest",
    since: str = "",
    until: str = "",
    cursor: str = "",
    size: int = queue.PAGE,
) -> HttpResponse:
    """Newest first (or ``order=due``); ``q`` finds words of any length, a case number, or a phone."""
    actor = actor_of(request)
    wanted = queue.Filter.read(request.GET.dict() | {"community": ""})
    wanted = wanted.only(phones=access.may_search_phones(actor))
    if community:
        wanted = wanted.only(community_id=reference.community_id(community))
    found = queue.filtered(access.visible(actor), wanted, at=at(request))
    page = queue.page(found, order=wanted.order, cursor=cursor, size=size)
    english = actor.language.startswith("en")
    return answer({"items": [row(case, at(request), english) for case in page.cases], "cursor": page.cursor})


def row(case: Case, now: datetime, english: bool) -> dict[str, Any]:
    """A case as the API lists it; names in the reader's language."""
    return {
        "number": case.number,
        "community_id": case.community_id,
        "kind": case.kind,
        "category": case.category_code,
        "urgency": case.urgency,
        "state": case.state,
        "channel": case.channel,
        "words": case.words,
        "grid_id": case.grid_id,
        "grid": _name(case.grid, english),
        "building": _name(case.building, english),
        "address": case.address,
        "lon": case.lon,
        "lat": case.lat,
        "organisation_id": case.organisation_id,
        "organisation": _name(case.organisation, english),
        "handler_id": case.handler_id,
        "reported_at": case.reported_at,
        "state_at": case.state_at,
        "due_at": case.due_at,
        "due_stage": case.due_stage,
        "clock": clock_state(case, now),
        "quarantined": case.quarantined,
        "returns": case.returns,
        "reopenings": case.reopenings,
        "urges": case.urges,
        "solved": case.solved,
        "stars": case.stars,
        "answer": case.answer,
        "version": case.version,
    }


def _name(thing: Any, english: bool) -> str:
    if thing is None:
        return ""
    return str((thing.name_en if english else "") or thing.name_zh)


def clock_state(case: Case, now: datetime) -> str:
    """How the next promise stands, from the row alone."""
    if case.state == workflow.State.PAUSED:
        return "paused"
    if case.due_at is None or case.state not in workflow.OPEN:
        return "none"
    if case.due_at < now:
        return "broken"
    return "at_risk" if case.at_risk_at and case.at_risk_at <= now else "in_time"


@router.get(
    "/cases/{number}", response={200: schemas.StoryOut, **PROBLEMS}, summary="One case with its history"
)
@operation("cases.read", who=SIGNED_IN, scope="cases:read")
def read(request: HttpRequest, number: str) -> HttpResponse:
    """The case, its timeline and clocks, and the moves you may make; internal notes only for staff."""
    actor = actor_of(request)
    case = access.find(actor, number)
    if same(request, case.version):
        return HttpResponse(status=304, headers={"ETag": etag(case.version)})
    for_resident = not access.serves(actor, case)
    told = story.story(case, actor, at=at(request), for_resident=for_resident, language=actor.language)
    return answer(as_data(told, at(request), actor.language), headers={"ETag": etag(case.version)})


def as_data(told: story.Story, now: datetime, language: str) -> dict[str, Any]:
    """A story as plain values."""
    return {
        "case": row(told.case, now, language.startswith("en")),
        "timeline": [
            {
                **{key: value for key, value in asdict_entry(entry).items()},
                "uploads": [str(one.ticket) for one in entry.attachments],
            }
            for entry in told.entries
        ],
        "clocks": [
            {
                "id": view.row.pk,
                "stage": view.row.stage,
                "round": view.row.round,
                "task_id": view.row.task_id,
                "amount": str(view.row.amount),
                "unit": view.row.unit,
                "started_at": view.row.started_at,
                "stopped_at": view.row.stopped_at,
                "due_at": view.row.due_at,
                "state": view.state,
                "remaining_seconds": view.remaining,
            }
            for view in told.clocks
        ],
        "moves": [
            {
                "verb": step.verb.value,
                "needs": [need.value for need in step.needs],
                "reasons": list(step.reasons),
            }
            for step in told.steps
        ],
    }


def asdict_entry(entry: story.Entry) -> dict[str, Any]:
    """An entry's plain fields."""
    return {
        "seq": entry.seq,
        "verb": entry.verb,
        "from_state": entry.from_state,
        "to_state": entry.to_state,
        "at": entry.at,
        "role": entry.role,
        "who": entry.who,
        "body": entry.body,
        "reason": entry.reason,
        "note": entry.note,
        "answer": entry.answer,
        "data": entry.data,
    }


@router.post("/cases/{number}/moves", response={200: schemas.StoryOut, **PROBLEMS}, summary="Move a case")
@operation("cases.move", who=SIGNED_IN, scope="cases:write")
def move(request: HttpRequest, number: str, body: schemas.MoveIn) -> HttpResponse:
    """Make one move. ``If-Match`` with the version you looked at turns a race into a clear 409."""
    actor = actor_of(request)
    case = moves.take(
        actor=actor, number=number, given=body.given(), at=at(request), version=wanted_version(request)
    )
    for_resident = not access.serves(actor, case)
    told = story.story(case, actor, at=at(request), for_resident=for_resident, language=actor.language)
    return answer(as_data(told, at(request), actor.language), headers={"ETag": etag(case.version)})


@router.get(
    "/cases/{number}/clocks/{clock_id}/ledger",
    response={200: list[schemas.SegmentOut], **PROBLEMS},
    summary="Every second of a promise, and why it counted",
)
@operation("cases.ledger", who=SIGNED_IN, scope="cases:read")
def clock_ledger(request: HttpRequest, number: str, clock_id: int) -> HttpResponse:
    """The ledger of one clock of a case."""
    case = access.find(actor_of(request), number)
    found = ClockRow.objects.filter(case=case, pk=clock_id).first() if 0 < clock_id < 2**62 else None
    if found is None:
        raise NotFound
    segments = story.ledger(found, at=at(request))
    return answer(
        [
            {"from_at": one.from_, "to_at": one.to, "counted_seconds": one.counted, "why": one.why}
            for one in segments
        ]
    )


@router.post(
    "/follow", response={200: schemas.StoryOut, **PROBLEMS}, summary="Follow a case with its receipt"
)
@operation("cases.follow", who=PUBLIC)
def follow(request: HttpRequest, body: schemas.FollowIn) -> HttpResponse:
    """What a resident reads of a case, for whoever holds number and code."""
    actor, origin = actor_of(request), network(request)
    who = f"level{max(1, min(actor.level, 3))}" if actor.signed_in else "anonymous"
    if not actor.staff and not limits.allow("look_up", who, str(actor.account_id or origin)):
        raise TooMany
    with scope.within({place.id for place in places.communities()}):
        case = access.find_by_code(body.number, body.code)
        told = story.story(case, actor, at=at(request), for_resident=True, language=actor.language, code=True)
    return answer(as_data(told, at(request), actor.language))


@router.get(
    "/categories", response={200: list[dict[str, Any]], **PROBLEMS}, summary="What cases can be about"
)
@operation("cases.categories", who=PUBLIC)
def categories(request: HttpRequest, community: str) -> HttpResponse:
    """The community's category tree."""
    rows = reference.categories(reference.community_id(community)).values()
    return answer([asdict(one) for one in rows])


@router.get(
    "/published", response={200: dict[str, Any], **PROBLEMS}, summary="Settled cases that everybody may read"
)
@operation("cases.published", who=PUBLIC)
def published(request: HttpRequest, community: str, cursor: str = "", size: int = queue.PAGE) -> HttpResponse:
    """Category, place, public words and answer; nothing personal."""
    where = reference.community_id(community)
    with scope.within({where}):
        page = queue.page(
            access.published(where).order_by(*queue.ORDERS["newest"]),
            order="newest",
            cursor=cursor,
            size=size,
        )
        items = [
            {
                "number": case.number,
                "category": case.category_code,
                "grid": _name(case.grid, False),
                "building": _name(case.building, False),
                "words": case.public_words,
                "answer": case.answer,
                "reported_at": case.reported_at,
                "closed_at": case.closed_at,
            }
            for case in page.cases
        ]
    return answer({"items": items, "cursor": page.cursor})


@router.get("/queue", response={200: dict[str, int], **PROBLEMS}, summary="How many cases wait where")
@operation("cases.queue", who=STAFF, scope="cases:read")
def waiting(request: HttpRequest) -> HttpResponse:
    """The counts of the workbench's tabs."""
    return answer(queue.counts(access.staff_view(actor_of(request)), at=at(request)))
