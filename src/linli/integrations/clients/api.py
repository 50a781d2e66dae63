"""Connected systems for programs of people who keep a community: made, looked at, their keys exchanged, ended."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from linli.cases.pages.settings import KEEPERS
from linli.cases.queries import reference
from linli.integrations.clients import access, queries
from linli.integrations.clients.actions import keeping
from linli.integrations.clients.models import ApiClient
from linli.integrations.clients.schemas import (
    ClientDayOut,
    ClientIn,
    ClientKeyIn,
    ClientKeyTold,
    ClientMade,
    ClientOut,
)
from linli.kernel.api import actor_of, answer, answer_tagged, at, create, operation, utc
from linli.kernel.api_types import Community, PathId
from linli.kernel.clock import LOCAL

SCOPE = "admin"
clients = Router(tags=["clients"])
routers = (clients,)


def _out(row: ApiClient, keys: list[queries.Key]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "account_id": row.account_id,
        "organisation_id": row.organisation_id,
        "owner_id": row.owner_id,
        "role": row.role,
        "place_id": row.place_id,
        "scopes": row.scopes,
        "per_minute": row.per_minute,
        "made_at": utc(row.made_at),
        "ended_at": utc(row.ended_at),
        "keys": [
            {
                "id": key.id,
                "prefix": key.prefix,
                "made_at": utc(key.made_at),
                "expires_at": utc(key.expires_at),
                "revoked_at": utc(key.revoked_at),
                "last_used_at": utc(key.last_at),
            }
            for key in keys
        ],
    }


def _read(request: HttpRequest, client_id: int) -> dict[str, Any]:
    row = access.client(actor_of(request), client_id)
    return _out(row, queries.keys([row.account_id]).get(row.account_id, []))


@clients.get("/clients", response=list[ClientOut], summary="Programs with keys of their own")
@operation("clients.api_clients", who=KEEPERS, scope=SCOPE, tagged=True)
def index(request: HttpRequest, community: Community) -> HttpResponse:
    """Of a community that you keep; ended ones too."""
    community_id = reference.community_id(community)
    access.require(actor_of(request), community_id)
    rows = list(queries.clients(community_id))
    held = queries.keys(row.account_id for row in rows)
    return answer_tagged(request, [_out(row, held.get(row.account_id, [])) for row in rows])


@clients.post("/clients", response={201: ClientMade}, summary="Connect a program")
@operation("clients.api_make", who=KEEPERS, scope=SCOPE, creates=True)
def make(request: HttpRequest, body: ClientIn) -> HttpResponse:
    """It acts as itself, within its role, place and scopes. Its key is in this answer and nowhere else."""
    told = {"key": ""}
    community_id = reference.community_id(body.community)
    access.require(actor_of(request), community_id)

    def run() -> int:
        made, told["key"] = keeping.make(
            actor=actor_of(request),
            community_id=community_id,
            wanted=keeping.Wanted(
                name=body.name,
                organisation_id=body.organisation_id,
                scopes=tuple(body.scopes),
                role=body.role,
                place_id=body.place_id or 0,
                days=body.days,
                per_minute=body.per_minute,
                owner_id=body.owner_id or 0,
            ),
            at=at(request),
        )
        return int(made.pk)

    return create(
        request, make=run, read=lambda pk: {**_read(request, pk), **told}, path="/api/v1/clients/{id}"
    )


@clients.get("/clients/{int:client_id}", response=ClientOut, summary="One program")
@operation("clients.api_client", who=KEEPERS, scope=SCOPE, tagged=True)
def read(request: HttpRequest, client_id: PathId) -> HttpResponse:
    """What it may and its keys; an ended one too."""
    return answer_tagged(request, _read(request, client_id))


@clients.post("/clients/{int:client_id}/key", response=ClientKeyTold, summary="Give a program another key")
@operation("clients.api_exchange", who=KEEPERS, scope=SCOPE)
def exchange(request: HttpRequest, client_id: PathId, body: ClientKeyIn) -> HttpResponse:
    """Told once. Former keys work beside it for some hours."""
    key = keeping.exchange_key(
        actor=actor_of(request), client_id=client_id, days=body.days, hours=body.hours, at=at(request)
    )
    return answer({"key": key})


@clients.delete("/clients/{int:client_id}", response={204: None}, summary="End a program")
@operation("clients.api_end", who=KEEPERS, scope=SCOPE)
def end(request: HttpRequest, client_id: PathId) -> HttpResponse:
    """Its keys stop at once, for good. Twice changes nothing."""
    keeping.end(actor=actor_of(request), client_id=client_id, at=at(request))
    return HttpResponse(status=204)


@clients.get("/clients/{int:client_id}/usage", response=list[ClientDayOut], summary="How much a program asks")
@operation("clients.api_usage", who=KEEPERS, scope=SCOPE)
def usage(request: HttpRequest, client_id: PathId) -> HttpResponse:
    """The last thirty days, the newest first; counts arrive some seconds late."""
    row = access.client(actor_of(request), client_id)
    days = queries.usage(row, today=at(request).astimezone(LOCAL).date())
    names = ("date", "requests", "refused", "limited", "failed")
    return answer([{name: getattr(day, name) for name in names} for day in days])
