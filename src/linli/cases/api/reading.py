"""One case: its story, and everything a colleague may look up about it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path

from linli.cases import access
from linli.cases.actions import reveal, routing
from linli.cases.api import rows
from linli.cases.api.routers import cases
from linli.cases.models import Case, ClockRow
from linli.cases.queries import history, reference, same, story
from linli.cases.schemas.case import (
    AuditOut,
    ContactIn,
    ContactOut,
    ProposalOut,
    SegmentOut,
    SimilarOut,
    StoryOut,
    TasksOut,
)
from linli.kernel.access import SIGNED_IN, STAFF, Actor, Forbidden, NotFound, roles
from linli.kernel.api import actor_of, answer, answer_tagged, at, etag, held, not_modified, operation, utc
from linli.kernel.api_types import PathId

AUDITORS = ("auditor", "community_leader", "admin")
Number = Annotated[str, Path(max_length=64, description="the case number, with or without its dash")]


def tag(request: HttpRequest, case: Case) -> str:
    """The case's entity tag: its version, and how its next promise stands, which time changes as well."""
    return etag(case.version, rows.standing(case.state, case.due_at, case.at_risk_at, at(request)))


def tell(request: HttpRequest, case: Case, *, code: bool = False) -> HttpResponse:
    """The case's story for whoever asks."""
    actor, now = actor_of(request), at(request)
    for_resident = code or not access.serves(actor, case)
    told = story.story(case, actor, at=now, for_resident=for_resident, language=actor.language, code=code)
    data = rows.told(told, now, language=actor.language, for_resident=for_resident)
    return answer_tagged(request, data, tag=tag(request, case))


@cases.get("/cases/{number}", response=StoryOut, summary="One case with its history")
@operation("cases.read", who=SIGNED_IN, scope="cases:read", tagged=True)
def read(request: HttpRequest, number: Number) -> HttpResponse:
    """The case, its timeline and promises, and the moves you may make. Internal notes and names only for staff.

    The ETag changes with every move and whenever the standing of the next promise does; `remaining_seconds` runs on.
    """
    case = access.find(actor_of(request), number, only=rows.TOLD)
    if held(request, tag(request, case)):
        return not_modified(tag(request, case))
    return tell(request, case)


@cases.get(
    "/cases/{number}/clocks/{int:clock_id}/ledger",
    response=list[SegmentOut],
    summary="Every second of a promise, and why it counted",
)
@operation("cases.ledger", who=SIGNED_IN, scope="cases:read")
def clock_ledger(request: HttpRequest, number: Number, clock_id: PathId) -> HttpResponse:
    """The ledger of one promise of a case, from its start until it stopped or until now."""
    case = access.find(actor_of(request), number)
    found = ClockRow.objects.filter(case=case, pk=clock_id).first()
    if found is None:
        raise NotFound
    segments = story.ledger(found, at=at(request))
    return answer(
        [
            {
                "from_at": utc(one.from_),
                "to_at": utc(one.to),
                "counted_seconds": one.counted,
                "why": one.why,
            }
            for one in segments
        ]
    )


@cases.get("/cases/{number}/tasks", response=TasksOut, summary="The parts that other bodies do")
@operation("cases.tasks", who=STAFF, scope="cases:read")
def tasks(request: HttpRequest, number: Number) -> HttpResponse:
    """Joint handling: each part with the body it was given to, its state and its result."""
    actor = actor_of(request)
    case = access.find_at_work(actor, number)
    return answer({"items": rows.tasks(story.parts(case), actor.language)})


@cases.get("/cases/{number}/similar", response=SimilarOut, summary="Open cases that may be the same matter")
@operation("cases.similar", who=STAFF, scope="cases:read")
def similar(request: HttpRequest, number: Number) -> HttpResponse:
    """Open cases that may be the same matter, with how certain that is and why; at most five, the likeliest first.

    Those of which somebody decided that they are another matter (`POST …/another-matter`) are left out.
    """
    actor = actor_of(request)
    case = access.find_at_work(actor, number)
    found = same.twins(case, access.staff_view(actor), at=at(request))
    cases = rows.of_cases([twin.case for twin in found], actor, at(request))
    return answer({"items": [one | rows.alike(twin.alike) for one, twin in zip(cases, found, strict=True)]})


@cases.get("/cases/{number}/proposal", response=ProposalOut, summary="Who should get it, and why")
@operation("cases.proposal", who=STAFF, scope="cases:read")
def proposal(request: HttpRequest, number: Number) -> HttpResponse:
    """The category the machine proposes, and the body or person the community's routing rules name, with reasons.

    While the case has no category the rules are asked with the surest proposal. A person decides, by `dispatch`.
    """
    case = access.find_at_work(actor_of(request), number)
    known = reference.categories(case.community_id)
    options = [one for one in (case.suggestion or {}).get("options", []) if one.get("code") in known]
    assumed = case.category_code or (options[0]["code"] if options else "")
    found = routing.propose(case, at=at(request), category_code=assumed)
    return answer(
        {
            "suggestions": [
                {"category": one["code"], "certainty": one["certainty"], "words": one.get("words", [])}
                for one in options
            ],
            "version": (case.suggestion or {}).get("version", ""),
            "assumed_category": assumed,
            "rule_id": found.rule.id if found.rule else None,
            "rule": found.rule.name if found.rule else "",
            "why": rows.why(found.why),
            "earlier": [
                {"rule_id": one.rule.id, "name": one.rule.name, "why": rows.why(one.why)}
                for one in found.earlier
            ],
            "organisation_id": found.organisation_id,
            "handler_id": found.handler_id,
            "gap": found.gap,
            "candidates": found.candidates,
        }
    )


@cases.post("/cases/{number}/contact", response=ContactOut, summary="Read who reported it")
@operation("cases.contact", who=STAFF, scope="people:read")
def contact(request: HttpRequest, number: Number, body: ContactIn) -> HttpResponse:
    """Name and phone of the reporter, for a purpose. The look is written down, and the reporter can see it.

    At most 10 in an hour and 60 in a day. Anonymous reports hold nothing to read: 404.
    """
    found = reveal.reveal(actor=actor_of(request), number=number, why=body.why(), at=at(request))
    return answer({"name": found.name, "phone": found.phone})


@cases.get("/cases/{number}/audit", response=AuditOut, summary="Everything that was done to a case")
@operation("cases.audit", who=roles(*AUDITORS), scope="cases:read")
def audit(request: HttpRequest, number: Number) -> HttpResponse:
    """The audit log of one case and who read the reporter's contact; for auditors, leaders and administrators."""
    actor = actor_of(request)
    case = access.find_at_work(actor, number)
    _require_auditor(actor, case)
    return answer(
        {
            "lines": [asdict(line) for line in history.lines(case)],
            "reads": [asdict(one) for one in history.reads(case)],
        }
    )


def _require_auditor(actor: Actor, case: Case) -> None:
    if not actor.has(*AUDITORS, community_id=case.community_id):
        raise Forbidden("not_your_door")
