"""The API's door to people: who I am, and the organisations of my communities."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Path, Router, Schema

from linli.kernel.access import SIGNED_IN, STAFF, Forbidden, roles
from linli.kernel.api import actor_of, answer, operation
from linli.people import access as doors
from linli.people import models, queries, rules
from linli.people.actions import organisations as keeping

router = Router(tags=["people"])
KEEPERS = roles(*doors.KEEPERS)
Id = Annotated[int, Path(ge=1, lt=2**62)]
PHONE = r"^([0-9+\-() ]{3,20})?$"
NO_NUL = r"^[^\x00]*$"


class DoorSign(Schema):
    """What stands on an organisation's door."""

    name_zh: str = Field(
        min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$", examples=["铝兴社区居委会"]
    )
    name_en: str = Field("", max_length=160, pattern=NO_NUL, examples=["Lüxing Residents' Committee"])
    phone: str = Field("", pattern=PHONE, examples=["0851-84612345"])


class OrganisationIn(DoorSign):
    """An organisation to open."""

    community_id: int = Field(ge=1, lt=2**62)
    kind: models.Organisation.Kind = Field(examples=["committee"])


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


@router.get("/me", response={200: dict[str, Any]}, summary="Who the token acts as")
@operation("people.api_me", who=SIGNED_IN)
def me(request: HttpRequest) -> HttpResponse:
    """The account, its communities, its duties in force, and what the token may do."""
    actor = actor_of(request)
    return answer(
        {
            "account_id": actor.account_id,
            "level": actor.level,
            "language": actor.language,
            "communities": sorted(actor.communities),
            "duties": [
                {"role": grant.role, "community_id": grant.community_id, "place_id": grant.place_id}
                for grant in actor.grants
            ],
            "scopes": sorted(actor.scopes),
        }
    )


@router.get("/organisations", response={200: list[dict[str, Any]]}, summary="Organisations of my communities")
@operation("people.api_organisations", who=STAFF, scope=rules.Scope.PEOPLE_READ)
def organisations(request: HttpRequest) -> HttpResponse:
    """The open organisations of the communities in which the person serves."""
    return answer([_out(row) for row in queries.organisations(actor_of(request).staff_communities)])


@router.post("/organisations", response={201: dict[str, Any]}, summary="Open an organisation")
@operation("people.api_create_organisation", who=KEEPERS, scope=rules.Scope.ADMIN)
def create(request: HttpRequest, body: OrganisationIn) -> HttpResponse:
    """For the leader or administrator of the community; refused (name_taken) when one of this name is open there."""
    try:
        made = keeping.create_organisation(
            actor=actor_of(request),
            community_id=body.community_id,
            kind=body.kind,
            sign=_sign(body),
            at=request.now,  # type: ignore[attr-defined]  # the door's one reading of the clock
        )
    except keeping.NameTaken as error:
        raise Forbidden("name_taken") from error
    return answer(_out(made), status=201)


@router.put(
    "/organisations/{organisation_id}", response={200: dict[str, Any]}, summary="Rename an organisation"
)
@operation("people.api_rename_organisation", who=KEEPERS, scope=rules.Scope.ADMIN)
def rename(request: HttpRequest, organisation_id: Id, body: DoorSign) -> HttpResponse:
    """Change what stands on its door."""
    try:
        row = keeping.rename_organisation(
            actor=actor_of(request),
            organisation_id=organisation_id,
            sign=_sign(body),
            at=request.now,  # type: ignore[attr-defined]  # as above
        )
    except keeping.NameTaken as error:
        raise Forbidden("name_taken") from error
    return answer(_out(row))


@router.post(
    "/organisations/{organisation_id}/close", response={200: dict[str, Any]}, summary="Close an organisation"
)
@operation("people.api_close_organisation", who=KEEPERS, scope=rules.Scope.ADMIN)
def close(request: HttpRequest, organisation_id: Id) -> HttpResponse:
    """It takes no new work and stays in the history."""
    row = keeping.close_organisation(
        actor=actor_of(request),
        organisation_id=organisation_id,
        at=request.now,  # type: ignore[attr-defined]  # as above
    )
    return answer(_out(row))


def _sign(body: DoorSign) -> keeping.Sign:
    return keeping.Sign(name_zh=body.name_zh, name_en=body.name_en, phone=body.phone)
