"""The API of help to residents: written down, confirmed by a code, answered by the resident; of re-visits, for leaders."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from ninja import Router

from linli.fieldwork import access_rechecks, access_services
from linli.fieldwork.access import CREW
from linli.fieldwork.actions import services as actions
from linli.fieldwork.api.work import SCOPE_READ, SCOPE_WRITE, Since, Until, check_span, rows
from linli.fieldwork.queries import records
from linli.fieldwork.queries import services as queries
from linli.fieldwork.rules import rechecks as recheck_rules
from linli.fieldwork.rules import services as rules
from linli.fieldwork.schemas_helping import (
    HelpAnswerIn,
    HelpCodeIn,
    HelpIn,
    HelpOut,
    MyHelpOut,
    RecheckOut,
)
from linli.grids import queries as places
from linli.kernel.access import SIGNED_IN, NotFound, roles
from linli.kernel.api import actor_of, answer_tagged, at, create, operation
from linli.kernel.api_types import Community, PathId

MOST = 100
helping = Router(tags=["fieldwork"])


@helping.get("/fieldwork/services", response=list[HelpOut], summary="Services of a time")
@operation("fieldwork.api_services", who=CREW, scope=SCOPE_READ, tagged=True)
def read_services(request: HttpRequest, community: Community, since: Since, until: Until) -> HttpResponse:
    """Not those taken back. What nobody has confirmed is not confirmed; a denial stands until it is taken back."""
    return rows(request, community, since, until, records.services)


@helping.post("/fieldwork/services", response={201: HelpOut}, summary="Write down help")
@operation("fieldwork.api_service", who=roles(*rules.HELPERS), scope=SCOPE_WRITE, creates=True)
def make_service(request: HttpRequest, body: HelpIn) -> HttpResponse:
    """That you gave, in a grid where you work. Whether a phone is that of an account is not told."""
    moment = at(request)
    given = rules.Given(body.kind, body.words, body.at or moment, body.dwelling_id, body.phone)

    def make() -> int:
        made = actions.give(
            actor=actor_of(request), grid_id=body.grid_id, given=given, key=uuid4(), at=moment
        )
        return int(made.service.pk)

    return create(request, make=make, read=lambda pk: asdict(queries.one_served(pk)))


@helping.post("/fieldwork/services/{int:service_id}/code", response=HelpOut, summary="Confirm by a code")
@operation("fieldwork.api_service_code", who=roles(*rules.HELPERS), scope=SCOPE_WRITE)
def confirm(request: HttpRequest, service_id: PathId, body: HelpCodeIn) -> HttpResponse:
    """The code that the resident's own phone shows; after five wrong tries it is dead."""
    actions.confirm_by_code(actor=actor_of(request), service_id=service_id, typed=body.code, at=at(request))
    return answer_tagged(request, asdict(queries.one_served(service_id)))


@helping.get("/me/services", response=list[MyHelpOut], summary="Help I was given")
@operation("fieldwork.api_my_services", who=SIGNED_IN, scope=SCOPE_READ, tagged=True)
def mine(request: HttpRequest) -> HttpResponse:
    """What was written down for you or your household, the latest first, at most 100."""
    found = access_services.for_resident(actor_of(request)).order_by("-at", "-id")[:MOST]
    return answer_tagged(request, [_mine(row) for row in found])


@helping.post("/me/services/{int:service_id}/answer", response=MyHelpOut, summary="Say whether it happened")
@operation("fieldwork.api_my_answer", who=SIGNED_IN, scope=SCOPE_WRITE)
def say(request: HttpRequest, service_id: PathId, body: HelpAnswerIn) -> HttpResponse:
    """Yes and no are equally easy; the last answer counts, each stays on record."""
    actor = actor_of(request)
    actions.answer(
        actor=actor, service_id=service_id, said=rules.Answer(body.said), words=body.words, at=at(request)
    )
    return answer_tagged(request, _mine(access_services.find_for_resident(actor, service_id)))


def _mine(row: Any) -> dict[str, Any]:
    return {"id": row.pk, "kind": row.kind, "at": row.at, "words": row.words, "answer": row.answer}


@helping.get("/fieldwork/rechecks", response=list[RecheckOut], summary="Records looked at again")
@operation("fieldwork.api_rechecks", who=roles(*recheck_rules.READERS), scope=SCOPE_READ, tagged=True)
def read_rechecks(request: HttpRequest, community: Community, since: Since, until: Until) -> HttpResponse:
    """Of records of some time, for those who lead or audit the community. `false` is proven and decided by a person."""
    place = places.place_by_code(community)
    if place is None or place.id not in access_rechecks.communities_read(actor_of(request)):
        raise NotFound
    check_span(since, until)
    return answer_tagged(request, [asdict(row) for row in records.rechecks(place.id, since, until)])
