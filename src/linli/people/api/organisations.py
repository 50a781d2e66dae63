"""Organisations: read by those who serve, changed by those who keep the community. People: found by their phone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from linli.kernel import limits
from linli.kernel.access import STAFF, NotFound
from linli.kernel.api import TooMany, actor_of, answer, answer_tagged, at, create, operation, unchanged
from linli.kernel.api_types import PathId
from linli.people import models, queries, rules
from linli.people.actions import organisations as keeping
from linli.people.api.routers import KEEPERS, people
from linli.people.api.shapes import DoorSign, FoundOut, OrganisationIn, OrganisationOut, PhoneIn


def _out(row: models.Organisation) -> dict[str, Any]:
    return {
        "id": row.pk,
        "community_id": row.community_id,
        "kind": row.kind,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "phone": row.phone,
        "closed_at": row.closed_at,
    }


def _read(request: HttpRequest, organisation_id: int) -> dict[str, Any]:
    mine = queries.organisations(actor_of(request).staff_communities, closed=True)
    row = mine.filter(pk=organisation_id).first()
    if row is None:
        raise NotFound
    return _out(row)


@people.get("/organisations", response=list[OrganisationOut], summary="Organisations of your communities")
@operation("people.api_organisations", who=STAFF, scope=rules.Scope.PEOPLE_READ, tagged=True)
def index(request: HttpRequest) -> HttpResponse:
    """The open organisations of the communities in which you serve."""
    rows = queries.organisations(actor_of(request).staff_communities)
    return answer_tagged(request, [_out(row) for row in rows])


@people.get("/organisations/{int:organisation_id}", response=OrganisationOut, summary="One organisation")
@operation("people.api_organisation", who=STAFF, scope=rules.Scope.PEOPLE_READ, tagged=True)
def read(request: HttpRequest, organisation_id: PathId) -> HttpResponse:
    """Of a community in which you serve; a closed one too."""
    return answer_tagged(request, _read(request, organisation_id))


@people.post("/organisations", response={201: OrganisationOut}, summary="Open an organisation")
@operation("people.api_create_organisation", who=KEEPERS, scope=rules.Scope.ADMIN, creates=True)
def add(request: HttpRequest, body: OrganisationIn) -> HttpResponse:
    """In a community that you lead or administer; 409 when one of this name is open there."""

    def make() -> int:
        made = keeping.create_organisation(
            actor=actor_of(request),
            community_id=body.community_id,
            kind=body.kind,
            sign=_sign(body),
            at=at(request),
        )
        return made.pk

    return create(
        request,
        make=make,
        read=lambda organisation_id: _read(request, organisation_id),
        path="/api/v1/organisations/{id}",
    )


@people.put(
    "/organisations/{int:organisation_id}", response=OrganisationOut, summary="Rename an organisation"
)
@operation("people.api_rename_organisation", who=KEEPERS, scope=rules.Scope.ADMIN, guarded=True)
def rename(request: HttpRequest, organisation_id: PathId, body: DoorSign) -> HttpResponse:
    """Change what stands on its door; 409 when another of this name is open there."""
    with unchanged(request, lambda: _read(request, organisation_id)):
        row = keeping.rename_organisation(
            actor=actor_of(request), organisation_id=organisation_id, sign=_sign(body), at=at(request)
        )
    return answer_tagged(request, _out(row))


@people.post(
    "/organisations/{int:organisation_id}/close", response=OrganisationOut, summary="Close an organisation"
)
@operation("people.api_close_organisation", who=KEEPERS, scope=rules.Scope.ADMIN)
def close(request: HttpRequest, organisation_id: PathId) -> HttpResponse:
    """It takes no new work and stays in the history."""
    row = keeping.close_organisation(actor=actor_of(request), organisation_id=organisation_id, at=at(request))
    return answer(_out(row))


def _sign(body: DoorSign) -> keeping.Sign:
    return keeping.Sign(name_zh=body.name_zh, name_en=body.name_en, phone=body.phone)


@people.post("/people/search", response=FoundOut, summary="Find somebody by their phone")
@operation("people.api_search", who=KEEPERS, scope=rules.Scope.PEOPLE_READ)
def search(request: HttpRequest, body: PhoneIn) -> HttpResponse:
    """For leaders and administrators who give somebody a duty: exactly this number, the name in short. 120 in an hour.

    422 for what is not a mobile number.
    """
    phone = rules.normal_phone(body.phone)
    if not limits.allow("look_up", "level3", str(actor_of(request).account_id)):
        raise TooMany
    found = queries.account_by_phone(phone)
    cards = queries.cards([found.pk]).values() if found else ()
    return answer(
        {
            "items": [
                {"account_id": card.account_id, "person": card.short_name, "level": card.level}
                for card in cards
            ]
        }
    )
