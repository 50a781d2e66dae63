"""Webhooks for programs: endpoints kept, deliveries looked at and sent once more; the events and their schemas for all."""

from __future__ import annotations

import json
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from linli.cases.pages.settings import KEEPERS
from linli.cases.queries import reference
from linli.integrations.webhooks import access, catalog, queries, reactions
from linli.integrations.webhooks.actions import keeping
from linli.integrations.webhooks.models import Attempt, Delivery, Endpoint
from linli.integrations.webhooks.schemas import (
    EventTypeOut,
    WebhookChange,
    WebhookDelivery,
    WebhookDeliveryFull,
    WebhookDeliveryPage,
    WebhookIn,
    WebhookMade,
    WebhookOut,
    WebhookSecretIn,
    WebhookSecretOut,
)
from linli.kernel.access import PUBLIC, NotFound
from linli.kernel.api import (
    Unreadable,
    actor_of,
    answer,
    answer_page,
    answer_tagged,
    at,
    create,
    operation,
    unchanged,
    utc,
)
from linli.kernel.api_types import Community, Cursor, PathId, Size

SCOPE = "admin"
webhooks = Router(tags=["webhooks"])
routers = (webhooks,)
EventName = Annotated[str, Path(pattern=r"^[A-Za-z_.]{1,60}$")]


def _out(row: Endpoint) -> dict[str, Any]:
    return {
        "id": row.pk,
        "community": reactions.community_code(row.community_id),
        "name": row.name,
        "host": row.host,
        "facts": row.facts,
        "state": row.state,
        "paused_why": row.paused_why,
        "failures": row.failures,
        "rest_until": utc(row.rest_until_at),
        "delivered_at": utc(row.delivered_at),
        "former_secret_until": utc(row.former_until_at),
        "made_at": utc(row.made_at),
        "ended_at": utc(row.ended_at),
    }


def _delivery(row: Delivery) -> dict[str, Any]:
    waiting = row.state == Delivery.State.WAITING
    return {
        "id": row.pk,
        "event_id": row.event_id,
        "type": row.fact,
        "subject": row.subject,
        "state": row.state,
        "why": row.why,
        "tries": row.tries,
        "replays": row.replays,
        "made_at": utc(row.made_at),
        "next_at": utc(row.next_at) if waiting else None,
        "ended_at": utc(row.ended_at),
    }


def _try(row: Attempt) -> dict[str, Any]:
    return {
        "at": utc(row.at),
        "status": row.status,
        "why": row.why,
        "milliseconds": row.milliseconds,
        "address": row.address,
        "request_head": row.request_head,
        "answer_head": row.answer_head,
        "answer_body": row.answer_body,
    }


def _read(request: HttpRequest, endpoint_id: int) -> dict[str, Any]:
    return _out(access.endpoint(actor_of(request), endpoint_id))


@webhooks.get("/events", response=list[EventTypeOut], summary="What endpoints can hear")
@operation("webhooks.api_events", who=PUBLIC, tagged=True)
def events(request: HttpRequest) -> HttpResponse:
    """Every event by its type, with the address of the JSON Schema of its `data`."""
    told = [
        {"type": name, "says": catalog.sentence(name), "dataschema": f"/api/v1/events/{name}"}
        for name in catalog.names()
    ]
    return answer_tagged(request, told)


@webhooks.get("/events/{name}", response=dict[str, Any], summary="The JSON Schema of an event")
@operation("webhooks.api_event", who=PUBLIC, tagged=True)
def event(request: HttpRequest, name: EventName) -> HttpResponse:
    """JSON Schema 2020-12 of the `data` of events of this type. Fields may be added later, never taken away."""
    if name not in catalog.names():
        raise NotFound
    return answer_tagged(request, catalog.schema(name, base=settings.LINLI_BASE_URL.rstrip("/")))


@webhooks.get("/webhooks", response=list[WebhookOut], summary="Where facts are sent")
@operation("webhooks.api_endpoints", who=KEEPERS, scope=SCOPE, tagged=True)
def index(request: HttpRequest, community: Community) -> HttpResponse:
    """The endpoints of a community, those that have ended last."""
    community_id = reference.community_id(community)
    access.require(actor_of(request), community_id)
    return answer_tagged(request, [_out(one.endpoint) for one in queries.endpoints(community_id, ended=True)])


@webhooks.post("/webhooks", response={201: WebhookMade}, summary="Have facts sent somewhere")
@operation("webhooks.api_make_endpoint", who=KEEPERS, scope=SCOPE, creates=True)
def make(request: HttpRequest, body: WebhookIn) -> HttpResponse:
    """The secret is in this answer and nowhere else."""
    told = {"secret": ""}
    community_id = reference.community_id(body.community)
    access.require(actor_of(request), community_id)

    def run() -> int:
        made, told["secret"] = keeping.make(
            actor=actor_of(request),
            community_id=community_id,
            wanted=keeping.Wanted(body.name, body.url, tuple(body.facts)),
            at=at(request),
        )
        return int(made.pk)

    return create(
        request, make=run, read=lambda pk: {**_read(request, pk), **told}, path="/api/v1/webhooks/{id}"
    )


@webhooks.get("/webhooks/{int:endpoint_id}", response=WebhookOut, summary="One endpoint")
@operation("webhooks.api_endpoint", who=KEEPERS, scope=SCOPE, tagged=True)
def read(request: HttpRequest, endpoint_id: PathId) -> HttpResponse:
    """How it goes; an ended one too."""
    return answer_tagged(request, _read(request, endpoint_id))


@webhooks.put("/webhooks/{int:endpoint_id}", response=WebhookOut, summary="Change an endpoint")
@operation("webhooks.api_change_endpoint", who=KEEPERS, scope=SCOPE, guarded=True)
def change(request: HttpRequest, endpoint_id: PathId, body: WebhookChange) -> HttpResponse:
    """Its name, address and choice of events; what waits goes to the new address."""
    with unchanged(request, lambda: _read(request, endpoint_id)):
        keeping.change(
            actor=actor_of(request),
            endpoint_id=endpoint_id,
            wanted=keeping.Wanted(body.name, body.url, tuple(body.facts)),
            at=at(request),
        )
    return answer_tagged(request, _read(request, endpoint_id))


@webhooks.post(
    "/webhooks/{int:endpoint_id}/secret", response=WebhookSecretOut, summary="Give an endpoint another secret"
)
@operation("webhooks.api_exchange_secret", who=KEEPERS, scope=SCOPE)
def exchange(request: HttpRequest, endpoint_id: PathId, body: WebhookSecretIn) -> HttpResponse:
    """Told once. The former secret signs beside it for some hours."""
    secret = keeping.exchange_secret(
        actor=actor_of(request), endpoint_id=endpoint_id, hours=body.hours, at=at(request)
    )
    return answer({"secret": secret})


@webhooks.post("/webhooks/{int:endpoint_id}/pause", response=WebhookOut, summary="Hold what is sent")
@operation("webhooks.api_pause_endpoint", who=KEEPERS, scope=SCOPE)
def pause(request: HttpRequest, endpoint_id: PathId) -> HttpResponse:
    """Facts go on being noted. Twice changes nothing."""
    keeping.pause(actor=actor_of(request), endpoint_id=endpoint_id, at=at(request))
    return answer(_read(request, endpoint_id))


@webhooks.post("/webhooks/{int:endpoint_id}/resume", response=WebhookOut, summary="Go on sending")
@operation("webhooks.api_resume_endpoint", who=KEEPERS, scope=SCOPE)
def resume(request: HttpRequest, endpoint_id: PathId) -> HttpResponse:
    """What waited less than three days goes now. Twice changes nothing."""
    keeping.resume(actor=actor_of(request), endpoint_id=endpoint_id, at=at(request))
    return answer(_read(request, endpoint_id))


@webhooks.delete("/webhooks/{int:endpoint_id}", response={204: None}, summary="End an endpoint")
@operation("webhooks.api_end_endpoint", who=KEEPERS, scope=SCOPE)
def end(request: HttpRequest, endpoint_id: PathId) -> HttpResponse:
    """For good; its log stays for a month. Twice changes nothing."""
    keeping.end(actor=actor_of(request), endpoint_id=endpoint_id, at=at(request))
    return HttpResponse(status=204)


@webhooks.post("/webhooks/{int:endpoint_id}/ping", response=WebhookDelivery, summary="Send a test event")
@operation("webhooks.api_ping", who=KEEPERS, scope=SCOPE)
def ping(request: HttpRequest, endpoint_id: PathId) -> HttpResponse:
    """`webhooks.Ping` goes out within seconds, also to an endpoint that rests or is paused."""
    made = keeping.ping(actor=actor_of(request), endpoint_id=endpoint_id, at=at(request))
    return answer(_delivery(made))


@webhooks.get(
    "/webhooks/{int:endpoint_id}/deliveries",
    response=WebhookDeliveryPage,
    summary="What was sent to an endpoint",
)
@operation("webhooks.api_deliveries", who=KEEPERS, scope=SCOPE, paged=True)
def deliveries(
    request: HttpRequest, endpoint_id: PathId, state: str = "", cursor: Cursor = "", size: Size = queries.PAGE
) -> HttpResponse:
    """The newest first; `state` is `waiting`, `delivered` or `dead`. Ended ones are kept for 30 days."""
    if state and state not in Delivery.State.values:
        raise Unreadable(422, "invalid", field="query.state")
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 18):
        raise Unreadable(422, "invalid", field="query.cursor")
    found = access.endpoint(actor_of(request), endpoint_id)
    rows, following = queries.deliveries(found, state=state, before=int(cursor or 0), size=size)
    return answer_page(request, [_delivery(row) for row in rows], str(following or ""))


@webhooks.get(
    "/webhooks/deliveries/{int:delivery_id}",
    response=WebhookDeliveryFull,
    summary="One delivery with its tries",
)
@operation("webhooks.api_delivery", who=KEEPERS, scope=SCOPE)
def delivery(request: HttpRequest, delivery_id: PathId) -> HttpResponse:
    """The event as it was sent, and each try with what went out and what came back."""
    found = access.delivery(actor_of(request), delivery_id)
    tries = [_try(one) for one in queries.tries(found)]
    return answer({**_delivery(found), "event": json.loads(found.body), "attempts": tries})


@webhooks.post(
    "/webhooks/deliveries/{int:delivery_id}/replay",
    response=WebhookDelivery,
    summary="Send a delivery once more",
)
@operation("webhooks.api_replay", who=KEEPERS, scope=SCOPE)
def replay(request: HttpRequest, delivery_id: PathId) -> HttpResponse:
    """The same event under the same id, whatever became of it before."""
    found = keeping.replay(actor=actor_of(request), delivery_id=delivery_id, at=at(request))
    return answer(_delivery(found))
