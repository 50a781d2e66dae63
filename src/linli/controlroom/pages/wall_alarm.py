"""What rings in the room, on the wall: the same alarms as on the workbench, without anybody's words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from linli.cases.actions import alarms
from linli.cases.pages.alarm import MANY, shown
from linli.cases.queries import alarms as asked
from linli.cases.queries.alarms import Ringing
from linli.cases.rules.ringing import ANSWERERS
from linli.controlroom.pages.wall_frame import WATCHERS, Frame, frame
from linli.kernel import numbering
from linli.kernel.access import policy, roles
from linli.people.pages.ways import Asked

WHO = roles(*WATCHERS)


@dataclass(frozen=True, slots=True)
class Told:
    """An alarm on the wall: what it is, where, since when, whom to call; nobody's words."""

    id: int
    number: str
    pretty: str
    url: str
    kinds: str
    place: str
    since: datetime
    level: int
    cause: str
    withdrawn: bool
    calls: tuple[tuple[str, str], ...]  # number, name; each number once
    may_answer: bool


def _told(one: Ringing, *, may_answer: bool) -> Told:
    held = shown(one, may_answer=may_answer)
    calls = {number: name for _kind, _words, told in reversed(held.advice) for number, name in reversed(told)}
    return Told(
        id=held.id,
        number=held.number,
        pretty=numbering.pretty_number(held.number),
        url=held.url,
        kinds=held.kinds,
        place=_place(one, held.place),
        since=held.since,
        level=held.level,
        cause=held.cause,
        withdrawn=held.withdrawn,
        calls=tuple(reversed(calls.items())),
        may_answer=may_answer,
    )


def _place(one: Ringing, place: str) -> str:
    """Grid and building; what a reporter wrote as the address is theirs."""
    return place if one.case.grid_id or one.case.building_id else ""


def context(made: Frame) -> dict[str, Any]:
    """What rings for this reader; a screen belongs to the room, so it hears all of its community."""
    here = made.community_id
    if made.eyes.whole:
        ringing = asked.ringing_in([here])
    else:
        ringing = tuple(one for one in asked.ringing_for(made.request.actor) if one.case.community_id == here)
    may = made.screen is None and bool(made.request.actor.roles(here) & ANSWERERS)
    return {
        "frame": made,
        "alarms": [_told(one, may_answer=may) for one in ringing[:MANY]],
        "more_alarms": max(0, len(ringing) - MANY),
        "alarm_url": made.url("alarm"),
        "now": made.request.now,
    }


def show(made: Frame) -> HttpResponse:
    """The inner part of the bar; 304 for a page that shows just this, so that nothing is said twice."""
    held = context(made)
    standing = [(one.id, one.level, one.withdrawn) for one in held["alarms"]]
    said = repr((standing, held["more_alarms"], made.language)).encode()
    tag = f'"{hashlib.blake2b(said, digest_size=8).hexdigest()}"'
    if made.request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    answered = render(made.request, "controlroom/wall_alarm_part.html", held)
    answered["ETag"] = tag
    return answered


@policy("controlroom.alarm", who=WHO)
@require_safe
def alarm(request: Asked) -> HttpResponse:
    """What rings now."""
    return show(frame(request))


@policy("controlroom.alarm_answer", who=WHO)
@require_POST
def answer(request: Asked, number: str) -> HttpResponse:
    """I am seeing to it: it stops ringing for everybody."""
    alarms.answer(actor=request.actor, number=number, at=request.now)
    made = frame(request)
    if request.headers.get("HX-Request") == "true":
        return show(made)
    return redirect(f"{reverse('controlroom:wall')}?community={made.community_id}")
