"""What keeps coming back, one such problem, and the lasting fixes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases import access as cases
from linli.cases.pages import desk, desk_frame, desk_rows
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.queries import queue
from linli.cases.rules.intake import Refused
from linli.kernel.access import policy
from linli.kernel.clock import LOCAL
from linli.kernel.refusals import Outdated
from linli.kernel.text import whole
from linli.triage import access, forms_topics, words_topics
from linli.triage.actions import fixes as deciding
from linli.triage.forms_topics import FixForm
from linli.triage.models import LastingFix, Repeat
from linli.triage.pages.topics import DECIDERS, READERS, frame_of_reader, run_context
from linli.triage.queries import problems as queries
from linli.triage.queries.problems import RepeatProblem
from linli.triage.rules import repeats as rules

MOST = 100
MOST_CASES = 200


@policy("triage.repeats", who=READERS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """The problems that keep coming back, dearest first."""
    made = frame_of_reader(request)
    found = queries.repeats(made.community_id, at=request.now, limit=MOST, language=made.language)
    context = {
        "problems": [(one, words_topics.fix_state(one.fix.state) if one.fix else "") for one in found],
        "fixes": _fixes(made),
        "back_days": rules.BACK_DAYS,
        "meters": int(rules.METERS),
        **run_context(made),
    }
    return render(request, "triage/repeats.html", made.context(**context))


@policy("triage.repeat", who=READERS)
@require_safe
def repeat(request: Asked, repeat_id: int) -> HttpResponse:
    """One of them: how often, what it costs, its cases, its lasting fix."""
    return _show(request, access.repeat(request.actor, repeat_id))


def _show(request: Asked, row: Repeat, *, wrong: str = "", status: int = 200) -> HttpResponse:
    made = desk_frame.frame(request, row.community_id)
    found = queries.one(row, made.language)
    context = {
        "problem": found,
        "row": row,
        "says": words_topics.comes_back(found),
        "cost_words": _cost(found),
        "may_decide": access.may_decide(request.actor, row.community_id),
        "fixes": list(queries.fixes(row.community_id, standing=True)),
        "fix_state": words_topics.fix_state(found.fix.state) if found.fix else "",
        "wrong": wrong,
        "centre": (row.lon, row.lat) if row.lon is not None else None,
        **cases_context(made, queries.cases_of(row)),
    }
    return render(request, "triage/repeat.html", made.context(**context), status=status)


def _cost(found: RepeatProblem) -> str:
    """How the cost is made up."""
    hours = rules.UNMEASURED if found.hours is None else found.hours
    return _("%(times)s times × %(hours)s working hours × %(residents)s residents = %(cost)s") % {
        "times": found.times,
        "hours": f"{hours:.1f}",
        "residents": max(found.residents, 1),
        "cost": f"{found.cost:.1f}",
    }


def cases_context(made: Frame, ids: Sequence[int]) -> dict[str, Any]:
    """The cases with these ids that this colleague may see, the newest first; those with a point on a map."""
    seen = cases.staff_view(made.request.actor).filter(pk__in=ids)
    rows = seen.select_related(*cases.NAMES, "handler").defer(*queue.HEAVY).order_by("-reported_at", "-pk")
    held = list(rows[:MOST_CASES])
    return {
        "listed": desk_rows.views(made, held),
        "points": desk_rows.views(made, desk.apart(held)),
        "hidden": len(ids) - len(held),
    }


@policy("triage.repeat_tie", who=DECIDERS)
@require_POST
def tie(request: Asked, repeat_id: int) -> HttpResponse:
    """Tie a problem to a lasting fix, or part it from the one it is tied to."""
    row = access.repeat(request.actor, repeat_id)
    asked = request.POST.get("fix", "")
    try:
        if "untie" in request.POST:
            deciding.untie_repeat(actor=request.actor, repeat_id=row.pk, at=request.now)
            messages.success(request, _("It is no longer tied to a lasting fix."))
        else:
            fix_id = whole(asked) or 0
            deciding.tie_repeat(actor=request.actor, repeat_id=row.pk, fix_id=fix_id, at=request.now)
            messages.success(
                request, _("Tied to the lasting fix, with its cases; those to come will follow.")
            )
    except Refused as refused:
        wrong = refused.wrongs[0]
        return _show(request, row, wrong=words_topics.wrong(wrong.code, field=wrong.field), status=422)
    return redirect("triage:repeat", row.pk)


@policy("triage.fix_new", who=DECIDERS)
@require_http_methods(["GET", "POST"])
def new_fix(request: Asked) -> HttpResponse:
    """Write down a lasting fix, for a problem or by itself."""
    made = frame_of_reader(request)
    problem = _problem(request, made)
    if problem is not None:
        made = desk_frame.frame(request, problem.community_id)
    form = FixForm(
        request.POST or None,
        bodies=_bodies(made),
        initial={**forms_topics.first_days(_today(request)), "title": _first_title(problem, made)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            fix = deciding.make(
                actor=request.actor,
                community_id=made.community_id,
                sheet=form.sheet(),
                at=request.now,
                repeat_id=problem.pk if problem else None,
            )
        except Refused as refused:
            form.say(refused.wrongs)
        else:
            messages.success(request, _("Saved."))
            return redirect("triage:fix", fix.pk)
    context = {"form": form, "problem": queries.one(problem, made.language) if problem else None}
    status = 422 if form.errors else 200
    return render(request, "triage/fix_new.html", made.context(**context), status=status)


def _problem(request: Asked, made: Frame) -> Repeat | None:
    asked = request.GET.get("repeat", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
        return None
    return access.repeat(request.actor, int(asked))


def _first_title(problem: Repeat | None, made: Frame) -> str:
    if problem is None:
        return ""
    found = queries.one(problem, made.language)
    return f"{found.place} · {found.category}"[: deciding.LONGEST_TITLE] if found.place else found.category


@policy("triage.fix", who=READERS)
@require_safe
def fix(request: Asked, fix_id: int) -> HttpResponse:
    """One lasting fix: plan, days, money, how far it is, the problems and cases tied to it."""
    return _show_fix(request, access.fix(request.actor, fix_id))


def _show_fix(
    request: Asked, row: LastingFix, *, form: FixForm | None = None, wrong: str = "", status: int = 200
) -> HttpResponse:
    made = desk_frame.frame(request, row.community_id)
    initial = {name: getattr(row, name) for name in FixForm.base_fields}
    context = {
        "fix": row,
        "state": words_topics.fix_state(row.state),
        "body_name": made.body_name(row.organisation_id),
        "over": row.state in deciding.OVER,
        "late": row.state not in deciding.OVER and row.until_date < _today(request),
        "form": form or FixForm(initial=initial, bodies=_bodies(made)),
        "may_decide": access.may_decide(request.actor, row.community_id),
        "problems": queries.problems_of_fix(row, made.language),
        "wrong": wrong,
        "number": request.POST.get("number", ""),
        **cases_context(made, queries.cases_of_fix(row)),
    }
    return render(request, "triage/fix.html", made.context(**context), status=status)


@policy("triage.fix_change", who=DECIDERS)
@require_POST
def change_fix(request: Asked, fix_id: int) -> HttpResponse:
    """Let it say something else."""
    row = access.fix(request.actor, fix_id)
    made = desk_frame.frame(request, row.community_id)
    form = FixForm(request.POST, bodies=_bodies(made))
    held = request.POST.get("version", "")
    version = whole(held, digits=9)
    if form.is_valid():
        try:
            deciding.change(
                actor=request.actor, fix_id=row.pk, sheet=form.sheet(), at=request.now, version=version
            )
        except Refused as refused:
            form.say(refused.wrongs)
        except Outdated:
            form.add_error(
                None, _("Somebody changed it meanwhile. What you wrote is still here; save again to keep it.")
            )
            return _show_fix(request, access.fix(request.actor, fix_id), form=form, status=409)
        else:
            messages.success(request, _("Saved."))
            return redirect("triage:fix", row.pk)
    return _show_fix(request, row, form=form, status=422)


@policy("triage.fix_case", who=DECIDERS)
@require_POST
def fix_case(request: Asked, fix_id: int) -> HttpResponse:
    """Tie a case to it by its number, or part one from it."""
    row = access.fix(request.actor, fix_id)
    act = deciding.untie_case if "untie" in request.POST else deciding.tie_case
    number = request.POST.get("number", "")
    try:
        act(actor=request.actor, fix_id=row.pk, number=number, at=request.now)
    except Refused as refused:
        wrong = refused.wrongs[0]
        return _show_fix(request, row, wrong=words_topics.wrong(wrong.code, field=wrong.field), status=422)
    messages.success(request, _("No longer tied to it.") if "untie" in request.POST else _("Tied to it."))
    return redirect("triage:fix", row.pk)


def _fixes(made: Frame) -> list[dict[str, Any]]:
    today = _today(made.request)
    return [
        {
            "fix": row,
            "state": words_topics.fix_state(row.state),
            "body": made.body_name(row.organisation_id),
            "over": row.state in deciding.OVER,
            "late": row.state not in deciding.OVER and row.until_date < today,
        }
        for row in queries.fixes(made.community_id)[:MOST]
    ]


def _bodies(made: Frame) -> list[tuple[int, str]]:
    return [(pk, made.body_name(pk)) for pk in made.bodies]


def _today(request: Asked) -> date:
    return request.now.astimezone(LOCAL).date()
