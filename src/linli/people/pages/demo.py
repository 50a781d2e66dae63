"""The demo's front door: its people, one tap each, and the codes it would have sent."""

from __future__ import annotations

from itertools import groupby

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.kernel import access
from linli.people import demo, ports, words
from linli.people.pages import ways


@access.policy("people.demo", who=access.PUBLIC)
@require_safe
def front_door(request: ways.Asked) -> HttpResponse:
    """The demo people by community."""
    doors = demo.doors(ways.language(request), request.now)
    communities = [
        (community, [(door, door.title or words.ROLES.get(door.role, door.role)) for door in group])
        for community, group in groupby(doors, key=lambda door: door.community)
    ]
    return render(request, "people/demo.html", {"communities": communities})


@access.policy("people.demo_as", who=access.PUBLIC)
@require_safe
def come_as(request: ways.Asked, token: str) -> HttpResponse:
    """Sign in as one of them."""
    account = demo.account_of(token)
    return ways.enter(request, account, ways.wanted(request))


@access.policy("people.demo_codes", who=access.PUBLIC)
@require_safe
def codes(request: ways.Asked) -> HttpResponse:
    """The last codes, which in a demo go nowhere else."""
    if not settings.LINLI_DEMO:
        raise access.NotFound
    return render(request, "people/demo_codes.html", {"codes": ports.last_codes()})
