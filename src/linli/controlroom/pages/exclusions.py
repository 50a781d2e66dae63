"""Single cases left out of rates: asked for, decided by a second person, lifted; all of it open to every reader."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases import access as cases
from linli.cases.pages import telling
from linli.cases.pages.here import Asked
from linli.cases.rules.intake import Refused
from linli.controlroom import access, saying, words
from linli.controlroom.actions import exclusions as deciding
from linli.controlroom.forms import ExclusionForm, VerdictForm
from linli.controlroom.models import Exclusion
from linli.controlroom.pages import frame
from linli.controlroom.pages.frame import Room
from linli.controlroom.rules import exclusions as rules
from linli.kernel.access import Forbidden, NotFound, policy, roles
from linli.people import queries as people

SIZE = 30
VIEWS = {
    "waiting": Q(decided_at__isnull=True, lifted_at__isnull=True),
    "holding": Q(granted=True, lifted_at__isnull=True),
    "ended": Q(granted=False) | Q(lifted_at__isnull=False),
}


@policy("control.exclusions", who=frame.READERS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """What waits for a decision, what holds, and what ended, page by page."""
    room = frame.room(request)
    return _page(room, VerdictForm(), 0)


def _page(room: Room, form: VerdictForm, wrong_at: int) -> HttpResponse:
    request = room.request
    found = access.exclusions(request.actor, room.community_id)
    view = request.GET.get("view") or "waiting"
    number = request.GET.get("page", "1")
    if view not in VIEWS or not (number.isascii() and number.isdigit() and 0 < int(number[:6]) < 100_000):
        raise NotFound
    start = (int(number) - 1) * SIZE
    rows = list(found.filter(VIEWS[view])[start : start + SIZE + 1])
    names = people.names(
        {
            person
            for row in rows
            for person in (row.asked_by_id, row.decided_by_id, row.lifted_by_id)
            if person
        }
    )
    context = {
        "view": view,
        "views": [(key, said, found.filter(VIEWS[key]).count()) for key, said in _views()],
        "exclusions": [_row(room, row, names) for row in rows[:SIZE]],
        "page": int(number),
        "more": len(rows) > SIZE,
        "form": form,
        "wrong_at": wrong_at,
    }
    return room.show("controlroom/exclusions.html", "exclusions", context, status=422 if form.errors else 200)


def _views() -> list[tuple[str, str]]:
    return [
        ("waiting", _("Waiting for a decision")),
        ("holding", _("Left out")),
        ("ended", _("Refused or lifted")),
    ]


def _row(room: Room, row: Exclusion, names: dict[int, str]) -> dict[str, Any]:
    standing = deciding.standing(row)
    return {
        "row": row,
        "title": telling.headline(row.case),
        "codes": saying.several(words.label(words.FIGURES, code) for code in row.codes) or _("all rates"),
        "reason": words.label(words.EXCLUSION_REASONS, row.reason),
        "asked_by": names.get(row.asked_by_id, ""),
        "decided_by": names.get(row.decided_by_id or 0, ""),
        "lifted_by": names.get(row.lifted_by_id or 0, ""),
        "own": row.asked_by_id == room.request.actor.account_id,
        "open": not rules.may_decide(standing, room.request.actor.account_id),
        "liftable": not rules.may_lift(standing),
    }


@policy("control.ask_exclusion", who=roles(*access.ASKERS))
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Asked, number: str) -> HttpResponse:
    """Ask that one case be left out; it counts until somebody else has agreed."""
    case = cases.find_at_work(request.actor, number)
    room = frame.room(request, access.ASKERS, community_id=case.community_id)
    chosen = [code for code in request.GET.getlist("code") if code in rules.EXCLUDABLE]
    form = ExclusionForm(request.POST or None, initial={"codes": chosen})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            deciding.ask(
                actor=request.actor, number=number, codes=data["codes"], reason=data["reason"], why=data["why"],
                at=request.now,
            )  # fmt: skip
        except Refused as refused:
            form.say(refused.wrongs)
        else:
            messages.success(request, _("Asked for. The case counts until somebody else has agreed."))
            return redirect("control-exclusions")
    context = {"case": case, "title": telling.headline(case), "form": form}
    return room.show("controlroom/exclude.html", "exclusions", context, status=422 if form.errors else 200)


@policy("control.decide_exclusion", who=roles(*access.DECIDERS))
@require_POST
def decide(request: Asked, exclusion_id: int) -> HttpResponse:
    """Grant or refuse; whoever asked may not."""
    room = frame.room(request, access.DECIDERS)
    held = access.exclusion(request.actor, exclusion_id)
    form = VerdictForm(request.POST)
    if not form.is_valid():
        return _page(room, form, held.pk)
    granted = request.POST.get("granted") == "yes"
    try:
        deciding.decide(
            actor=request.actor, exclusion_id=exclusion_id, granted=granted, answer=form.cleaned_data["answer"],
            at=request.now,
        )  # fmt: skip
    except Refused as refused:
        form.say(refused.wrongs)
        return _page(room, form, held.pk)
    except Forbidden as forbidden:
        return _hindered(request, forbidden)
    messages.success(
        request, _("Granted. The case no longer counts.") if granted else _("Refused. The case counts.")
    )
    return redirect("control-exclusions")


@policy("control.lift_exclusion", who=roles(*access.ASKERS))
@require_POST
def lift(request: Asked, exclusion_id: int) -> HttpResponse:
    """Let the case count again, or take back what was asked."""
    frame.room(request, access.ASKERS)
    try:
        deciding.lift(actor=request.actor, exclusion_id=exclusion_id, at=request.now)
    except Forbidden as forbidden:
        return _hindered(request, forbidden)
    messages.success(request, _("The case counts."))
    return redirect("control-exclusions")


def _hindered(request: Asked, forbidden: Forbidden) -> HttpResponse:
    """Somebody was faster, or it is for another person: say so on the list.

    :raises Forbidden: for every other reason.
    """
    said = {
        "already_decided": _("Somebody has decided this already."),
        "already_ended": _("This has ended already."),
        "needs_another_person": _("You asked for it; somebody else decides."),
    }
    if forbidden.code not in said:
        raise forbidden
    messages.error(request, said[forbidden.code])
    return redirect("control-exclusions")
