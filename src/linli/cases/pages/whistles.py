"""Whistles on the workbench: my calls and what is out, one whistle with its answers, and what bodies are like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.cases import words, words_calls
from linli.cases.actions import whistle as acting
from linli.cases.forms import whistle as forms
from linli.cases.pages import desk_frame, telling
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.queries import whistles
from linli.cases.queries.whistles import CallNow, WhistleNow
from linli.cases.rules.whistle import Standing, State
from linli.cases.rules.workflow import CALLERS, DESK
from linli.kernel.access import STAFF, Forbidden, NotFound, policy
from linli.kernel.clock import LOCAL
from linli.kernel.text import whole
from linli.people import queries as people

FIGURES = DESK | {"auditor", "verifier"}
PERIODS = (30, 90, 365)
MOST_OUT, PER_PAGE, MOST_ROWS = 60, 20, 200
TAGS = {
    Standing.ARRIVED: "ll-tag_brand",
    Standing.COMING: "ll-tag_brand",
    Standing.LATE: "ll-tag_warn",
    Standing.EXPECTED: "ll-tag_urgent",
    Standing.ABSENT: "ll-tag_urgent",
    Standing.DECLINED: "ll-tag_warn",
}


@dataclass(frozen=True, slots=True)
class CallFace:
    """One called body as a page shows it."""

    now: CallNow
    name: str
    phone: str
    said: str
    tag: str
    own: bool  # of the reader's bodies
    who: str  # who answered
    noted_by: str
    why: str
    words: str  # what is asked of it alone

    @property
    def may_answer(self) -> bool:
        """Whether the body may still say something."""
        call = self.now.call
        return self.own and call.arrived_at is None and call.excused_at is None


@dataclass(frozen=True, slots=True)
class Face:
    """One whistle as a page shows it."""

    now: WhistleNow
    title: str
    state: str
    open: bool
    caller: str
    ended_by: str
    calls: tuple[CallFace, ...]
    own: tuple[CallFace, ...]

    @property
    def whistle(self) -> Any:
        """The row."""
        return self.now.whistle


def face(made: Frame, found: WhistleNow, names: dict[int, str]) -> Face:
    """A whistle as this reader sees it."""
    whistle = found.whistle
    bodies = made.request.actor.organisations(made.community_id)
    calls = tuple(_call_face(one, bodies, names, made.language, whistle.words) for one in found.calls)
    return Face(
        now=found,
        title=telling.headline(whistle.case),
        state=words.label(words_calls.WHISTLE_STATES, whistle.state),
        open=whistle.state == State.OPEN,
        caller=names.get(whistle.caller_id, ""),
        ended_by=names.get(whistle.ended_by_id or 0, ""),
        calls=calls,
        own=tuple(one for one in calls if one.own),
    )


def _call_face(
    one: CallNow, bodies: frozenset[int], names: dict[int, str], language: str, asked: str
) -> CallFace:
    call, body = one.call, one.call.organisation
    return CallFace(
        now=one,
        name=body.name_en if language == "en" and body.name_en else body.name_zh,
        phone=body.phone or "",
        said=words.label(words_calls.CALL_STANDINGS, one.standing.value),
        tag=TAGS.get(one.standing, ""),
        own=call.organisation_id in bodies,
        who=names.get(call.answered_by_id or 0, ""),
        noted_by=names.get(call.arrival_noted_by_id or 0, "") if call.by_caller else "",
        why=words.label(words.REASONS, call.reason) if call.reason else "",
        words=call.task.words if call.task.words != asked else "",
    )


def _faces(made: Frame, found: tuple[WhistleNow, ...]) -> list[Face]:
    names = whistles.names(found)
    return [face(made, one, names) for one in found]


def _page_number(request: Asked) -> int:
    asked = request.GET.get("page", "")
    return (
        min(int(asked), 500) if asked.isascii() and asked.isdigit() and len(asked) < 5 and int(asked) else 1
    )


def _days(request: Asked) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in {str(days) for days in PERIODS} else PERIODS[0]


@policy("cases.whistles", who=STAFF)
@require_safe
def index(request: Asked) -> HttpResponse:
    """My calls first, then what is out, what has ended, and how bodies come when they are called."""
    made = desk_frame.frame(request)
    at, page = request.now, _page_number(request)
    seen = whistles.seen(request.actor, made.community_id)
    out = _faces(made, whistles.listed(whistles.out(seen), at, limit=MOST_OUT))
    past = whistles.listed(whistles.ended(seen), at, limit=PER_PAGE + 1, after=(page - 1) * PER_PAGE)
    context = {
        "mine": [one for one in out if one.own],
        "others": [one for one in out if not one.own],
        "past": _faces(made, past[:PER_PAGE]),
        "newer": page - 1 if page > 1 else 0,
        "older": page + 1 if len(past) > PER_PAGE else 0,
        "may_call": bool(made.roles & CALLERS),
        "attendance": _attendance(made) if made.roles & FIGURES else None,
        "days": _days(request),
        "periods": PERIODS,
    }
    return render(request, "cases/desk/whistles.html", made.context(**context))


def _attendance(made: Frame) -> list[dict[str, Any]]:
    at = made.request.now
    start = at - timedelta(days=_days(made.request))
    rows = whistles.attendance(made.community_id, start=start, end=at + timedelta(days=31), at=at)
    names = people.organisation_names([row.organisation_id for row in rows], made.language)
    return [
        {
            "body": names.get(row.organisation_id, ""),
            "id": row.organisation_id,
            "share": None if row.share_in_time is None else round(row.share_in_time * 100),
            "cells": [(part, getattr(row, part)) for part in whistles.PARTS],
        }
        for row in rows
    ]


@policy("cases.whistle_rows", who=STAFF)
@require_safe
def rows(request: Asked, part: str) -> HttpResponse:
    """The calls behind one number of the attendance."""
    made = desk_frame.frame(request)
    if part not in whistles.PARTS:
        raise NotFound
    if not made.roles & FIGURES:
        raise Forbidden("not_your_move")
    body, at = request.GET.get("body", ""), request.now
    found = whistles.calls(
        made.community_id,
        part,
        start=at - timedelta(days=_days(request)),
        end=at + timedelta(days=31),
        at=at,
        organisation_id=whole(body),
    )[:MOST_ROWS]
    context = {
        "rows": [
            (_call_face(one, frozenset(), {}, made.language, ""), telling.headline(one.call.whistle.case))
            for one in found
        ],
        "part_words": words.label(words_calls.ATTENDANCE, part),
        "days": _days(request),
    }
    return render(request, "cases/desk/whistle_rows.html", made.context(**context))


# -- one whistle -------------------------------------------------------------------------------------------


def find(request: Asked, whistle_id: int) -> tuple[Frame, Face]:
    """A whistle as this person sees it, and the workbench of its community.

    :raises NotFound: there is none for them.
    """
    found = acting.find(request.actor, whistle_id)
    made = desk_frame.frame(request, found.community_id)
    now = whistles.one(whistle_id, request.now)
    return made, face(made, now, whistles.names([now]))


def may_lead(made: Frame, shown: Face) -> bool:
    """Whether this person confirms arrivals and signs: who blew it, or the desk."""
    return bool(made.roles & DESK) or shown.whistle.caller_id == made.request.actor.account_id


@policy("cases.whistle_one", who=STAFF)
@require_safe
def one(request: Asked, whistle_id: int) -> HttpResponse:
    """One whistle: who is called, who is there, what was agreed; with what this person may do about it."""
    made, shown = find(request, whistle_id)
    return show(made, shown)


def show(made: Frame, shown: Face, *, status: int = 200, **forms_: Any) -> HttpResponse:
    """The page of a whistle, with the forms of what this person may do."""
    leads = may_lead(made, shown) and shown.open
    context = {
        "shown": shown,
        "whistle": shown.whistle,
        "case": shown.whistle.case,
        "leads": leads,
        "decline": forms_.get("decline") or forms.Decline(auto_id="no-%s"),
        "arrived": forms_.get("arrived") or forms.ArrivedAt(),
        "arrived_value": _minute(made),
        "conclude": forms_.get("conclude") or (conclude_form(made, shown) if leads else None),
        "call_off": forms_.get("call_off") or forms.CallOff(auto_id="off-%s"),
        "wrong": forms_.get("wrong", ""),
        "opened": forms_.get("opened", 0),
        "steps": _steps(made, shown),
    }
    return render(made.request, "cases/desk/whistle.html", made.context(**context), status=status)


def _minute(made: Frame) -> str:
    """Now, as a field of date and time wants it."""
    return made.request.now.astimezone(LOCAL).strftime("%Y-%m-%dT%H:%M")


def _steps(made: Frame, shown: Face) -> list[dict[str, Any]]:
    found = []
    for step in shown.whistle.steps.all():
        body = step.task.organisation
        name = body.name_en if made.language == "en" and body.name_en else body.name_zh
        found.append({"body": name, "task": step.task, "until": step.until})
    return found


def conclude_form(made: Frame, shown: Face, data: Any = None) -> forms.Conclude:
    """The form of the joint conclusion: who was there may agree, every body may get a next step."""
    form = forms.Conclude(data, auto_id="end-%s")
    present = [
        (str(one.now.call.organisation_id), one.name) for one in shown.calls if one.now.call.arrived_at
    ]
    bodies = [(str(body), made.body_name(body)) for body in made.bodies]
    form.offer(present, bodies)
    if data is None and "agreed" in form.fields:
        form.initial["agreed"] = [body for body, _name in present]
    return form
