"""Me too: what neighbours reported already, joining it, one's word on the answer; and what the desk says of two cases."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query

from linli.cases import access_joined, ports
from linli.cases.actions import joining, limited, pairs, placing
from linli.cases.actions.joining import Word
from linli.cases.api import rows
from linli.cases.api.receipts import let
from linli.cases.api.routers import cases
from linli.cases.models import Case, Supporter
from linli.cases.queries import reference
from linli.cases.rules.intake import PlaceGiven
from linli.cases.rules.workflow import ENDED, State
from linli.cases.schemas.case import FollowIn
from linli.cases.schemas.joined import (
    AnotherIn,
    AnotherOut,
    JoinedList,
    JoinedOut,
    JoinIn,
    JoinOut,
    NeighbourLikes,
    WordByReceipt,
    WordIn,
)
from linli.faces.languages import reads_english
from linli.kernel import limits, numbering, scope, text
from linli.kernel.access import PUBLIC, SIGNED_IN, STAFF, Actor
from linli.kernel.api import TooMany, actor_of, answer, at, key_of, network, operation, utc

Number = Annotated[str, Path(max_length=64, description="the case number, with or without its dash")]
SURE = 0.5
MOST_LISTED = 100


@cases.get("/cases/alike", response=NeighbourLikes, summary="What neighbours reported already")
@operation("cases.alike", who=PUBLIC)
def alike(
    request: HttpRequest,
    community: Annotated[str, Query(pattern=r"^[0-9]{12}$", description="12-digit code")],
    words: Annotated[str, Query(min_length=2, max_length=400)],
    building_id: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    lon: Annotated[float | None, Query(ge=-180, le=180, allow_inf_nan=False)] = None,
    lat: Annotated[float | None, Query(ge=-90, le=90, allow_inf_nan=False)] = None,
    address: Annotated[str, Query(max_length=200)] = "",
) -> HttpResponse:
    """Open cases that may be the same matter, as their neighbours may see them; at most five, the likeliest first.

    Nothing of sensitive categories, of tip-offs, and of what is said in confidence.
    """
    actor = actor_of(request)
    community_id = reference.community_id(community)
    if not limits.allow("alike", *limited.subject(actor, network(request))):
        raise TooMany
    half = (lon is None) != (lat is None)
    with scope.within(actor.communities | {community_id}):
        where = placing.find(
            community_id, PlaceGiven(building_id, *((None, None) if half else (lon, lat)), address)
        )
        found = ports.likeness().alike(
            community_id=community_id,
            words=words,
            address=address,
            lon=where.lon,
            lat=where.lat,
            place_path=where.path,
            category_code="",
            at=at(request),
        )
        likely = [one for one in found if one.certainty >= SURE]
        held = access_joined.joinable(community_id, [one.number for one in likely])
        items = [neighbour(held[one.number], actor) | rows.alike(one) for one in likely if one.number in held]
    return answer({"items": items})


def neighbour(case: Case, actor: Actor) -> dict[str, Any]:
    """A case as its neighbours may see it."""
    english = reads_english(actor.language)
    options = (case.suggestion or {}).get("options") or [{}]
    names = [
        (english and place.name_en) or place.name_zh if place else "" for place in (case.grid, case.building)
    ]
    return {
        "number": case.number,
        "category": case.category_code or options[0].get("code", ""),
        "kind": case.kind,
        "grid": names[0],
        "building": names[1],
        "state": case.state,
        "reported_at": utc(case.reported_at),
        "supporters": case.supporters,
        "words": text.mask_text(case.words) if case.publish else "",
    }


@cases.post("/cases/{number}/join", response={201: JoinOut}, summary="Me too: join an open case")
@operation("cases.join", who=PUBLIC, scope="cases:write", creates=True, counted=False)
def join(request: HttpRequest, number: Number, body: JoinIn) -> HttpResponse:
    """One more person says the same of an open case; doing it twice is doing it once, with the same receipt.

    Whoever joins reads the answer, says whether it is solved for them, and can leave again. The allowance is that of
    reports. A case that neighbours may not see is as an unknown number: 404.
    """
    key = key_of(request)
    done = joining.join(
        actor=actor_of(request),
        community_id=reference.community_id(body.community),
        number=number,
        at=at(request),
        words=body.words,
        contact_phone=body.contact_phone,
        person=f"key:{network(request)}:{key}" if key else "",
        network=network(request),
    )
    out = {"number": done.number, "code": done.code, "supporters": done.supporters}
    headers = {"Location": f"/api/v1/cases/{done.number}/joined"}
    if done.again:
        headers["Idempotent-Replayed"] = "true"
    return answer(out, status=201, headers=headers)


@cases.delete("/cases/{number}/join", response={204: None}, summary="Leave a case that you joined")
@operation("cases.leave_joined", who=SIGNED_IN, scope="cases:write")
def leave(request: HttpRequest, number: Number) -> HttpResponse:
    """You are no longer counted with it, and what you added is taken away."""
    joining.leave(actor=actor_of(request), number=number, at=at(request))
    return HttpResponse(status=204)


@cases.get("/cases/{number}/joined", response=JoinedOut, summary="A case that you joined")
@operation("cases.joined_case", who=SIGNED_IN, scope="cases:read")
def joined_case(request: HttpRequest, number: Number) -> HttpResponse:
    """Where it stands, its answer, and your own word on it."""
    actor = actor_of(request)
    with scope.within(actor.communities):
        return answer(told(access_joined.find(actor, number), actor))


@cases.get("/joined", response=JoinedList, summary="The cases that you joined")
@operation("cases.joined_list", who=SIGNED_IN, scope="cases:read")
def joined_list(request: HttpRequest) -> HttpResponse:
    """At most a hundred, the newest first."""
    actor = actor_of(request)
    with scope.within(actor.communities):
        found = access_joined.own(actor).filter(merged__isnull=True).order_by("-joined_at", "-pk")
        items = [told(row, actor) for row in found.select_related("case")[:MOST_LISTED]]
    return answer({"items": items})


@cases.post("/cases/{number}/word", response=JoinedOut, summary="Is it solved for you?")
@operation("cases.joined_word", who=SIGNED_IN, scope="cases:write")
def word(request: HttpRequest, number: Number, body: WordIn) -> HttpResponse:
    """Your word on the answer of a case that you joined; the reporter's own rating is the move `rate`."""
    actor = actor_of(request)
    with scope.within(actor.communities):
        row = access_joined.find(actor, number)
        return _said(request, row, body)


@cases.post("/follow/joined", response=JoinedOut, summary="Follow a case that you joined, with its receipt")
@operation("cases.follow_joined", who=PUBLIC)
def follow(request: HttpRequest, body: FollowIn) -> HttpResponse:
    """For whoever holds the case's number and the code given when joining. A wrong code is as an unknown number: 404."""
    with let(request):
        return answer(told(access_joined.find_by_code(body.number, body.code), actor_of(request)))


@cases.post("/follow/word", response=JoinedOut, summary="Is it solved for you? With the receipt")
@operation("cases.follow_word", who=PUBLIC)
def follow_word(request: HttpRequest, body: WordByReceipt) -> HttpResponse:
    """The word of somebody who joined without an account."""
    with let(request):
        return _said(request, access_joined.find_by_code(body.number, body.code), body)


@cases.post("/follow/leave", response={204: None}, summary="Leave a case that you joined, with the receipt")
@operation("cases.follow_leave", who=PUBLIC)
def follow_leave(request: HttpRequest, body: FollowIn) -> HttpResponse:
    """Of somebody who joined without an account."""
    with let(request):
        joining.leave(actor=actor_of(request), number=body.number, code=body.code, at=at(request))
    return HttpResponse(status=204)


def _said(request: HttpRequest, row: Supporter, body: WordIn) -> HttpResponse:
    said = Word(body.solved, body.stars, body.words, body.again)
    joining.say(actor=actor_of(request), row=row, word=said, at=at(request))
    return answer(told(row, actor_of(request)))


def told(row: Supporter, actor: Actor) -> dict[str, Any]:
    """A case that was joined, as the one who joined may read it."""
    head = access_joined.head_of(row.case)
    head = Case.objects.select_related("grid", "building").get(pk=head.pk)
    ended = State(head.state) in ENDED
    return neighbour(head, actor) | {
        "number": row.case.number,
        "due_at": utc(head.due_at),
        "answer": text.mask_text(head.answer) if ended else "",
        "joined_at": utc(row.joined_at),
        "own_words": row.words,
        "solved": row.solved,
        "stars": row.stars,
    }


@cases.post("/cases/{number}/another-matter", response=AnotherOut, summary="Two cases are different matters")
@operation("cases.another_matter", who=STAFF, scope="cases:write")
def another_matter(request: HttpRequest, number: Number, body: AnotherIn) -> HttpResponse:
    """Kept and not asked again; the desk decides. That two cases are the same is the move `merge`."""
    pairs.say_another_matter(
        actor=actor_of(request), number=number, other=body.other, at=at(request), undo=body.undo
    )
    shown = {"number": numbering.parse_number(number), "other": numbering.parse_number(body.other)}
    return answer({**shown, "another_matter": not body.undo})
