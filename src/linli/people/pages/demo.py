"""The demo's front door: its people, one tap each, and the codes it would have sent."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.kernel import access
from linli.people import demo, demo_beside, ports, words
from linli.people.pages import ways


@access.policy("people.demo", who=access.PUBLIC)
@require_safe
def front_door(request: ways.Asked) -> HttpResponse:
    """The demo people by community: one of each role in sight, the others folded away."""
    doors = demo.doors(ways.language(request), request.now)
    communities = [
        _by_role(name, list(group)) for name, group in groupby(doors, key=lambda door: door.community)
    ]
    context = {"communities": communities, "trials": demo_beside.trials()}
    return render(request, "people/demo.html", context)


def _by_role(community: str, doors: list[demo.Door]) -> dict[str, Any]:
    first: dict[str, demo.Door] = {}
    for door in doors:
        first.setdefault(door.role, door)
    order = list(words.ROLES)
    shown = sorted(first.values(), key=lambda door: order.index(door.role))
    others = [door for door in doors if door is not first[door.role]]
    return {
        "name": community,
        "shown": [(door, words.ROLES[door.role]) for door in shown],
        "others": [(door, door.title or words.ROLES[door.role]) for door in others],
    }


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
