"""How rates are counted, and single cases left out, for programs."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Query

from linli.cases import access as cases
from linli.cases.rules.intake import Refused, Wrong
from linli.controlroom import access, saying
from linli.controlroom.actions import definitions as deciding
from linli.controlroom.actions import exclusions as excluding
from linli.controlroom.api.routers import KEEPERS, LOOKERS, READERS, figures, read_community
from linli.controlroom.models import DefinitionRow, Exclusion
from linli.controlroom.queries import definitions
from linli.controlroom.rules import definitions as rules
from linli.controlroom.rules.definitions import SHIPPED, USES, Definition
from linli.controlroom.schemas import DefinitionIn, DefinitionOut, ExclusionIn, ExclusionOut, VerdictIn
from linli.kernel.access import Actor, NotFound, roles
from linli.kernel.api import actor_of, answer, answer_tagged, at, create, operation
from linli.kernel.api_types import Community, PathId
from linli.kernel.clock import LOCAL


@figures.get("/figures/definitions", response=list[DefinitionOut], summary="How rates are counted")
@operation("control.definitions", who=LOOKERS, scope="cases:read", tagged=True)
def index(request: HttpRequest, community: Community) -> HttpResponse:
    """Every version the community decided, newest first, and the shipped one that holds without any."""
    actor = actor_of(request)
    where = read_community(actor, community, _lookers())
    held = definitions.held(where)
    told = []
    for code in USES:
        told += [_out(actor, definitions.read(row), row) for row in held.rows.get(code, ())]
        told.append(_out(actor, SHIPPED[code], None))
    return answer_tagged(request, told)


def _lookers() -> tuple[str, ...]:
    return (*access.READERS, *access.KEEPERS)


def _out(actor: Actor, one: Definition, row: DefinitionRow | None) -> dict[str, Any]:
    with translation.override(actor.language):
        lines = [f"{line.label}: {line.said}" for line in saying.definition(one)]
    return {
        "id": row.pk if row else None,
        "code": one.code,
        "valid_from": row.valid_from if row else None,
        "valid_to": row.valid_to if row else None,
        "says": rules.as_plain(one),
        "words": lines,
        "why": row.why if row else "",
        "source": row.source if row else "",
    }


@figures.post("/figures/definitions", response={201: DefinitionOut}, summary="Decide how a rate is counted")
@operation("control.set_definition", who=KEEPERS, scope="admin", creates=True)
def add(request: HttpRequest, body: DefinitionIn) -> HttpResponse:
    """From a day on; days before keep the version they had."""
    actor, now = actor_of(request), at(request)
    where = read_community(actor, body.community, access.KEEPERS)
    present = definitions.held(where, [body.code]).on(
        body.code, body.valid_from or now.astimezone(LOCAL).date()
    )
    wanted = deciding.Wanted(_definition(body, present), body.valid_from, body.why, body.source)

    def make() -> int:
        return deciding.set_definition(actor=actor, community_id=where, wanted=wanted, at=now).pk

    def read(definition_id: int) -> dict[str, Any]:
        for row in definitions.held(where, [body.code]).rows.get(body.code, ()):
            if row.pk == definition_id:
                return _out(actor, definitions.read(row), row)
        raise NotFound

    return create(request, make=make, read=read)


def _definition(body: DefinitionIn, present: Definition) -> Definition:
    unknown = sorted(set(body.says) - set(USES[body.code]))
    if unknown:
        raise Refused(*(Wrong("says", "unknown", name[:40]) for name in unknown[:10]))
    try:
        return rules.from_plain(body.code, {**rules.as_plain(present), **body.says})
    except (ValueError, TypeError, AttributeError) as error:
        raise Refused(Wrong("says", "unknown", str(error)[:60])) from error


@figures.delete(
    "/figures/definitions/{int:definition_id}", response={204: None}, summary="Take a version back"
)
@operation("control.drop_definition", who=KEEPERS, scope="admin")
def drop(request: HttpRequest, definition_id: PathId, community: Community) -> HttpResponse:
    """Only one that does not hold yet; the one before it goes on."""
    actor = actor_of(request)
    where = read_community(actor, community, access.KEEPERS)
    deciding.drop_definition(actor=actor, community_id=where, definition_id=definition_id, at=at(request))
    return HttpResponse(status=204)


@figures.get("/figures/exclusions", response=list[ExclusionOut], summary="Cases left out of rates")
@operation("control.exclusions", who=READERS, scope="cases:read")
def exclusions(
    request: HttpRequest,
    community: Community,
    waiting: Annotated[bool, Query(description="only those that wait for a decision")] = False,
) -> HttpResponse:
    """The newest 200, refused and lifted ones too."""
    actor = actor_of(request)
    found = access.exclusions(actor, read_community(actor, community))
    if waiting:
        found = found.filter(decided_at__isnull=True, lifted_at__isnull=True)
    return answer([_exclusion(row) for row in found[:200]])


def _exclusion(row: Exclusion) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.case.number,
        "codes": row.codes,
        "reason": row.reason,
        "why": row.why,
        "asked_by": row.asked_by_id,
        "asked_at": row.asked_at,
        "granted": row.granted,
        "answer": row.answer,
        "decided_by": row.decided_by_id,
        "decided_at": row.decided_at,
        "lifted_at": row.lifted_at,
    }


@figures.post("/figures/exclusions", response={201: ExclusionOut}, summary="Ask that a case be left out")
@operation("control.ask_exclusion", who=roles(*access.ASKERS), scope="cases:write", creates=True)
def ask(request: HttpRequest, body: ExclusionIn) -> HttpResponse:
    """It counts until a leader other than you has agreed."""
    actor, now = actor_of(request), at(request)
    cases.find_at_work(actor, body.number)

    def make() -> int:
        return excluding.ask(
            actor=actor, number=body.number, codes=body.codes, reason=body.reason, why=body.why, at=now
        ).pk

    return create(request, make=make, read=lambda made: _exclusion(access.exclusion(actor, made)))


@figures.post(
    "/figures/exclusions/{int:exclusion_id}/decide",
    response=ExclusionOut,
    summary="Grant or refuse an exclusion",
)
@operation("control.decide_exclusion", who=roles(*access.DECIDERS), scope="cases:write")
def decide(request: HttpRequest, exclusion_id: PathId, body: VerdictIn) -> HttpResponse:
    """Whoever asked may not decide: 403 `needs_another_person`."""
    actor = actor_of(request)
    excluding.decide(
        actor=actor, exclusion_id=exclusion_id, granted=body.granted, answer=body.answer, at=at(request)
    )
    return answer(_exclusion(access.exclusion(actor, exclusion_id)))


@figures.post(
    "/figures/exclusions/{int:exclusion_id}/lift", response=ExclusionOut, summary="Let a case count again"
)
@operation("control.lift_exclusion", who=roles(*access.ASKERS), scope="cases:write")
def lift(request: HttpRequest, exclusion_id: PathId) -> HttpResponse:
    """Or take back what you asked for yourself."""
    actor = actor_of(request)
    excluding.lift(actor=actor, exclusion_id=exclusion_id, at=at(request))
    return answer(_exclusion(access.exclusion(actor, exclusion_id)))
