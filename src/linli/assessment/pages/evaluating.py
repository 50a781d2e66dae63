"""七清七掌握: an evaluator's sheets on the phone, the rounds at the desk, the community's own list in the settings."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.assessment import access, words
from linli.assessment.actions import evaluating as actions
from linli.assessment.forms_evaluating import ListForm, SheetForm
from linli.assessment.models import EvaluationSheet
from linli.assessment.queries import evaluating as asked
from linli.assessment.rules import checklist
from linli.assessment.rules.runs import KEEPERS, READERS
from linli.cases.pages import settings_beside
from linli.faces.languages import reads_english
from linli.grids import queries as places
from linli.grids.pages.settings import community_of
from linli.kernel.access import STAFF, Forbidden, policy, roles
from linli.kernel.refusals import Outdated, Refused
from linli.people import queries as people
from linli.people.pages.ways import Asked, language


def _english(request: Asked) -> bool:
    return reads_english(language(request))


@policy("assessment.sheets", who=STAFF)
@require_safe
def sheets(request: Asked) -> HttpResponse:
    """The sheets one is to write."""
    found = asked.mine(request.actor.staff_communities, request.actor.person_id)
    names = people.names({sheet.worker_id for sheet in found})
    rows = [
        {"sheet": sheet, "name": names.get(sheet.worker_id, ""), "grid": _grid(sheet, request)}
        for sheet in found
    ]
    return render(request, "assessment/sheets.html", {"rows": rows, "tab": "me"})


def _grid(sheet: EvaluationSheet, request: Asked) -> str:
    grid = sheet.grid
    return str(grid.name_en if _english(request) and grid.name_en else grid.name_zh)


@policy("assessment.sheet", who=STAFF)
@require_http_methods(["GET", "POST"])
def sheet(request: Asked, sheet_id: int) -> HttpResponse:
    """One sheet: a mark for each item, what was missing, the doors that were asked."""
    found = access.find_sheet(request.actor, sheet_id)
    listed = asked.checklist_of(found.round)
    items = [(code, listed.words(code, english=_english(request))) for code in found.drawn_items]
    doors = places.places(found.drawn_homes)
    homes = [(one, _door(request, one, doors)) for one in found.drawn_homes if one in doors]
    held = {"version": found.version, **found.marks}
    held |= {f"why_{code}": why for code, why in asked.evidence(found).items()}
    form = SheetForm(request.POST or None, initial=held, asked=items, homes=homes)
    if request.method == "POST" and form.is_valid() and _write(request, found, form):
        messages.success(request, _("Saved. Until the round closes you may change it."))
        return redirect("assessment:sheets")
    context = {
        "sheet": found,
        "form": form,
        "name": people.names([found.worker_id]).get(found.worker_id, ""),
        "grid": _grid(found, request),
        "items": [(form[code], form[f"why_{code}"]) for code, _words in items],
        "homes": [form[f"home_{home}"] for home, _words in homes],
        "closed": found.round.closed_at is not None,
        "tab": "me",
    }
    return render(request, "assessment/sheet.html", context, status=422 if form.errors else 200)


def _door(request: Asked, place_id: int, doors: dict[int, Any]) -> str:
    way = [each for each in places.ancestors(doors[place_id]) if each.depth > 2]
    return " ".join(each.name(language(request)) for each in way)


def _write(request: Asked, found: EvaluationSheet, form: SheetForm) -> bool:
    try:
        actions.write_sheet(
            actor=request.actor,
            sheet_id=found.pk,
            marks=form.marks(),
            evidence=form.evidence(),
            version=form.cleaned_data["version"],
            at=request.now,
        )
    except Refused as refused:
        for wrong in refused.wrongs:
            field = f"why_{wrong.field}" if wrong.code in {"no_evidence", "too_long"} else wrong.field
            form.add_error(field, str(words.FAULTS[wrong.code]))
    except Outdated:
        form.add_error(None, str(words.FAULTS["outdated"]))
    except Forbidden as problem:
        form.add_error(None, str(words.FAULTS[problem.code]))
    return not form.errors


@policy("assessment.evaluations", who=roles(*READERS))
@require_safe
def rounds(request: Asked) -> HttpResponse:
    """The rounds of a community: how far they are, what came of those that are closed."""
    community, kept = community_of(request, READERS)
    found = asked.rounds(community.id)
    chosen = next((one for one in found if str(one.id) == request.GET.get("round", "")), None)
    chosen = chosen or (found[0] if found else None)
    today = places.day_of(request.now)
    since, until = checklist.quarter(today)
    context = {
        "community": community,
        "kept": kept,
        "rounds": found,
        "chosen": chosen,
        "rows": _round_rows(request, chosen) if chosen else [],
        "listed": asked.checklist(community.id),
        "may_open": all(one.since_date != since for one in found)
        and request.actor.has(*KEEPERS, community_id=community.id),
        "quarter": (since, until),
        "current": "evaluations",
    }
    return render(request, "assessment/desk_evaluations.html", context)


def _round_rows(request: Asked, chosen: asked.RoundRow) -> list[dict[str, Any]]:
    by_worker: dict[int, list[EvaluationSheet]] = {}
    for one in asked.of_round(chosen.id):
        by_worker.setdefault(one.worker_id, []).append(one)
    names = people.names({*by_worker, *(one.evaluator_id for held in by_worker.values() for one in held)})
    return [
        {
            "name": names.get(worker, ""),
            "grid": _grid(held[0], request),
            "evaluators": [(names.get(one.evaluator_id, ""), one.written_at) for one in held],
            "evaluated": asked.summed([one for one in held if one.written_at]) if chosen.closed_at else None,
        }
        for worker, held in by_worker.items()
    ]


@policy("assessment.open_evaluation", who=roles(*KEEPERS))
@require_POST
def open_round(request: Asked) -> HttpResponse:
    """Open the round of this quarter now."""
    community, _kept = community_of(request, KEEPERS)
    since, until = checklist.quarter(places.day_of(request.now))
    try:
        made = actions.open_round(
            actor=request.actor, community_id=community.id, since=since, until=until, at=request.now
        )
    except Forbidden as problem:
        messages.error(request, str(words.FAULTS[problem.code]))
    else:
        messages.success(request, _("The round is open.") if made else _("The round was open already."))
    return HttpResponseRedirect(f"{reverse('assessment:evaluations')}?community={community.id}")


@policy("assessment.settings_checklist", who=roles(*KEEPERS))
@require_http_methods(["GET", "POST"])
def settings_checklist(request: Asked) -> HttpResponse:
    """The community's own seven and seven."""
    community, kept = community_of(request, KEEPERS)
    held = asked.checklist(community.id)
    items = held.items if held else checklist.shipped()
    usual = actions.Asking()
    initial = {
        "asked": held.asking.asked if held else usual.asked,
        "homes": held.asking.homes if held else usual.homes,
        "sheets": held.asking.sheets if held else usual.sheets,
        "on": held.on if held else usual.on,
    }
    form = ListForm(request.POST or None, items=items, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_checklist(
                actor=request.actor,
                community_id=community.id,
                items=form.items(),
                asking=form.asking(),
                key=form.cleaned_data["key"] or uuid4(),
                at=request.now,
            )
        except Refused as refused:
            for wrong in refused.wrongs:
                form.add_error(None, f"{wrong.field}: {words.FAULTS[wrong.code]}")
        else:
            messages.success(request, _("Saved. Rounds that are open keep the list they began with."))
            return HttpResponseRedirect(
                f"{reverse('assessment:settings_checklist')}?community={community.id}"
            )
    context = {
        "community": community,
        "kept": kept,
        "form": form,
        "held": held,
        "pairs": [(item, form[f"{item.code}_zh"], form[f"{item.code}_en"]) for item in items],
        "asking": [form[name] for name in ("asked", "homes", "sheets", "on")],
        "current": "assessment:settings",
        "brought": settings_beside.pages(),
    }
    return render(request, "assessment/settings_checklist.html", context, status=422 if form.errors else 200)
