"""Visits: choose a door, write down how it went; also what a phone kept while it had no net."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.fieldwork import access, words
from linli.fieldwork.access import CREW, Household
from linli.fieldwork.actions import visits
from linli.fieldwork.forms import WriteVisit
from linli.fieldwork.models import Visit
from linli.fieldwork.pages import outbox as phone
from linli.fieldwork.pages.frame import Frame, frame, tell
from linli.fieldwork.queries import doors
from linli.fieldwork.queries import today as days
from linli.fieldwork.rules.words import Need, Outcome, Purpose
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.grids.rules.words import Level
from linli.kernel.access import Forbidden, NotFound, policy
from linli.kernel.refusals import Refused
from linli.kernel.text import whole
from linli.people.pages.ways import Asked, language


@policy("fieldwork.visits", who=CREW)
@require_safe
def choose(request: Asked) -> HttpResponse:
    """The buildings of one's grids, and the doors of the one that was chosen."""
    made = frame(request)
    grids = access.grids_worked(made.reach)
    chosen = _building(request, made)
    context = {
        **made.context,
        "grids": [(grid.name(made.language), _buildings(grid, made)) for grid in grids],
        "building": chosen and chosen.name(made.language),
        "doors": _doors(chosen, made) if chosen else [],
    }
    return render(request, "fieldwork/choose.html", context)


def _buildings(grid: PlaceRow, made: Frame) -> list[tuple[int, str]]:
    found = places.subtree(grid.path, Level.BUILDING.value)
    return [(one.id, one.name(made.language)) for one in found if made.reach.sees(one.path)]


def _building(request: Asked, made: Frame) -> PlaceRow | None:
    asked = whole(request.GET.get("building", ""))
    place = places.place(asked) if asked else None
    if place is None:
        return None
    if place.community_id != made.community.id or not made.reach.sees(place.path):
        raise NotFound
    return place


def _doors(building: PlaceRow, made: Frame) -> list[tuple[str, list[tuple[int, str]]]]:
    """The doors of a building, unit by unit."""
    rows = places.subtree(building.path, Level.UNIT.value, Level.DWELLING.value)
    units = {row.id: row.name(made.language) for row in rows if row.level == Level.UNIT.value}
    found: dict[str, list[tuple[int, str]]] = {}
    for row in rows:
        if row.level == Level.DWELLING.value:
            unit = units.get(row.parent_id or 0, "")
            found.setdefault(unit, []).append((row.id, row.name(made.language)))
    return list(found.items())


@policy("fieldwork.visit_new", who=CREW)
@require_http_methods(["GET", "POST"])
def new(request: Asked, dwelling_id: int) -> HttpResponse:
    """Write down a visit to one household."""
    home = access.find_household(request.actor, dwelling_id, request.now)
    tongue = language(request)
    named = doors.names([dwelling_id], tongue)[dwelling_id]
    form = _form(request, home, named, request.POST or None)
    if request.method == "POST" and _written(request, form):
        return redirect("fieldwork:household", dwelling_id)
    context = {
        "community": places.place(home.grid.community_id),
        "home": home,
        "door": named,
        "form": form,
        **_phone(request),
    }
    return render(request, "fieldwork/visit.html", context, status=422 if form.errors else 200)


def _form(request: Asked, home: Household, named: str, data: Any) -> WriteVisit:
    me, tongue = request.actor.person_id, language(request)
    plans = days.plans_of(home.dwelling.id, home.reach, me, request.now, tongue)
    wanted = whole(request.GET.get("plan", ""))
    chosen = wanted if any(plan.id == wanted for plan in plans) else None
    promised = request.GET.get("why") == Purpose.FOLLOW_UP.value
    first = Purpose.CARE if chosen else Purpose.FOLLOW_UP if promised else Purpose.LISTEN
    return WriteVisit(
        data,
        doors=[(home.dwelling.id, named)],
        plans=[(plan.id, str(words.NEEDS[Need(plan.need)])) for plan in plans],
        initial={
            "dwelling": home.dwelling.id,
            "plan": chosen,
            "purpose": first.value,
            "outcome": Outcome.MET,
        },
    )


def _written(request: Asked, form: WriteVisit) -> bool:
    if not form.is_valid():
        return False
    try:
        row = _make(request, form)
    except Refused as refused:
        tell(form, refused)
    else:
        said = pgettext("visit", "Written down.")
        messages.success(request, f"{said} {_('A case was made of it.')}" if row.case_id else said)
    return not form.errors


def _make(request: Asked, form: WriteVisit) -> Visit:
    return visits.make(
        actor=request.actor,
        made=form.made(request.now),
        key=form.cleaned_data["key"] or uuid4(),
        at=request.now,
        report=form.cleaned_data["report"],
    )


@policy("fieldwork.visit_strike", who=CREW)
@require_POST
def strike(request: Asked, visit_id: int) -> HttpResponse:
    """Take back a visit that was mistaken."""
    row, home = access.find_visit(request.actor, visit_id, request.now)
    try:
        visits.strike(actor=request.actor, visit_id=row.pk, at=request.now)
        messages.success(request, pgettext("visit", "Taken back: it does not count any more."))
    except Forbidden as refused:
        messages.error(request, str(words.FAULTS[refused.code]))
    return redirect("fieldwork:household", home.dwelling.id)


# What a phone kept while it had no net (docs/offline.md)


def _phone(request: Asked) -> dict[str, Any]:
    return phone.marks(request, reverse("fieldwork:outbox"))


def offline(request: Asked, made: Frame, rows: Iterable[Any]) -> dict[str, Any]:
    """A form for the doors of one's day, that works while there is no net."""
    listed = {row.dwelling_id: row.door for row in rows}
    if not listed:
        return {}
    form = WriteVisit(doors=[("", "—"), *listed.items()], initial={"outcome": Outcome.MET}, auto_id="day-%s")
    for name in ("report", "at"):
        del form.fields[name]
    return {"form": form, **_phone(request)}


@policy("fieldwork.outbox", who=CREW)
@require_POST
def outbox(request: Asked) -> HttpResponse:
    """A visit that waited on the phone; the same one again gives the same answer."""
    if other := phone.somebody_elses(request):
        return other
    try:
        home = access.find_household(request.actor, whole(request.POST.get("dwelling", "")) or 0, request.now)
    except NotFound:
        return phone.place_gone()
    data = request.POST.copy()
    data["key"] = request.POST.get("idempotency_key", "")
    named = doors.names([home.dwelling.id], language(request))[home.dwelling.id]
    form = _form(request, home, named, data)
    if not form.is_valid() or not _kept(request, form):
        return phone.refused(form)
    told = _("Your visit to %(door)s was sent.") % {"door": named}
    way = reverse("fieldwork:household", args=[home.dwelling.id])
    return phone.said({"number": named, "url": way, "words": told}, 201)


def _kept(request: Asked, form: WriteVisit) -> bool:
    try:
        _make(request, form)
    except Refused as refused:
        tell(form, refused)
    return not form.errors
