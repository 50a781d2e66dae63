"""Hand-overs: a grid's open work offered to a colleague, looked through and taken, one by one or all."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.fieldwork import access, words
from linli.fieldwork.access import CREW
from linli.fieldwork.actions import handing
from linli.fieldwork.forms import OfferWork
from linli.fieldwork.models import HandOver
from linli.fieldwork.pages.frame import Frame, done, frame
from linli.fieldwork.queries import handing as lists
from linli.fieldwork.rules.words import ItemKind, WhyHandOver
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.kernel.access import Forbidden, policy
from linli.kernel.refusals import Outdated, Refused
from linli.kernel.text import whole
from linli.people import queries as people
from linli.people.pages.ways import Asked, language


@policy("fieldwork.handovers", who=CREW)
@require_safe
def index(request: Asked) -> HttpResponse:
    """The hand-overs one has to do with: what waits, what was."""
    made = frame(request)
    rows = lists.listed(
        made.community.id, None if made.reach.leads else request.actor.person_id, made.language
    )
    names = people.names({each for row in rows for each in (row.giver_id, row.receiver_id)})
    context = {
        **made.context,
        "rows": [(row, names.get(row.giver_id, ""), names.get(row.receiver_id, "")) for row in rows],
        "grids": [(grid.id, grid.name(made.language)) for grid in access.grids_worked(made.reach)],
    }
    return render(request, "fieldwork/handovers.html", context)


@policy("fieldwork.handover_new", who=CREW)
@require_http_methods(["GET", "POST"])
def new(request: Asked, grid_id: int) -> HttpResponse:
    """Offer what is open in a grid."""
    made = frame(request)
    grid, reach = access.find_grid(request.actor, grid_id, request.now)
    me = request.actor.person_id
    giver = (whole(request.GET.get("giver", "")) or me) if reach.leads else me
    form = _form(request, made, grid, giver)
    if request.method == "POST" and done(form, lambda: _offer(request, grid, form)):
        messages.success(request, pgettext("hand-over", "Offered. Your colleague sees it under “My day”."))
        return redirect("fieldwork:handovers")
    context = {
        **made.context,
        "grid": grid,
        "grid_name": grid.name(made.language),
        "form": form,
        "giver": giver,
        "items": _told(lists.open_of(made.community.id, grid.id, giver, made.language, request.now)),
    }
    return render(request, "fieldwork/handover_new.html", context, status=422 if form.errors else 200)


def _form(request: Asked, made: Frame, grid: PlaceRow, giver: int) -> OfferWork:
    team = access.team_of(grid, request.now)
    names = people.names({*team, giver})
    every = [(account, names.get(account) or duty.person) for account, duty in team.items()]
    mine = [(giver, names.get(giver, ""))]
    return OfferWork(
        request.POST or None,
        givers=every if made.reach.leads else mine,
        receivers=[one for one in every if made.reach.leads or one[0] != giver],
        initial={"giver": giver},
    )


def _offer(request: Asked, grid: PlaceRow, form: OfferWork) -> None:
    handing.offer(
        actor=request.actor,
        offer=form.offer(grid.id),
        key=form.cleaned_data["key"] or uuid4(),
        at=request.now,
    )


def _told(items: list[lists.ItemRow]) -> list[dict[str, Any]]:
    return [{"row": item, "kind": words.ITEMS[ItemKind(item.kind)]} for item in items]


@policy("fieldwork.handover", who=CREW)
@require_safe
def handover(request: Asked, handover_id: int) -> HttpResponse:
    """One of them, with its items."""
    row = access.find_handover(request.actor, handover_id)
    names = people.names([row.giver_id, row.receiver_id, row.offered_by_id])
    grid = places.place(row.grid_id)
    context = {
        "community": places.place(row.community_id),
        "row": row,
        "grid": grid.name(language(request)) if grid else "",
        "giver": names.get(row.giver_id, ""),
        "receiver": names.get(row.receiver_id, ""),
        "why": words.WHY_HAND_OVER[WhyHandOver(row.why)],
        "items": _told(lists.items_of(row, language(request), request.now)),
        "waits": row.accepted_at is None and row.declined_at is None,
        "mine": row.receiver_id == request.actor.account_id,
    }
    return render(request, "fieldwork/handover.html", context)


@policy("fieldwork.handover_answer", who=CREW)
@require_POST
def answer(request: Asked, handover_id: int) -> HttpResponse:
    """Take it over, all or what was ticked; or not."""
    row = access.find_handover(request.actor, handover_id)
    try:
        messages.success(request, _answered(request, row))
    except Outdated:
        messages.error(request, str(words.OUTDATED))
    except Forbidden as refused:
        messages.error(request, str(words.FAULTS[refused.code]))
    except Refused as refused_:
        messages.error(request, str(words.FAULTS[refused_.wrongs[0].code]))
    return redirect("fieldwork:handover", handover_id)


def _answered(request: Asked, row: HandOver) -> str:
    verb = request.POST.get("verb", "")
    if verb == "decline":
        handing.decline(actor=request.actor, handover_id=row.pk, at=request.now)
        return pgettext("hand-over", "Not taken over. Everything stays where it was.")
    chosen = {found for found in map(whole, request.POST.getlist("item")) if found}
    only = None if verb == "all" else chosen
    handing.accept(actor=request.actor, handover_id=row.pk, at=request.now, only=only)
    return pgettext("hand-over", "Taken over.")
