"""A household: what was done for it, its plans of care; words only behind a button that is written down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from linli.cases.queries import held
from linli.fieldwork import access, words
from linli.fieldwork.access import CREW, Household
from linli.fieldwork.actions import plans, reading
from linli.fieldwork.forms import EndCare, PlanCare
from linli.fieldwork.pages.frame import done
from linli.fieldwork.queries import doors, households
from linli.fieldwork.queries import today as days
from linli.fieldwork.rules import visits as rules
from linli.fieldwork.rules.words import Need, Outcome, PlanEnd, Purpose
from linli.grids import queries as places
from linli.kernel.access import policy
from linli.people import queries as people
from linli.people.pages.ways import Asked, language

FIRST_SPAN = timedelta(days=180)


@policy("fieldwork.household", who=CREW)
@require_http_methods(["GET", "POST"])
def household(request: Asked, dwelling_id: int) -> HttpResponse:
    """Its visits and plans; the words once they are asked for; a form for another plan."""
    home = access.find_household(request.actor, dwelling_id, request.now)
    which = request.POST.get("form", "") if request.method == "POST" else ""
    form = _plan_form(request, home, request.POST if which == "plan" else None)
    if which == "plan" and done(form, lambda: _plan(request, home, form)):
        messages.success(request, pgettext("care plan", "Planned."))
        return redirect("fieldwork:household", dwelling_id)
    shown = _read(request, home) if which == "words" else None
    context = {
        "community": places.place(home.grid.community_id),
        "home": home,
        "grid": home.grid.name(language(request)),
        "door": doors.names([dwelling_id], language(request))[dwelling_id],
        "plans": _plans(request, home, shown),
        "visits": _visits(request, home, shown),
        "read": shown is not None,
        "form": form,
    }
    return render(request, "fieldwork/household.html", context, status=422 if form.errors else 200)


def _read(request: Asked, home: Household) -> reading.Words | None:
    try:
        return reading.read(actor=request.actor, dwelling_id=home.dwelling.id, at=request.now)
    except reading.TooManyReveals:
        messages.error(request, _("You have looked at many people within the hour. Try again later."))
        return None


def _plan_form(request: Asked, home: Household, data: Any) -> PlanCare:
    team = access.team_of(home.grid, request.now)
    names = people.names(team)
    today = places.day_of(request.now)
    health = home.reach.leads and places.setting(home.grid.community_id, "care_health", request.now)
    me = request.actor.person_id
    return PlanCare(
        data,
        team_=[(account, names.get(account) or duty.person) for account, duty in team.items()],
        health=health,
        initial={"from_date": today, "until_date": today + FIRST_SPAN, "worker": me if me in team else None},
    )


def _plan(request: Asked, home: Household, form: PlanCare) -> None:
    plans.plan(
        actor=request.actor,
        planned=form.planned(home.dwelling.id),
        key=form.cleaned_data["key"] or uuid4(),
        at=request.now,
        worker_id=form.cleaned_data["worker"],
    )


def _plans(request: Asked, home: Household, shown: reading.Words | None) -> list[dict[str, Any]]:
    me = request.actor.person_id
    rows = days.plans_of(home.dwelling.id, home.reach, me, request.now, language(request))
    names = people.names({row.for_id for row in rows})
    return [
        {
            "row": row,
            "need": words.NEEDS[Need(row.need)],
            "worker": names.get(row.for_id, ""),
            "words": shown.plans.get(row.id, "") if shown else "",
            "end": EndCare(auto_id=f"end-{row.id}-%s"),
        }
        for row in rows
    ]


def _visits(request: Asked, home: Household, shown: reading.Words | None) -> list[dict[str, Any]]:
    rows = households.history(home, request.actor)
    cases = held.told(home.grid.community_id, [row.case_id for row in rows if row.case_id], at=request.now)
    return [
        {
            "row": row,
            "purpose": words.PURPOSES[Purpose(row.purpose)],
            "outcome": words.OUTCOMES[Outcome(row.outcome)],
            "words": shown.visits.get(row.id, "") if shown else "",
            "case": cases[row.case_id].number if row.case_id in cases else "",
            "mine": row.worker_id == request.actor.account_id
            and not row.struck
            and rules.may_strike(row.made_at, request.now),
        }
        for row in rows
    ]


@policy("fieldwork.plan_end", who=CREW)
@require_POST
def end_plan(request: Asked, plan_id: int) -> HttpResponse:
    """A plan of care is over."""
    row, home = access.find_plan(request.actor, plan_id, request.now)
    form = EndCare(request.POST)
    if form.is_valid():
        plans.end(actor=request.actor, plan_id=row.pk, why=PlanEnd(form.cleaned_data["why"]), at=request.now)
        messages.success(request, pgettext("care plan", "Ended."))
    return redirect("fieldwork:household", home.dwelling.id)
