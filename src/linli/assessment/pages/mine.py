"""A worker's own pages, phone first: my score, each part down to its rows, what would help, history, appeal."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.assessment import access, saying, words
from linli.assessment.actions import appeals
from linli.assessment.forms import AppealForm
from linli.assessment.models import Run
from linli.assessment.pages import showing
from linli.assessment.queries import evaluating, objections, stars
from linli.assessment.queries import runs as runs_of
from linli.assessment.queries.runs import RunRow, ScoreRow
from linli.assessment.rules.subjects import TEAM_ROLES, Level
from linli.faces.charts import Cell, Chart, Column, Row
from linli.grids import queries as places
from linli.kernel.access import STAFF, Forbidden, NotFound, policy
from linli.kernel.refusals import Refused
from linli.people.pages.ways import Asked, language


@policy("assessment.mine", who=STAFF)
@require_safe
def mine(request: Asked) -> HttpResponse:
    """The latest score of every scheme that concerns me, stars, honours, appeals, sheets to write."""
    actor, today = request.actor, places.day_of(request.now)
    found = [
        _latest(request, run, score)
        for community_id in sorted(actor.staff_communities)
        for run, score in _newest(community_id, _subjects(request, community_id))
    ]
    context = {
        "scores": found,
        "stars": stars.held(actor.staff_communities, actor.person_id, today),
        "honours": stars.honours(actor.staff_communities, actor.person_id),
        "certificates": stars.certificates(actor.staff_communities, actor.person_id, today),
        "appeals": objections.made_by(actor.staff_communities, actor.person_id),
        "sheets": sum(
            one.written_at is None for one in evaluating.mine(actor.staff_communities, actor.person_id)
        ),
        "results": [
            _result(request, one)
            for community_id in sorted(actor.staff_communities)
            for one in evaluating.results_of(community_id, actor.person_id)
        ],
        "namings": words.NAMINGS,
        "rulings": words.RULINGS,
        "validity": words.VALIDITY,
        "tab": "me",
    }
    return render(request, "assessment/mine.html", context)


def _result(request: Asked, found: evaluating.Result) -> dict[str, Any]:
    """What evaluators marked and wrote, without who they were."""
    listed, english = evaluating.checklist_of(found.round), showing.english(request)
    lines = []
    for one in found.sheets:
        why = evaluating.evidence(one)
        lines.append([
            (listed.words(code, english=english), one.marks[code], why.get(code, ""))
            for code in one.drawn_items
            if code in one.marks
        ])  # fmt: skip
    return {"since_date": found.round.since_date, "evaluated": found.evaluated, "lines": lines}


def _subjects(request: Asked, community_id: int) -> list[tuple[str, int]]:
    """Myself, and the places where I serve in a team."""
    own = [(Level.WORKER.value, request.actor.person_id)]
    served = sorted(
        grant.place_id
        for grant in request.actor.grants
        if grant.community_id == community_id and grant.role in TEAM_ROLES
    )
    return own + [(level.value, one) for level in Level if level is not Level.WORKER for one in served]


def _newest(community_id: int, subjects: list[tuple[str, int]]) -> list[tuple[RunRow, ScoreRow]]:
    """The newest told result of each scheme for each of these."""
    newest: dict[tuple[int, int], tuple[RunRow, ScoreRow]] = {}
    for kind, subject in subjects:
        for run, score in runs_of.told_to(community_id, subject, kind=kind):
            key = run.scheme_id, subject
            if key not in newest or newest[key][0].since_date < run.since_date:
                newest[key] = run, score
    return list(newest.values())


def _latest(request: Asked, run: RunRow, score: ScoreRow) -> dict[str, Any]:
    scheme = showing.scheme_of(run)
    named = saying.subjects(run, score.subject_kind, [score.subject_id], language(request))
    return {
        "run": run,
        "score": score,
        "scheme": scheme.name(english=showing.english(request)),
        "period": saying.period(run.since_date, run.until_date),
        "subject": named[score.subject_id].name if score.subject_kind != Level.WORKER else "",
        "rank": saying.rank(score.rank, score.peers),
        "state": words.said(words.STATES, run.state),
        "appealable": run.appealable(request.now),
    }


def _score(request: Asked, run_id: int, subject_id: int) -> tuple[Run, RunRow, ScoreRow]:
    """A score that the reader may read.

    :raises NotFound: there is none for this reader.
    """
    run = access.find_run(request.actor, run_id)
    score = runs_of.of_subject(run_id, subject_id)
    if score is None or not access.may_read(request.actor, run, subject_id):
        raise NotFound
    return run, runs_of.as_row(run), score


@policy("assessment.score", who=STAFF)
@require_safe
def score(request: Asked, run_id: int, subject_id: int) -> HttpResponse:
    """One score: its parts, neighbours without their rows, what would help, the periods before."""
    run, row, found = _score(request, run_id, subject_id)
    parts = runs_of.parts(run_id, subject_id)
    own = access.is_own(request.actor, run, subject_id)
    scheme = showing.scheme_of(row)
    past = showing.history(row, found)
    context = {
        **_head(request, row, found),
        "own": own,
        "parts": showing.parts(request, parts, request.path),
        "near": showing.near(row, found),
        "advice": showing.advised(request, row, parts),
        "history": past,
        "chart": _history_chart(past),
        "held": runs_of.holding(row),
        "scheme": scheme,
        "missing": words.said(words.MISSING, scheme.missing),
        "ties": words.said(words.TIES, scheme.ties),
        "stars": stars.of_run(run_id, subject_id),
        "steps": words.STEPS,
        "appealable": own and row.appealable(request.now),
        "adjusted": [
            one
            for one in objections.adjustments(row.community_id, scheme_id=row.scheme_id, since=row.since_date)
            if one.subject_id == subject_id and one.granted
        ],
    }
    return render(request, "assessment/score.html", context)


def _head(request: Asked, run: RunRow, found: ScoreRow) -> dict[str, Any]:
    named = saying.subjects(run, found.subject_kind, [found.subject_id], language(request))[found.subject_id]
    return {
        "run": run,
        "score": found,
        "named": named,
        "scheme_name": showing.scheme_of(run).name(english=showing.english(request)),
        "period": saying.period(run.since_date, run.until_date),
        "state": words.said(words.STATES, run.state),
        "rank": saying.rank(found.rank, found.peers),
        "tab": "me",
    }


def _history_chart(past: list[tuple[RunRow, ScoreRow]]) -> Chart:
    return Chart(
        name="league-history",
        caption=_("Points through the periods"),
        kind="bars",
        first=_("Period"),
        columns=(Column(_("Points")),),
        rows=tuple(
            Row(
                run.since_date.isoformat(),
                (Cell(None if one.total is None else one.total / 1000, saying.points(one.total)),),
            )
            for run, one in reversed(past)
        ),
        most=100.0,
    )


@policy("assessment.part", who=STAFF)
@require_http_methods(["GET", "POST"])
def part(request: Asked, run_id: int, subject_id: int, code: str) -> HttpResponse:
    """One part down to its rows, and the form to say that something is wrong with it."""
    run, row, found = _score(request, run_id, subject_id)
    held = next((one for one in runs_of.parts(run_id, subject_id) if one.indicator == code), None)
    if held is None:
        raise NotFound
    appealable = access.is_own(request.actor, run, subject_id) and row.appealable(request.now)
    shown = showing.behind(request.actor, row, held)
    choices = [(str(one.id), f"{one.words} {one.why}".strip()) for group in shown.values() for one in group]
    form = AppealForm(request.POST or None, rows=choices)
    if request.method == "POST":
        if not appealable:
            raise NotFound
        if form.is_valid() and _lodge(request, row, held.indicator, held.source, subject_id, form):
            messages.success(request, _("Your appeal is on its way. Somebody who did not score it decides."))
            return redirect("assessment:mine")
    context = {
        **_head(request, row, found),
        "part": showing.part(request, held),
        "because": showing.why(request, row, held),
        "behind": shown,
        "form": form if appealable else None,
        "appeals_until": row.appeals_until,
        "english": showing.english(request),
    }
    return render(request, "assessment/part.html", context, status=422 if form.errors else 200)


def _lodge(request: Asked, run: RunRow, code: str, source: str, subject_id: int, form: AppealForm) -> bool:
    chosen = form.cleaned_data["row"]
    try:
        appeals.lodge(
            actor=request.actor,
            run_id=run.id,
            subject_id=subject_id,
            indicator=code,
            words=form.cleaned_data["words"],
            source=source if chosen else "",
            row_id=int(chosen) if chosen else None,
            key=form.cleaned_data["key"] or uuid4(),
            at=request.now,
        )
    except Refused as refused:
        for wrong in refused.wrongs:
            form.add_error(
                wrong.field if wrong.field in form.fields else None, words.said(words.FAULTS, wrong.code)
            )
    except Forbidden as problem:
        form.add_error(None, words.said(words.FAULTS, problem.code))
    return not form.errors


@policy("assessment.appeal", who=STAFF)
@require_safe
def appeal(request: Asked, appeal_id: int) -> HttpResponse:
    """One's own appeal and what became of it."""
    if access.find_appeal(request.actor, appeal_id).made_by_id != request.actor.account_id:
        raise NotFound
    found = objections.appeal(appeal_id)
    assert found is not None  # it was found a line above
    context = {
        "appeal": found,
        "name": saying.indicator(found.indicator, english=showing.english(request)),
        "ruling": words.said(words.RULINGS, found.state),
        "tab": "me",
    }
    return render(request, "assessment/appeal.html", context)


@policy("assessment.withdraw_appeal", who=STAFF)
@require_POST
def withdraw(request: Asked, appeal_id: int) -> HttpResponse:
    """Take one's own appeal back."""
    try:
        appeals.withdraw(actor=request.actor, appeal_id=appeal_id, at=request.now)
    except Forbidden as problem:
        messages.error(request, words.said(words.FAULTS, problem.code))
    else:
        messages.success(request, _("Withdrawn."))
    return redirect("assessment:mine")
