"""The API's door to people: who the token speaks for, and the organisations of a community."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from linli.kernel.access import PUBLIC, SIGNED_IN
from linli.kernel.api import actor_of, answer, operation
from linli.people import queries

router = Router(tags=["people"])


@router.get("/me", response={200: dict[str, Any]}, summary="Who this token speaks for")
@operation("people.me", who=SIGNED_IN)
def me(request: HttpRequest) -> HttpResponse:
    """The account, its identity level, its duties and the scopes of the token."""
    actor = actor_of(request)
    return answer(
        {
            "account_id": actor.account_id,
            "name": actor.name,
            "level": actor.level,
            "language": actor.language,
            "scopes": sorted(actor.scopes),
            "communities": sorted(actor.communities),
            "duties": [
                {
                    "role": grant.role,
                    "community_id": grant.community_id,
                    "place_id": grant.place_id,
                    "organisation_id": grant.organisation_id,
                }
                for grant in actor.grants
            ],
        }
    )


@router.get("/organisations", response={200: list[dict[str, Any]]}, summary="The bodies of a community")
@operation("people.organisations", who=PUBLIC)
def organisations(request: HttpRequest, community_id: int) -> HttpResponse:
    """Committee, property companies, police station, departments: names and desk numbers."""
    if not 0 < community_id < 2**62:
        return answer([])
    rows = queries.organisations([community_id]).order_by("kind", "id")
    return answer(
        [
            {"id": row.pk, "kind": row.kind, "name_zh": row.name_zh, "name_en": row.name_en, "phone": row.phone}
            for row in rows
        ]
    )
