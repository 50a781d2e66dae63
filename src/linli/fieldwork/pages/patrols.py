"""The patrol on the phone: start, tick, find, end; and what is kept of the patrols one made."""

from __future__ import annotations

import contextlib
import json
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from linli.cases.pages import taking
from linli.cases.pages.here import network
from linli.cases.rules.intake import Channel, PlaceGiven, Report
from linli.fieldwork import access, words
from linli.fieldwork.access import CREW
from linli.fieldwork.actions import patrols
from linli.fieldwork.forms import Found
from linli.fieldwork.models import Patrol
from linli.fieldwork.pages.frame import Frame, frame, tell
from linli.fieldwork.queries import patrols as lists
from linli.fieldwork.rules.patrols import Position
from linli.fieldwork.rules.words import PatrolEnd
from linli.grids import queries as places
from linli.grids.rules.words import Level
from linli.kernel import numbering
from linli.kernel.access import Forbidden, policy
from linli.kernel.refusals import Refused
from linli.kernel.text import whole
from linli.people.pages.ways import Asked

MOST_AT_ONCE = 200


@policy("fieldwork.patrol", who=CREW)
@require_safe
def patrol(request: Asked) -> HttpResponse:
    """The patrol that is open, or the grids where one can be started; and the patrols before."""
    return _page(request, None)


def _page(request: Asked, form: Found | None) -> HttpResponse:
    made = frame(request)
    me = request.actor.person_id
    open_ = patrols.current(made.community.id, me)
    wanted = places.settings(made.community.id, request.now)
    context: dict[str, Any] = {
        **made.context,
        "open": open_,
        "days": wanted["patrol_days"].value,
        "hours": wanted["patrol_hours"].value,
        "past": [
            (row, words.PATROL_ENDS[PatrolEnd(row.ended_how)])
            for row in lists.past(made.community.id, me, made.language)
        ],
    }
    if open_ is None:
        grids = access.grids_worked(made.reach)
        context["grids"] = [(grid.id, grid.name(made.language)) for grid in grids]
    else:
        context |= _open(made, open_, form)
    return render(request, "fieldwork/patrol.html", context, status=422 if form and form.errors else 200)


def _open(made: Frame, row: Patrol, form: Found | None) -> dict[str, Any]:
    buildings = _buildings(made, row)
    grid = places.place(row.grid_id)
    seen = lists.ticked(row)
    return {
        "grid": grid.name(made.language) if grid else "",
        "form": form or Found(buildings=buildings),
        "buildings": [(pk, name, pk in seen) for pk, name in buildings],
        "findings": [numbering.pretty_number(number) for number in lists.findings(row)],
    }


def _buildings(made: Frame, row: Patrol) -> list[tuple[int, str]]:
    grid = places.place(row.grid_id)
    found = places.subtree(grid.path, Level.BUILDING.value) if grid else []
    return [(one.id, one.name(made.language)) for one in found]


@policy("fieldwork.patrol_start", who=CREW)
@require_POST
def start(request: Asked) -> HttpResponse:
    """Begin."""
    patrols.start(
        actor=request.actor, grid_id=whole(request.POST.get("grid", "")) or 0, key=uuid4(), at=request.now
    )
    return redirect("fieldwork:patrol")


@policy("fieldwork.patrol_end", who=CREW)
@require_POST
def end(request: Asked, patrol_id: int) -> HttpResponse:
    """End."""
    patrols.end(actor=request.actor, patrol_id=patrol_id, at=request.now)
    messages.success(request, pgettext("patrol", "The patrol is over."))
    return redirect("fieldwork:patrol")


@policy("fieldwork.patrol_tick", who=CREW)
@require_POST
def tick(request: Asked, patrol_id: int) -> HttpResponse:
    """A place was seen."""
    try:
        patrols.tick(
            actor=request.actor,
            patrol_id=patrol_id,
            place_id=whole(request.POST.get("place", "")) or 0,
            at=request.now,
        )
    except Forbidden as refused:
        messages.error(request, str(words.FAULTS[refused.code]))
    return redirect("fieldwork:patrol")


@policy("fieldwork.patrol_find", who=CREW)
@require_POST
def find(request: Asked, patrol_id: int) -> HttpResponse:
    """Something was found: a case, with its pictures, at once."""
    made = frame(request)
    row = access.find_patrol(request.actor, patrol_id)
    form = Found(request.POST, buildings=_buildings(made, row))
    files, turned = taking.all_of(request, row.community_id, request.FILES.getlist("pictures"))
    for one in turned:
        form.add_error(None, f"{one.name}: {one.words}")
    if form.is_valid() and _found(request, row, form, tuple(str(file.ticket) for file in files)):
        return redirect("fieldwork:patrol")
    return _page(request, form)


def _found(request: Asked, row: Patrol, form: Found, tickets: tuple[str, ...]) -> bool:
    given = form.cleaned_data
    told = Report(
        words=given["words"],
        channel=Channel.PATROL,
        place=PlaceGiven(building_id=given["building"], address=given["address"]),
        uploads=tickets,
    )
    try:
        receipt = patrols.find(
            actor=request.actor,
            patrol_id=row.pk,
            told=told,
            key=str(given["key"] or uuid4()),
            at=request.now,
            network=network(request),
        )
    except Refused as refused:
        tell(form, refused)
    except Forbidden as refused_:
        form.add_error(None, str(words.FAULTS.get(refused_.code, refused_.code)))
    else:
        number = numbering.pretty_number(receipt.number)
        messages.success(request, _("A case was made: %(number)s.") % {"number": number})
    return not form.errors


@policy("fieldwork.patrol_positions", who=CREW)
@require_POST
def positions(request: Asked, patrol_id: int) -> HttpResponse:
    """Where the worker was, as the phone sends it while the worker lets it."""
    with contextlib.suppress(ValueError, TypeError, KeyError):
        sent = [_position(one) for one in json.loads(request.body)["positions"][:MOST_AT_ONCE]]
        try:
            kept = patrols.send_positions(
                actor=request.actor, patrol_id=patrol_id, positions=sent, at=request.now
            )
        except Forbidden as refused:
            return JsonResponse({"code": refused.code}, status=409)
        except Refused as refused_:
            return JsonResponse({"code": refused_.wrongs[0].code}, status=422)
        return JsonResponse({"kept": kept})
    return JsonResponse({"code": "unreadable"}, status=400)


def _position(one: dict[str, Any]) -> Position:
    at = parse_datetime(str(one["at"]))
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise ValueError
    return Position(float(one["lon"]), float(one["lat"]), at)


@policy("fieldwork.patrol_kept", who=CREW)
@require_safe
def kept(request: Asked, patrol_id: int) -> HttpResponse:
    """What is kept of one's own patrol, down to the last position."""
    made = frame(request)
    row = access.find_patrol(request.actor, patrol_id)
    grid = places.place(row.grid_id)
    context = {
        **made.context,
        "row": row,
        "grid": grid.name(made.language) if grid else "",
        "points": lists.points(row, made.language),
        "findings": [numbering.pretty_number(number) for number in lists.findings(row)],
    }
    return render(request, "fieldwork/patrol_kept.html", context)


@policy("fieldwork.patrol_wipe", who=CREW)
@require_POST
def wipe(request: Asked, patrol_id: int) -> HttpResponse:
    """Delete every position of one's own patrol."""
    patrols.wipe(actor=request.actor, patrol_id=patrol_id, at=request.now)
    messages.success(request, pgettext("patrol", "Its positions are deleted."))
    return redirect("fieldwork:patrol_kept", patrol_id)
