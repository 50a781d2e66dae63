"""Appeals and adjustments at the desk: read, decided by whoever may; honours given and taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.assessment import access, saying, words
from linli.assessment.actions import adjusting, appeals
from linli.assessment.actions import stars as honouring
from linli.assessment.forms import Choices, DecideAdjustment, DecideAppeal, HonourForm, ProposeAdjustment
from linli.assessment.pages import showing
from linli.assessment.pages.desk import DESK, at_desk, community_of_run
from linli.assessment.queries import objections, stars
from linli.assessment.queries import runs as runs_of
from linli.assessment.queries.objections import AdjustmentRow, AppealRow
from linli.assessment.queries.runs import RunRow
from linli.assessment.rules.rows import SOURCES, Corrected
from linli.assessment.rules.runs import DECIDERS, KEEPERS, REVIEWERS, Ruling
from linli.grids import queries as places
from linli.grids import queries_plates as plates
from linli.grids.pages.settings import community_of
from linli.kernel.access import Forbidden, NotFound, policy, roles
from linli.kernel.refusals import Refused
from linli.people import queries as people
from linli.people.pages.ways import Asked, language

LEFT_OUT = "out"


@policy("assessment.appeals", who=roles(*DESK))
@require_http_methods(["GET"])
def index(request: Asked) -> HttpResponse:
    """All appeals and adjustments, those that wait first."""
    community, kept = community_of(request, DESK)
    found = sorted(objections.appeals(community.id), key=lambda one: one.state != Ruling.OPEN)
    asked = sorted(objections.adjustments(community.id), key=lambda one: one.granted is not None)
    runs = {one.run_id: runs_of.one(one.run_id) for one in found}
    context = at_desk(
        request, community, kept, "appeals",
        appeals=[_appeal_row(request, one, runs[one.run_id]) for one in found],
        adjustments=[
            {"row": one, "reason": words.said(words.REASONS, one.reason),
             "name": people.names([one.subject_id]).get(one.subject_id, "")}
            for one in asked
        ],
    )  # fmt: skip
    return render(request, "assessment/appeals.html", context)


def _appeal_row(request: Asked, one: AppealRow, run: RunRow | None) -> dict[str, Any]:
    named = (
        saying.subjects(run, showing.scheme_of(run).level, [one.subject_id], language(request)) if run else {}
    )
    return {
        "row": one,
        "run": run,
        "period": saying.period(run.since_date, run.until_date) if run else "",
        "name": named[one.subject_id].name if one.subject_id in named else "",
        "indicator": saying.indicator(one.indicator, english=showing.english(request)),
        "ruling": words.said(words.RULINGS, one.state),
    }


@policy("assessment.decide_appeal", who=roles(*DESK))
@require_http_methods(["GET", "POST"])
def appeal(request: Asked, appeal_id: int) -> HttpResponse:
    """One appeal: what is said, the part with its rows, and the decision."""
    access.find_appeal(request.actor, appeal_id)
    found = objections.appeal(appeal_id)
    run = runs_of.one(found.run_id) if found else None
    if found is None or run is None or not access.reads_all(request.actor, found.community_id):
        raise NotFound
    held = next(
        (one for one in runs_of.parts(run.id, found.subject_id) if one.indicator == found.indicator), None
    )
    shown = showing.behind(request.actor, run, held) if held else {}
    rows: Choices = [
        (str(one.id), f"{one.words} {one.why}".strip()) for group in shown.values() for one in group
    ]
    form = DecideAppeal(
        request.POST or None, rows=rows, ways=ways(held.source if held else ""),
        initial={"row": str(found.row_id or "")},
    )  # fmt: skip
    if (
        request.method == "POST"
        and form.is_valid()
        and _decide(request, found, held.source if held else "", form)
    ):
        messages.success(request, _("Decided. The person reads your answer."))
        return HttpResponseRedirect(f"{reverse('assessment:appeals')}?community={found.community_id}")
    community, kept = community_of_run(request, run)
    context = at_desk(
        request, community, kept, "appeals",
        **_appeal_row(request, found, run),
        appeal=found,
        part=showing.part(request, held) if held else None,
        behind=shown,
        form=form if found.state == Ruling.OPEN else None,
        may_decide=request.actor.has(*DECIDERS, community_id=found.community_id),
        decided_by=people.names([found.decided_by_id]).get(found.decided_by_id) if found.decided_by_id else "",
    )  # fmt: skip
    return render(request, "assessment/desk_appeal.html", context, status=422 if form.errors else 200)


def ways(source: str) -> Choices:
    """How a row can be put right: left out, or one of its yes-or-no columns set."""
    kind = SOURCES.get(source)
    flags = [one.name for one in fields(kind) if str(one.type).startswith("bool")] if kind else []
    named = [(one, words.COLUMNS[one]) for one in flags if one in words.COLUMNS]
    return [
        (LEFT_OUT, _("Leave this row out")),
        *(
            (f"{one}:{value}", f"{said}: {told}")
            for one, said in named
            for value, told in (("yes", _("yes")), ("no", _("no")))
        ),
    ]  # fmt: skip


def _decide(request: Asked, found: AppealRow, source: str, form: DecideAppeal) -> bool:
    won = form.cleaned_data["won"] == "yes"
    return tried(
        form,
        lambda: appeals.decide(
            actor=request.actor,
            appeal_id=found.id,
            won=won,
            answer=form.cleaned_data["answer"],
            corrections=[_correction(found, source, form)] if won and form.cleaned_data["row"] else [],
            at=request.now,
        ),
    )


def _correction(found: AppealRow, source: str, form: DecideAppeal) -> Corrected:
    row, how = int(form.cleaned_data["row"]), form.cleaned_data["how"] or LEFT_OUT
    if how == LEFT_OUT:
        return Corrected(found.id, source, row)
    column, _colon, value = how.partition(":")
    return Corrected(found.id, source, row, column, value == "yes")


def tried(form: Form, act: Callable[[], object]) -> bool:
    """Whether it was done; what is wrong stands in the form."""
    try:
        act()
    except Refused as refused:
        for wrong in refused.wrongs:
            told = words.said(words.FAULTS, wrong.code)
            form.add_error(wrong.field if wrong.field in form.fields else None, told)
    except Forbidden as problem:
        form.add_error(None, words.said(words.FAULTS, problem.code))
    return not form.errors


@policy("assessment.adjust", who=roles(*REVIEWERS))
@require_http_methods(["GET", "POST"])
def adjust(request: Asked, run_id: int) -> HttpResponse:
    """Ask that points be given or taken; somebody else decides."""
    run = runs_of.as_row(access.find_run(request.actor, run_id))
    scheme = showing.scheme_of(run)
    scores = runs_of.scores(run.id)
    named = saying.subjects(run, scheme.level, [one.subject_id for one in scores], language(request))
    form = ProposeAdjustment(
        request.POST or None,
        subjects=[(str(who), f"{one.name} {one.place}".strip()) for who, one in named.items()],
        reasons=[(code, str(said)) for code, said in words.REASONS.items()],
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if tried(
            form,
            lambda: adjusting.propose(
                actor=request.actor,
                run_id=run.id,
                subject_id=int(given["subject"]),
                points=int(given["points"] * 1000),
                reason=given["reason"],
                why=given["why"],
                evidence=given["evidence"],
                key=given["key"] or uuid4(),
                at=request.now,
            ),
        ):
            messages.success(request, _("Asked. A second person decides."))
            return HttpResponseRedirect(f"{reverse('assessment:appeals')}?community={run.community_id}")
    community, kept = community_of_run(request, run)
    context = at_desk(
        request, community, kept, "appeals",
        run=run, form=form, period=saying.period(run.since_date, run.until_date),
    )  # fmt: skip
    return render(request, "assessment/adjust.html", context, status=422 if form.errors else 200)


@policy("assessment.decide_adjustment", who=roles(*DESK))
@require_http_methods(["GET", "POST"])
def adjustment(request: Asked, adjustment_id: int) -> HttpResponse:
    """One adjustment and the second person's decision."""
    row = access.find_adjustment(request.actor, adjustment_id)
    found = next(one for one in objections.adjustments(row.community_id) if one.id == adjustment_id)
    form = DecideAdjustment(request.POST or None)
    if request.method == "POST" and form.is_valid() and tried(form, lambda: _grant(request, found, form)):
        messages.success(request, _("Decided."))
        return HttpResponseRedirect(f"{reverse('assessment:appeals')}?community={found.community_id}")
    community = places.places([found.community_id])[found.community_id]
    people_ = people.names({one for one in (found.asked_by_id, found.decided_by_id, found.subject_id) if one})
    context = at_desk(
        request, community, [community], "appeals",
        row=found,
        people=people_,
        reason=words.said(words.REASONS, found.reason),
        form=form if found.granted is None else None,
        may_decide=request.actor.has(*DECIDERS, community_id=found.community_id)
        and found.asked_by_id != request.actor.account_id,
    )  # fmt: skip
    return render(request, "assessment/adjustment.html", context, status=422 if form.errors else 200)


def _grant(request: Asked, found: AdjustmentRow, form: DecideAdjustment) -> object:
    return adjusting.decide(
        actor=request.actor,
        adjustment_id=found.id,
        granted=form.cleaned_data["granted"] == "yes",
        answer=form.cleaned_data["answer"],
        at=request.now,
    )


@policy("assessment.honours", who=roles(*KEEPERS))
@require_http_methods(["GET", "POST"])
def honours(request: Asked) -> HttpResponse:
    """Honours in force; thank somebody else."""
    community, kept = community_of(request, KEEPERS)
    serving = plates.serving(community.id, places.day_of(request.now))
    known = people.names(serving)
    form = HonourForm(
        request.POST or None,
        people=sorted(
            ((str(one), known.get(one, "")) for one in serving if one != request.actor.account_id),
            key=lambda each: each[1],
        ),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if tried(
            form,
            lambda: honouring.give_honour(
                actor=request.actor,
                community_id=community.id,
                account_id=int(given["account"]),
                title_zh=given["title_zh"],
                title_en=given["title_en"],
                reason=given["reason"],
                key=given["key"] or uuid4(),
                at=request.now,
            ),
        ):
            messages.success(request, _("Given."))
            return HttpResponseRedirect(f"{reverse('assessment:honours')}?community={community.id}")
    found = stars.honours([community.id])
    named = people.names({one.account_id for one in found})
    context = at_desk(
        request, community, kept, "honours",
        form=form, rows=[(one, named.get(one.account_id, "")) for one in found],
    )  # fmt: skip
    return render(request, "assessment/honours.html", context, status=422 if form.errors else 200)


@policy("assessment.end_honour", who=roles(*KEEPERS))
@require_POST
def end_honour(request: Asked, honour_id: int) -> HttpResponse:
    """Take an honour back."""
    try:
        row = honouring.end_honour(
            actor=request.actor, honour_id=honour_id, why=request.POST.get("why", ""), at=request.now
        )
    except Refused as refused:
        messages.error(request, " ".join(words.said(words.FAULTS, wrong.code) for wrong in refused.wrongs))
        return redirect("assessment:honours")
    messages.success(request, _("Taken back; its certificates no longer hold."))
    return HttpResponseRedirect(f"{reverse('assessment:honours')}?community={row.community_id}")
