"""Help to residents at work: written down on the phone, the resident's answer seen, calls made, kinds kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.fieldwork import access, access_services, words_services
from linli.fieldwork.actions import services as actions
from linli.fieldwork.forms_services import CallDone, GiveHelp, SayWords, SetKind, TypeCode
from linli.fieldwork.pages import outbox as phone
from linli.fieldwork.queries import kinds
from linli.fieldwork.queries import services as queries
from linli.fieldwork.rules import services as rules
from linli.grids import access as doors
from linli.grids import queries as grids
from linli.grids.pages.settings import community_of
from linli.grids.rows import PlaceRow
from linli.grids.rules.words import Level
from linli.kernel.access import NotFound, policy, roles
from linli.kernel.refusals import Refused
from linli.people.actions.contact import TooManyReveals
from linli.people.pages.ways import Asked, language

WHO = roles(*rules.HELPERS, *rules.READERS)
HELPERS, CALLERS, KEEPERS = roles(*rules.HELPERS), roles(*rules.CALLERS), roles(*rules.KEEPERS)
PER_PAGE = 30
TABS = (*queries.VIEWS, "mine", "calls")


def told(form: Form, refused: Refused) -> None:
    """Put what the rules refuse beside its field."""
    for wrong in refused.wrongs:
        field = wrong.field if wrong.field in form.fields else None
        form.add_error(field, words_services.said(wrong.code, wrong.limit))


def rows_of(request: Asked, found: list[queries.Shown]) -> list[dict[str, Any]]:
    """Services in words."""
    tongue = language(request)
    named = {one: kinds.names(one, tongue) for one in {item.row.community_id for item in found}}
    return [
        {
            "row": item.row,
            "kind": named[item.row.community_id].get(item.row.kind, item.row.kind),
            "state": item.state.value,
            "said": words_services.STATES[item.state],
            "way": words_services.WAYS[rules.Way(item.row.answered_by)] if item.row.answered_by else "",
            "worker": item.worker,
            "grid": item.grid.name(tongue) if item.grid else "",
            "door": _door(item.dwelling, tongue),
        }
        for item in found
    ]


def _door(place: PlaceRow | None, tongue: str) -> str:
    if place is None:
        return ""
    way = [one for one in grids.ancestors(place) if one.level in ("building", "unit", "dwelling")]
    return " ".join(one.name(tongue) for one in way)


@policy("fieldwork.services", who=WHO)
@require_safe
def index(request: Asked) -> HttpResponse:
    """The services of a community for those who read them; for helpers their own."""
    community, kept = community_of(request, (*rules.HELPERS, *rules.READERS))
    reads = community.id in access_services.communities_read(request.actor)
    calls = community.id in doors.communities_of(request.actor, rules.CALLERS)
    helps = community.id in doors.communities_of(request.actor, rules.HELPERS)
    tabs = [tab for tab in TABS if (helps if tab == "mine" else calls if tab == "calls" else reads)]
    view = request.GET.get("view", "")
    view = view if view in tabs else "mine" if "mine" in tabs else tabs[0]
    if view == "mine":
        found = (
            access_services.of_worker(request.actor).filter(community_id=community.id).order_by("-at", "-id")
        )
    elif view == "calls":
        found = queries.to_call(community.id, request.now, request.actor.account_id)
    else:
        found = queries.at_desk(community.id, view)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "community": community,
        "kept": kept,
        "helps": helps,
        "keeps": doors.keeps(request.actor, community.id),
        "view": view,
        "views": tabs,
        "page": page,
        "rows": rows_of(request, queries.shown(page.object_list)),
    }
    return render(request, "fieldwork/services/desk.html", context)


@dataclass(frozen=True)
class Desk:
    """The page of one who writes help down: where they help, and the form."""

    community: PlaceRow
    kept: Any
    buildings: list[tuple[PlaceRow, list[PlaceRow]]]
    chosen: PlaceRow | None
    grid: PlaceRow
    form: GiveHelp


def _desk(request: Asked, data: Any) -> Desk:
    community, kept = community_of(request, rules.HELPERS)
    worked = access.grids_worked(access.reach(request.actor, community.id, request.now))
    if not worked:
        raise NotFound
    tongue = language(request)
    buildings = [(grid, grids.subtree(grid.path, Level.BUILDING.value)) for grid in worked]
    asked = request.GET.get("building", "")
    chosen = next((one for _grid, some in buildings for one in some if str(one.id) == asked), None)
    grid = next((grid for grid in worked if chosen and chosen.path.startswith(grid.path)), worked[0])
    named = kinds.of_community(community.id, grids.day_of(request.now))
    form = GiveHelp(
        data,
        kinds=[(code, kinds.name(kind, tongue)) for code, kind in named.items()],
        doors=_doors(chosen, tongue) if chosen else (),
        initial={"at": request.now},
    )
    return Desk(community, kept, buildings, chosen, grid, form)


def _given(request: Asked, desk: Desk) -> int | None:
    """The id of the help that was written down; None, with the reasons in the form, when it was not."""
    if not desk.form.is_valid():
        return None
    try:
        made = actions.give(
            actor=request.actor,
            grid_id=desk.grid.id,
            given=desk.form.given(),
            key=desk.form.cleaned_data["key"] or uuid4(),
            at=request.now,
        )
    except Refused as refused:
        told(desk.form, refused)
        return None
    return made.service.pk


@policy("fieldwork.new_service", who=HELPERS)
@require_http_methods(["GET", "POST"])
def new(request: Asked) -> HttpResponse:
    """Write down help: choose the building first where a door is known, or leave a phone."""
    desk = _desk(request, request.POST or None)
    if request.method == "POST" and (help_id := _given(request, desk)):
        messages.success(
            request, pgettext("service", "Written down. It counts once the resident has said yes.")
        )
        return redirect("fieldwork:service", help_id)
    tongue, query = language(request), {"community": desk.community.id}
    if desk.chosen:
        query["building"] = desk.chosen.id
    context = {
        "form": desk.form,
        "kept": desk.kept,
        "community": desk.community,
        "buildings": [(one.name(tongue), some) for one, some in desk.buildings],
        "chosen": desk.chosen,
        **phone.marks(request, reverse("fieldwork:service_outbox", query=query)),
    }
    return render(request, "fieldwork/services/new.html", context, status=422 if desk.form.errors else 200)


@policy("fieldwork.service_outbox", who=HELPERS)
@require_POST
def outbox(request: Asked) -> HttpResponse:
    """Help that waited on the phone; the same one again gives the same answer."""
    if other := phone.somebody_elses(request):
        return other
    data = request.POST.copy()
    data["key"] = request.POST.get("idempotency_key", "")
    try:
        desk = _desk(request, data)
        help_id = _given(request, desk)
    except NotFound:
        return phone.place_gone()
    if help_id is None:
        return phone.refused(desk.form)
    way = reverse("fieldwork:service", args=[help_id])
    return phone.said({"number": str(help_id), "url": way, "words": _("What you wrote down was sent.")}, 201)


def _doors(building: PlaceRow, tongue: str) -> list[tuple[int, str]]:
    every = grids.subtree(building.path, Level.UNIT.value, Level.DWELLING.value)
    units = {one.id: f"{one.name(tongue)} " for one in every if one.level == Level.UNIT.value}
    return [
        (one.id, f"{units.get(one.parent_id or 0, '')}{one.name(tongue)}")
        for one in every
        if one.level == Level.DWELLING.value
    ]


@policy("fieldwork.service", who=HELPERS)
@require_http_methods(["GET", "POST"])
def service(request: Asked, help_id: int) -> HttpResponse:
    """One that I wrote down: type the code, take it back, answer a denial."""
    row = access_services.find_of_worker(request.actor, help_id)
    which = request.POST.get("form", "")
    code = TypeCode(request.POST if which == "code" else None)
    words = SayWords(request.POST if which == "reply" else None)
    if which == "code" and _did(
        code, lambda: actions.confirm_by_code(
            actor=request.actor, service_id=row.pk, typed=code.cleaned_data["code"], at=request.now
        )
    ):  # fmt: skip
        messages.success(request, pgettext("service", "Confirmed."))
        return redirect("fieldwork:service", row.pk)
    if which == "reply" and _did(
        words, lambda: actions.reply(
            actor=request.actor, service_id=row.pk, words=words.cleaned_data["words"], at=request.now
        )
    ):  # fmt: skip
        messages.success(request, pgettext("service", "Your answer stands beside it."))
        return redirect("fieldwork:service", row.pk)
    row.refresh_from_db()
    shown = rows_of(request, queries.shown([row]))[0]
    context = {"item": shown, "code": code, "words": words, "answers": said_of(row.pk)}
    wrong = bool(code.errors or words.errors)
    return render(request, "fieldwork/services/one.html", context, status=422 if wrong else 200)


def said_of(service_id: int) -> list[dict[str, Any]]:
    """The answers to a service in words."""
    return [
        {
            "one": one,
            "said": words_services.SAID[rules.Called(one.said)],
            "way": words_services.WAYS[rules.Way(one.way)],
        }
        for one in queries.answers(service_id)
    ]


def _did(form: Form, act: Any) -> bool:
    if not form.is_valid():
        return False
    try:
        act()
    except Refused as refused:
        told(form, refused)
    return not form.errors


@policy("fieldwork.withdraw_service", who=HELPERS)
@require_POST
def withdraw(request: Asked, help_id: int) -> HttpResponse:
    """It was a mistake: take it back."""
    try:
        actions.withdraw(actor=request.actor, service_id=help_id, at=request.now)
        messages.success(request, pgettext("service", "Taken back: it counts for nothing."))
    except Refused as refused:
        messages.error(request, words_services.said(refused.wrongs[0].code))
    return redirect("fieldwork:service", help_id)


@policy("fieldwork.call_service", who=CALLERS)
@require_http_methods(["GET", "POST"])
def call(request: Asked, help_id: int) -> HttpResponse:
    """Call the resident: the number is shown on asking, which is written down; then what was said."""
    row = access_services.find_to_call(request.actor, help_id)
    form = CallDone(request.POST if "done" in request.POST else None, initial={"calls": row.calls})
    if form.is_bound and _did(
        form, lambda: actions.called(
            actor=request.actor,
            service_id=row.pk,
            done=rules.Called(form.cleaned_data["done"]),
            words=form.cleaned_data["words"],
            calls=form.cleaned_data["calls"],
            at=request.now,
        )
    ):  # fmt: skip
        messages.success(request, pgettext("service", "Written down."))
        return redirect(f"/desk/help/?view=calls&community={row.community_id}")
    number, asked = None, request.method == "POST" and "show" in request.POST
    if asked:
        try:
            number = actions.number(actor=request.actor, service_id=row.pk, at=request.now)
        except TooManyReveals:
            messages.error(request, pgettext("service", "You have looked at many numbers. Go on in an hour."))
            asked = False
    context = {
        "item": rows_of(request, queries.shown([row]))[0],
        "form": form,
        "number": number,
        "asked": asked,
        "answers": said_of(row.pk),
    }
    return render(request, "fieldwork/services/call.html", context, status=422 if form.errors else 200)


@policy("fieldwork.service_kinds", who=KEEPERS)
@require_http_methods(["GET", "POST"])
def settings(request: Asked) -> HttpResponse:
    """The kinds of help of a community: shipped ones, and its own from a day on."""
    community, kept = community_of(request, rules.KEEPERS)
    today = grids.day_of(request.now)
    form = SetKind(request.POST or None, initial={"from_date": today})
    if form.is_bound and _did(
        form, lambda: actions.set_kind(
            actor=request.actor, community_id=community.id, kind=form.kind(), at=request.now
        )
    ):  # fmt: skip
        messages.success(request, pgettext("service", "Saved."))
        return redirect(f"{request.path}?community={community.id}")
    held, tongue = kinds.of_community(community.id, today), language(request)
    context = {
        "community": community,
        "kept": kept,
        "form": form,
        "held": [(code, kinds.name(kind, tongue), kind) for code, kind in held.items()],
        "own": kinds.own(community.id),
        "current": "fieldwork:service_kinds",
    }
    return render(request, "fieldwork/services/settings.html", context, status=422 if form.errors else 200)
