"""In a demo only: a receiver of our own, so that deliveries can be read without any other system."""

from __future__ import annotations

import json
from datetime import datetime

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.integrations.webhooks import catalog
from linli.integrations.webhooks.actions import keeping
from linli.integrations.webhooks.models import Endpoint
from linli.integrations.webhooks.rules import signing
from linli.kernel import access, scope
from linli.people.pages.ways import Asked

NAME = "演示接收方"
PATH = "/api/demo/webhooks/"


def connect(base: str, community: PlaceRow, at: datetime) -> None:
    """Let a community of the demo tell the demo itself, by its leader; a second time only the address is renewed."""
    leaders = [
        duty for duty in places.duties(community.id, places.day_of(at)) if duty.role == "community_leader"
    ]
    actor = places.actor(leaders[0].account_id, at, mfa=True) if leaders else None
    if actor is None:
        return
    wanted = keeping.Wanted(NAME, f"{base}{PATH}", (catalog.EVERYTHING,))
    with scope.within([community.id]):
        held = Endpoint.objects.filter(community_id=community.id, name=NAME).first()
        if held is None:
            made, _secret = keeping.make(actor=actor, community_id=community.id, wanted=wanted, at=at)
            keeping.ping(actor=actor, endpoint_id=made.pk, at=at)
        elif held.state != Endpoint.State.ENDED and held.url != wanted.url:
            keeping.change(actor=actor, endpoint_id=held.pk, wanted=wanted, at=at)


@csrf_exempt
@access.policy("webhooks.demo", who=access.PUBLIC)
@require_POST
def receive(request: Asked) -> HttpResponse:
    """What any receiver does: check the signature, answer. It keeps nothing."""
    if not settings.LINLI_DEMO:
        raise access.NotFound
    try:
        event = json.loads(request.body)
        community_id, told = int(event["data"]["community_id"]), str(event["type"])[:60]
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"received": False, "why": "no event"}, status=400)
    given = request.headers.get(signing.HEADER, "")
    with scope.within([community_id]):
        held = list(Endpoint.objects.filter(community_id=community_id, name=NAME))
    now = int(request.now.timestamp())
    right = any(signing.fits(given, request.body, secret=one.secret, now=now) for one in held)
    if not right:
        return JsonResponse({"received": False, "why": "signature"}, status=401)
    return JsonResponse({"received": told, "signature": "right"})
