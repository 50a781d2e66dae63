"""Urgent words, what to do then, and the alarms of the room."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path

from linli.cases.actions import alarms
from linli.cases.actions.settings import urgent as keeping
from linli.cases.api import reading
from linli.cases.api.routers import KEEPERS, cases, served, settings
from linli.cases.queries import alarms as asked
from linli.cases.queries import reference, urgent
from linli.cases.rules.promises import Urgency
from linli.cases.rules.ringing import Advice
from linli.cases.rules.urgent_phrases import DangerKind, UrgentPhrase
from linli.cases.rules.urgent_words import look
from linli.cases.schemas.urgent import (
    AdviceIn,
    AdviceOut,
    AlarmAnswered,
    AlarmOut,
    SoundsLike,
    TryIn,
    UrgentLineIn,
    UrgentLineOut,
    UrgentLineSheet,
)
from linli.kernel.access import PUBLIC, STAFF, NotFound
from linli.kernel.api import actor_of, answer, answer_tagged, at, create, operation, unchanged
from linli.kernel.api_types import Community

Code = Annotated[str, Path(max_length=60, pattern=r"^[a-z][a-z0-9_]*\.[a-z0-9_]+$")]


def _line(one: UrgentPhrase) -> dict[str, Any]:
    return {
        "code": one.code,
        "kind": one.kind.value,
        "phrase": one.phrase,
        "level": one.level.value,
        "may_come": one.may_come.value,
        "inside": list(one.inside),
        "beside": list(one.beside),
        "on": one.on,
        "own": one.own,
    }


def _read(community_id: int, code: str) -> dict[str, Any]:
    held = urgent.listed(community_id).of(code)
    if held is None:  # it holds from a later day on
        rows = urgent.versions(community_id, code)
        if not rows:
            raise NotFound
        held = urgent.as_line(rows[0])
    return _line(held)


@settings.get("/urgent-words", response=list[UrgentLineOut], summary="What sounds like danger")
@operation("settings.urgent_words", who=STAFF, scope="cases:read", tagged=True)
def index(request: HttpRequest, community: Community) -> HttpResponse:
    """The list in force today: the shipped lines, the community's versions of them, and its own."""
    lines = urgent.listed(served(actor_of(request), community)).phrases
    return answer_tagged(request, [_line(one) for one in lines])


@settings.post("/urgent-words", response={201: UrgentLineOut}, summary="Add a line")
@operation("settings.add_urgent_word", who=KEEPERS, scope="admin", creates=True)
def add(request: HttpRequest, body: UrgentLineIn) -> HttpResponse:
    """A line of the community's own, from a day on."""
    community_id = served(actor_of(request), body.community)

    def make() -> str:
        return keeping.add_line(
            actor=actor_of(request),
            community_id=community_id,
            line=body.line(),
            valid_from=body.valid_from,
            at=at(request),
        ).code

    return create(
        request,
        make=make,
        read=lambda code: _read(community_id, code),
        path=f"/api/v1/urgent-words/{{id}}?community={body.community}",
    )


# Before `{code}`, which would take "try" for a code.
@settings.post("/urgent-words/try", response=SoundsLike, summary="Try a sentence")
@operation("settings.try_urgent_words", who=STAFF, scope="cases:read")
def try_sentence(request: HttpRequest, body: TryIn) -> HttpResponse:
    """Whether it would ring, with every word of the list that is in it and why it counts or does not."""
    found = look(body.words, urgent.listed(served(actor_of(request), body.community)))
    told = {
        "urgency": found.urgency.value,
        "rings": found.urgency is Urgency.CRITICAL,
        "list_version": found.version,
        "found": [
            {
                "code": one.code,
                "kind": one.kind.value,
                "words": one.words,
                "level": one.level.value,
                "why": one.why.value,
                "because": one.because,
            }
            for one in found.found
        ],
    }
    return answer(told)


@settings.get("/urgent-words/{code}", response=UrgentLineOut, summary="One line")
@operation("settings.urgent_word", who=STAFF, scope="cases:read", tagged=True)
def read(request: HttpRequest, code: Code, community: Community) -> HttpResponse:
    """As in the list; one that holds from a later day on as it will be."""
    return answer_tagged(request, _read(served(actor_of(request), community), code))


@settings.put("/urgent-words/{code}", response=UrgentLineOut, summary="Change a line")
@operation("settings.change_urgent_word", who=KEEPERS, scope="admin", guarded=True)
def change(request: HttpRequest, code: Code, community: Community, body: UrgentLineSheet) -> HttpResponse:
    """From a day on; a shipped line becomes the community's version of it."""
    community_id = served(actor_of(request), community)
    with unchanged(request, lambda: _read(community_id, code)):
        keeping.change_line(
            actor=actor_of(request),
            community_id=community_id,
            code=code,
            line=body.line(),
            valid_from=body.valid_from,
            at=at(request),
        )
    return answer_tagged(request, _read(community_id, code))


@settings.delete("/urgent-words/{code}", response={204: None}, summary="Take a line back")
@operation("settings.drop_urgent_word", who=KEEPERS, scope="admin")
def drop(request: HttpRequest, code: Code, community: Community) -> HttpResponse:
    """The community's own line ends; its version of a shipped one gives way to the shipped one."""
    community_id = served(actor_of(request), community)
    keeping.drop_line(actor=actor_of(request), community_id=community_id, code=code, at=at(request))
    return HttpResponse(status=204)


def _advice(one: Advice) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "numbers": [{"number": n, "name_zh": zh, "name_en": en} for n, zh, en in one.numbers],
        "words_zh": one.words_zh,
        "words_en": one.words_en,
        "own": one.own,
    }


@settings.get("/danger-advice", response=list[AdviceOut], summary="What to do now")
@operation("settings.danger_advice", who=PUBLIC, tagged=True)
def advice(request: HttpRequest, community: Community) -> HttpResponse:
    """For each kind of danger: whom to call and what to do first."""
    held = urgent.every_advice(reference.community_id(community))
    return answer_tagged(request, [_advice(one) for one in held.values()])


def _read_advice(community_id: int, kind: DangerKind) -> dict[str, Any]:
    found = urgent.every_advice(community_id).get(kind)
    if found is None:
        raise NotFound
    return _advice(found)


@settings.get("/danger-advice/{kind}", response=AdviceOut, summary="What to do now in one kind of danger")
@operation("settings.danger_advice_of_kind", who=PUBLIC, tagged=True)
def read_advice(request: HttpRequest, kind: DangerKind, community: Community) -> HttpResponse:
    """Whom to call and what to do first."""
    return answer_tagged(request, _read_advice(reference.community_id(community), kind))


@settings.put("/danger-advice/{kind}", response=AdviceOut, summary="Say what to do in our own words")
@operation("settings.set_danger_advice", who=KEEPERS, scope="admin", guarded=True)
def set_advice(request: HttpRequest, kind: DangerKind, community: Community, body: AdviceIn) -> HttpResponse:
    """From today on, in place of what is shipped."""
    community_id = served(actor_of(request), community)
    with unchanged(request, lambda: _read_advice(community_id, kind)):
        keeping.set_advice(
            actor=actor_of(request),
            community_id=community_id,
            kind=kind.value,
            sheet=body.sheet(),
            at=at(request),
        )
    return answer_tagged(request, _read_advice(community_id, kind))


@cases.get("/alarms", response=list[AlarmOut], summary="What rings for you now")
@operation("cases.alarms", who=STAFF, scope="cases:read", tagged=True)
def ringing(request: HttpRequest) -> HttpResponse:
    """Alarms nobody has answered, the oldest first, wherever you serve."""
    rows = [
        {
            "number": one.number,
            "kinds": [kind.value for kind in one.kinds],
            "cause": one.cause,
            "rung_at": one.rung_at,
            "level": one.level,
        }
        for one in asked.ringing_for(actor_of(request))
    ]
    return answer_tagged(request, rows)


@cases.post("/cases/{number}/alarm", response=AlarmAnswered, summary="Answer an alarm")
@operation("cases.answer_alarm", who=STAFF, scope="cases:write")
def answer_alarm(request: HttpRequest, number: reading.Number) -> HttpResponse:
    """You are seeing to it: it stops ringing for everybody. Whoever was first counts; repeating changes nothing."""
    held = alarms.answer(actor=actor_of(request), number=number, at=at(request))
    if held is None:
        raise NotFound
    me = held.answered_by_id == actor_of(request).account_id
    return answer({"number": number, "rung_at": held.rung_at, "answered_at": held.answered_at, "by_me": me})
