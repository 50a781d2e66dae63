"""Whistles: calling bodies to a place, their answers and arrivals, the joint conclusion, how they come."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query

from linli.cases.actions import whistle as acting
from linli.cases.api.reading import Number
from linli.cases.api.routers import cases, served
from linli.cases.queries import whistles
from linli.cases.queries.whistles import CallNow, WhistleNow
from linli.cases.rules.whistle import Answered
from linli.cases.rules.workflow import Verb
from linli.cases.schemas.calls import (
    ArrivalIn,
    AttendanceOut,
    CallAnswerIn,
    CallOffIn,
    ConclusionIn,
    WhistleIn,
    WhistleOut,
)
from linli.faces.languages import reads_english
from linli.kernel.access import STAFF, roles
from linli.kernel.api import actor_of, answer, answer_tagged, at, create, operation, utc
from linli.kernel.api_types import Community, Moment, PathId
from linli.people import queries as people

CALLERS = roles("dispatcher", "community_leader", "grid_worker")
FIGURES = roles("dispatcher", "community_leader", "verifier", "auditor")
MOST = 100


def plain(found: WhistleNow, language: str) -> dict[str, Any]:
    """A whistle as plain values."""
    whistle = found.whistle
    names = ("id", "state", "place", "lon", "lat", "words", "caller_id", "grace_minutes", "reason", "conclusion",
             "public_words")  # fmt: skip
    moments = ("meet_at", "called_at", "ended_at")
    return {
        "number": whistle.case.number,
        **{name: getattr(whistle, name) for name in names},
        **{name: utc(getattr(whistle, name)) for name in moments},
        "calls": [_call(one, language) for one in found.calls],
        "steps": [
            {
                "task_id": step.task_id,
                "organisation_id": step.task.organisation_id,
                "words": step.task.words,
                "state": step.task.state,
                "until": utc(step.until),
            }
            for step in whistle.steps.all()
        ],
    }


def _call(one: CallNow, language: str) -> dict[str, Any]:
    call, body = one.call, one.call.organisation
    moments = ("answered_at", "excused_at", "arrived_at", "left_at")
    return {
        "id": call.pk,
        "organisation_id": call.organisation_id,
        "organisation": body.name_en if reads_english(language) and body.name_en else body.name_zh,
        "task_id": call.task_id,
        "asked": call.task.words,
        "standing": one.standing.value,
        "answer": call.answer,
        "reason": call.reason,
        "words": call.words,
        "written_down_by_caller": call.by_caller,
        "agrees": call.agrees,
        **{name: utc(getattr(call, name)) for name in moments},
    }


def _read(request: HttpRequest, whistle_id: int) -> dict[str, Any]:
    acting.find(actor_of(request), whistle_id)
    return plain(whistles.one(whistle_id, at(request)), actor_of(request).language)


@cases.post("/cases/{number}/whistles", response={201: WhistleOut}, summary="Call bodies to a place")
@operation("cases.whistle_call", who=CALLERS, scope="cases:write", creates=True)
def blow(request: HttpRequest, number: Number, body: WhistleIn) -> HttpResponse:
    """Several bodies, to a place at a time, about this case. Each gets a part of the case; one whistle is out at a time."""

    def make() -> int:
        whistle, _again = acting.blow(
            actor=actor_of(request), number=number, wanted=body.blown(), at=at(request)
        )
        return whistle.pk

    return create(request, make=make, read=lambda pk: _read(request, pk), path="/api/v1/whistles/{id}")


@cases.get("/whistles", response=list[WhistleOut], summary="Whistles you may see")
@operation("cases.whistle_list", who=STAFF, scope="cases:read", tagged=True)
def index(
    request: HttpRequest,
    community: Community,
    which: Annotated[
        Literal["out", "mine", "ended"],
        Query(description="not ended · of those, calls to your bodies · ended"),
    ] = "out",
) -> HttpResponse:
    """At most a hundred: what is out with the next meeting first, what has ended with the newest first."""
    actor, community_id = actor_of(request), served(actor_of(request), community)
    seen = whistles.seen(actor, community_id)
    if which == "mine":
        seen = seen.filter(pk__in=whistles.of_bodies(actor, community_id).values("pk"))
    found = whistles.ended(seen) if which == "ended" else whistles.out(seen)
    listed = whistles.listed(found, at(request), limit=MOST)
    return answer_tagged(request, [plain(one, actor.language) for one in listed])


@cases.get(
    "/whistles/attendance", response=list[AttendanceOut], summary="How bodies come when they are called"
)
@operation("cases.whistle_attendance", who=FIGURES, scope="cases:read")
def attendance(request: HttpRequest, community: Community, since: Moment, until: Moment) -> HttpResponse:
    """By the time of the meeting, from `since` up to before `until`; each body with its numbers."""
    community_id = served(actor_of(request), community)
    found = whistles.attendance(community_id, start=since, end=until, at=_now(request))
    names = people.organisation_names([row.organisation_id for row in found], actor_of(request).language)
    return answer(
        [
            asdict(row)
            | {"organisation": names.get(row.organisation_id, ""), "share_in_time": row.share_in_time}
            for row in found
        ]
    )


def _now(request: HttpRequest) -> datetime:
    return at(request)


@cases.get("/whistles/{int:whistle_id}", response=WhistleOut, summary="One whistle")
@operation("cases.whistle_read", who=STAFF, scope="cases:read", tagged=True)
def read(request: HttpRequest, whistle_id: PathId) -> HttpResponse:
    """Its bodies as they stand, and once it is concluded what was agreed."""
    return answer_tagged(request, _read(request, whistle_id))


@cases.post(
    "/whistles/calls/{int:call_id}/answer", response=WhistleOut, summary="Say whether your body comes"
)
@operation("cases.whistle_answer", who=STAFF, scope="cases:write")
def say(request: HttpRequest, call_id: PathId, body: CallAnswerIn) -> HttpResponse:
    """For your own body; it may say otherwise until it is there."""
    return _tell(request, call_id, Verb.ANSWER_CALL, body.answered(call_id))


@cases.post("/whistles/calls/{int:call_id}/arrival", response=WhistleOut, summary="Note that a body is there")
@operation("cases.whistle_arrival", who=STAFF, scope="cases:write")
def arrive(request: HttpRequest, call_id: PathId, body: ArrivalIn) -> HttpResponse:
    """For your own body at this moment, or for another as who called it; `left` notes that it leaves."""
    return _tell(request, call_id, Verb.ARRIVE, body.answered(call_id))


@cases.post("/whistles/calls/{int:call_id}/excuse", response=WhistleOut, summary="Excuse a body")
@operation("cases.whistle_excuse", who=CALLERS, scope="cases:write")
def excuse(request: HttpRequest, call_id: PathId) -> HttpResponse:
    """It need not come, and is not absent."""
    return _tell(request, call_id, Verb.EXCUSE, Answered(call_id))


def _tell(request: HttpRequest, call_id: int, verb: Verb, said: Answered) -> HttpResponse:
    call = acting.tell(actor=actor_of(request), call_id=call_id, verb=verb, said=said, at=at(request))
    return answer(_read(request, call.whistle_id))


@cases.post("/whistles/{int:whistle_id}/conclusion", response=WhistleOut, summary="Sign the joint conclusion")
@operation("cases.whistle_conclude", who=CALLERS, scope="cases:write")
def conclude(request: HttpRequest, whistle_id: PathId, body: ConclusionIn) -> HttpResponse:
    """What was found and agreed, who agrees, what follows as parts with clocks, and what the resident reads."""
    acting.conclude(
        actor=actor_of(request), wanted=body.concluded(whistle_id), public_words=body.answer, at=at(request)
    )
    return answer(_read(request, whistle_id))


@cases.post("/whistles/{int:whistle_id}/call-off", response=WhistleOut, summary="Call a whistle off")
@operation("cases.whistle_call_off", who=CALLERS, scope="cases:write")
def call_off(request: HttpRequest, whistle_id: PathId, body: CallOffIn) -> HttpResponse:
    """Nobody needs to come, and nobody was absent."""
    acting.call_off(
        actor=actor_of(request), whistle_id=whistle_id, reason=body.reason, note=body.note, at=at(request)
    )
    return answer(_read(request, whistle_id))
