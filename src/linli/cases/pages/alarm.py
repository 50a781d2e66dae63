"""What rings in the room, as a part of every page of the workbench and of a screen on the wall."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.cases import words
from linli.cases.actions import alarms
from linli.cases.models import Alarm
from linli.cases.pages import here, telling
from linli.cases.pages.here import Asked
from linli.cases.queries import alarms as asked
from linli.cases.queries import people_to_send, urgent
from linli.cases.queries.alarms import Ringing
from linli.cases.rules import ringing
from linli.cases.rules.urgent_phrases import DISCREET
from linli.cases.rules.workflow import State
from linli.faces import words as face_words
from linli.kernel.access import STAFF, Actor, policy

TEMPLATE = "cases/alarm/bar.html"
MANY = 3  # more than so many are told as a number


@dataclass(frozen=True, slots=True)
class Shown:
    """An alarm as the bar shows it."""

    id: int
    number: str
    url: str
    kinds: str
    title: str
    place: str
    since: datetime
    level: int
    cause: str
    withdrawn: bool
    quarantined: bool
    advice: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]  # kind, words, numbers to call
    may_answer: bool


def shown(one: Ringing, *, may_answer: bool) -> Shown:
    """An alarm in words."""
    language = here.language()
    case = one.case
    places = [place.name_en if language == "en" and place.name_en else place.name_zh
              for place in (case.grid, case.building) if place is not None]  # fmt: skip
    told = urgent.advice(case.community_id, one.kinds)
    hidden = not may_answer and bool(DISCREET & set(one.kinds))  # nobody's eyes but those who handle it
    return Shown(
        id=one.id,
        number=one.number,
        url=reverse("cases:desk_case", args=[one.number]),
        kinds=" · ".join(words.label(words.DANGERS, kind.value) for kind in one.kinds),
        title=case.number if hidden else telling.headline(case),
        place=" · ".join(places) or case.address,
        since=one.rung_at,
        level=one.level,
        cause=words.label(words.ALARM_CAUSES, one.cause),
        withdrawn=case.state == State.WITHDRAWN,
        quarantined=case.quarantined,
        advice=tuple(
            (words.label(words.DANGERS, each.kind.value), each.desk(language), each.calls(language))
            for each in told
        ),
        may_answer=may_answer,
    )


def bar(actor: Actor) -> dict[str, Any]:
    """What the head of a page needs to ring for this person."""
    return _context(
        (one, bool(actor.roles(one.case.community_id) & ringing.ANSWERERS))
        for one in asked.ringing_for(actor)
    )


def screen(request: HttpRequest, community_ids: Iterable[int]) -> HttpResponse:
    """The bar for a screen that is no person's: it rings, and is answered elsewhere."""
    return _part(request, _context((one, False) for one in asked.ringing_in(community_ids)))


def _context(rows: Iterable[tuple[Ringing, bool]]) -> dict[str, Any]:
    held = [shown(one, may_answer=may) for one, may in rows]
    return {"alarm_template": TEMPLATE, "alarms": held[:MANY], "more_alarms": max(0, len(held) - MANY)}


def _part(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The inner part of the bar; 304 for a page that shows just this, so that nothing is said twice."""
    standing = [(one.id, one.level, one.withdrawn) for one in context["alarms"]]
    said = repr((standing, context["more_alarms"], here.language())).encode()
    tag = f'"{hashlib.blake2b(said, digest_size=8).hexdigest()}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    answered = render(request, "cases/alarm/part.html", context)
    answered["ETag"] = tag
    answered["Cache-Control"] = "private, no-store"
    return answered


@policy("cases.desk_alarm", who=STAFF)
@require_safe
def alarm(request: Asked) -> HttpResponse:
    """What rings for this person now."""
    return _part(request, bar(request.actor))


@policy("cases.desk_alarm_answer", who=STAFF)
@require_POST
def answer(request: Asked, number: str) -> HttpResponse:
    """I am seeing to it: it stops ringing for everybody, and the case opens."""
    held = alarms.answer(actor=request.actor, number=number, at=request.now)
    if request.headers.get("HX-Request") == "true":
        return _part(request, bar(request.actor))
    if held is not None and held.answered_by_id == request.actor.account_id:
        messages.success(request, _("You are seeing to it. Nobody else is rung any more."))
    elif held is not None:
        who = people_to_send.name_of(held.answered_by_id) if held.answered_by_id else ""
        messages.info(request, _("%(who)s is seeing to it already.") % {"who": who})
    return redirect("cases:desk_case", number=number)


@dataclass(frozen=True, slots=True)
class Rang:
    """An alarm of a case as its page tells it."""

    kinds: str
    cause: str
    rung_at: datetime
    answered_by: str
    waited: str
    level: int
    by_move: str


def rang(held: Iterable[Alarm]) -> list[Rang]:
    """The alarms of a case in words, the newest first."""
    found = []
    for one in held:
        waited = (one.answered_at - one.rung_at).total_seconds() if one.answered_at else 0
        kinds = ringing.kinds_of(one.kinds)
        found.append(
            Rang(
                kinds=" · ".join(words.label(words.DANGERS, kind.value) for kind in kinds),
                cause=words.label(words.ALARM_CAUSES, one.cause),
                rung_at=one.rung_at,
                answered_by=people_to_send.name_of(one.answered_by_id) if one.answered_by_id else "",
                waited=face_words.span(int(waited), "hour") if one.answered_at else "",
                level=one.level,
                by_move=words.label(words.VERBS, one.answered_verb) if one.answered_verb else "",
            )
        )
    return found
