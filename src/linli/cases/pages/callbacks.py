"""Calling residents back: the queue, the page of one call with its script, the reasoned answer, the month's draw."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases import words, words_calls
from linli.cases.actions import callback as acting
from linli.cases.actions import callback_draw
from linli.cases.actions.moves import Conflict
from linli.cases.forms import callback as forms
from linli.cases.models import CallBack, CallbackSeed, Case
from linli.cases.pages import desk_case, desk_frame, desk_telling, telling
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.queries import callback_plan, callback_queue, people_to_send
from linli.cases.rules import callback as rules
from linli.cases.rules.intake import Refused
from linli.cases.rules.workflow import CHECKERS
from linli.kernel import access, exports
from linli.kernel.access import NotFound, policy
from linli.kernel.clock import LOCAL
from linli.people.actions.contact import TooManyReveals

CALLERS = access.roles("verifier", "dispatcher", "community_leader", "auditor")
DRAWERS = access.roles("community_leader", "auditor")
PER_PAGE, MOST_DRAWN = 30, 2000
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Row:
    """A call-back in the list."""

    row: CallBack
    title: str
    body: str
    special: tuple[str, ...]
    due_at: Any
    held_by: str
    result: str


def called_frame(request: Asked, community_id: int | None = None) -> Frame:
    """The workbench in a community whose residents this person calls, or whose calls they audit.

    :raises NotFound: there is none.
    """
    able = acting.communities(request.actor)
    made = desk_frame.frame(request, community_id)
    if made.community_id in able:
        return made
    if community_id is not None or not able:
        raise NotFound
    return Frame(request, min(able), request.actor.roles(min(able)))


@policy("cases.callbacks", who=CALLERS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """The queue: whom to call now, whom later, who waits for an answer, what is over."""
    made = called_frame(request)
    view = request.GET.get("view", "now")
    view = view if view in callback_queue.VIEWS else "now"
    asked = request.GET.get("page", "")
    page = min(int(asked), 500) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 5 else 1
    page = max(page, 1)
    found = callback_queue.rows(made.community_id, view, at=request.now)
    part = list(found[(page - 1) * PER_PAGE : page * PER_PAGE + 1])
    counts = callback_queue.counts(made.community_id, at=request.now)
    context = {
        "rows": _rows(made, part[:PER_PAGE]),
        "view": view,
        "views": [(key, said, counts.get(key)) for key, said in _views().items()],
        "newer": page - 1 if page > 1 else 0,
        "older": page + 1 if len(part) > PER_PAGE else 0,
        "may_draw": bool(made.roles & {"auditor", "community_leader"}),
        "may_keep": bool(made.roles & {"admin", "community_leader"}),
    }
    return render(request, "cases/desk/callbacks.html", made.context(**context))


def _views() -> dict[str, str]:
    return {
        "now": _("To call"),
        "later": _("Call again later"),
        "unsatisfied": _("Not satisfied, unanswered"),
        "answers": _("Answers to approve"),
        "done": _("Over"),
    }


def _rows(made: Frame, found: list[CallBack]) -> list[Row]:
    due = callback_queue.due_at([row.case_id for row in found])
    return [
        Row(
            row=row,
            title=telling.headline(row.case),
            body=made.body_name(row.organisation_id),
            special=tuple(words.label(words_calls.TRIGGERS, one) for one in row.triggers),
            due_at=due.get(row.case_id) if row.state == CallBack.State.OPEN else None,
            held_by=_held_by(made, row),
            result=result(row),
        )
        for row in found
    ]


def _held_by(made: Frame, row: CallBack) -> str:
    held = acting.held_by_another(row, made.request.actor, made.request.now)
    return people_to_send.name_of(held) if held else ""


def result(row: CallBack) -> str:
    """What a call-back came to, in words."""
    if not row.outcome:
        return words.label(words_calls.CALL_STATES, row.state)
    said = [words.label(words_calls.CALL_OUTCOMES, row.outcome)]
    if row.solved is not None:
        said.append(_("solved") if row.solved else _("not solved"))
    if row.stars:
        said.append(words.label(words_calls.STARS, str(row.stars)))
    return " · ".join(said)


# -- one call ----------------------------------------------------------------------------------------------


def _find(request: Asked, callback_id: int) -> tuple[Frame, CallBack]:
    row = acting.find_within(request.actor, callback_id)
    return called_frame(request, row.community_id), row


@policy("cases.callback_one", who=CALLERS)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Asked, callback_id: int) -> HttpResponse:
    """One call: the matter, the number for the purpose, the script; and what was said (POST)."""
    made, row = _find(request, callback_id)
    if request.method != "POST":
        return _show(made, row)
    form = forms.Call(request.POST, auto_id="call-%s")
    if form.is_valid():
        try:
            after = acting.note(
                actor=request.actor, callback_id=callback_id, said=form.said(), at=request.now
            )
        except Refused as refused:
            form.say(refused.wrongs)
        except Conflict as conflict:
            messages.warning(request, words.label(words.HINDRANCES, conflict.code))
            return _show(made, acting.find_within(request.actor, callback_id), form=_fresh(form), status=409)
        else:
            messages.success(request, _noted(after))
            return redirect("cases:callback_one", callback_id)
    return _show(made, row, form=form, status=422)


def _fresh(form: forms.Call) -> forms.Call:
    """What was typed, for a call of now."""
    typed = {name: form.data.get(name, "") for name in form.fields if name != "tries_seen"}
    return forms.Call(initial=typed, auto_id="call-%s")


def _noted(after: CallBack) -> str:
    if after.state == CallBack.State.OPEN:
        return _("The call is written down; the resident stays in the queue.")
    if after.reopened:
        return _("Written down, and taken up again.")
    return _("Written down: %(result)s") % {"result": result(after)}


def _show(made: Frame, row: CallBack, *, status: int = 200, **more: Any) -> HttpResponse:
    request, case = made.request, row.case
    may_call = acting.may_call(request.actor, row)
    over = row.state not in {CallBack.State.OPEN, CallBack.State.SKIPPED} or not row.last
    told = desk_case.told(made, case)
    lines = desk_telling.lines(told, made.category)
    form = more.get("form") or forms.Call(initial={"tries_seen": row.tries}, auto_id="call-%s")
    if form.initial.get("tries_seen") is None:
        form.initial["tries_seen"] = row.tries
    context = {
        "row": row,
        "case": case,
        "title": telling.headline(case),
        "where": desk_case.where(made, case),
        "body": made.body_name(row.organisation_id),
        "after": next(
            (line.pictures for line in lines if line.verb in desk_case.AFTER and line.pictures), ()
        ),
        "contact": desk_case.contact(made, case),
        "revealed": more.get("revealed"),
        "reveal_failed": more.get("reveal_failed", ""),
        "may_call": may_call and not over,
        "of_the_handler": not may_call and bool(made.roles & CHECKERS),
        "over": over,
        "form": form,
        "script": script(made),
        "calls": [(one, words.label(words_calls.TRIED, one.outcome)) for one in callback_queue.tries(row)],
        "lacking": _lacking(made, row),
        "held_by": _held_by(made, row),
        "special": [words.label(words_calls.TRIGGERS, one) for one in row.triggers],
        "why": words.label(words_calls.DRAWN_BECAUSE, row.why),
        "result": result(row),
        "complaint": words.label(words_calls.COMPLAINTS, row.complaint) if row.complaint else "",
        "may_propose": may_call and acting.may_be_answered(row) and _not_waiting(row),
        "may_rule": _may_rule(made, row),
        "propose": more.get("propose") or forms.Answer(initial={"answer": row.answer}, auto_id="answer-%s"),
        "ruling": more.get("ruling") or forms.Ruling(initial={"answer": row.answer}, auto_id="rule-%s"),
        "answered_by": people_to_send.name_of(row.answer_by_id) if row.answer_by_id else "",
        "ruled_by": people_to_send.name_of(row.ruled_by_id) if row.ruled_by_id else "",
    }
    return render(request, "cases/desk/callback.html", made.context(**context), status=status)


def _not_waiting(row: CallBack) -> bool:
    return row.answer_at is None or row.approved is False


def _may_rule(made: Frame, row: CallBack) -> bool:
    waits = row.answer_at is not None and row.approved is None and acting.may_be_answered(row)
    return waits and "community_leader" in made.roles and row.answer_by_id != made.request.actor.account_id


def _lacking(made: Frame, row: CallBack) -> dict[str, Any] | None:
    """What is still to be tried, and when a call counts; nothing before the first unanswered call."""
    if row.state != CallBack.State.OPEN:
        return None
    held = callback_plan.in_force(row.community_id, made.request.now.astimezone(LOCAL).date()).terms
    tries = [one.at for one in callback_queue.tries(row) if one.outcome == rules.Tried.NO_ANSWER]
    left = rules.lacking(tries, held)
    return {
        "terms": held,
        "left": left,
        "tried": [words.label(words_calls.DAY_PARTS, part.value) for part in sorted(left.tried_parts)],
        "off_hours": not rules.in_hours(made.request.now, held),
        "too_near": left.not_before is not None and made.request.now < left.not_before,
        "any": bool(tries),
    }


def script(made: Frame) -> list[tuple[str, str, str]]:
    """What callers say: question, in the reader's language, in the other; the community's own words before ours."""
    day = made.request.now.astimezone(LOCAL).date()
    own = callback_plan.in_force(made.community_id, day).script
    first, second = ("en", "zh") if made.language == "en" else ("zh", "en")
    found = []
    for name in rules.QUESTIONS:
        said = {
            language: own.get(name, {}).get(language) or words_calls.SCRIPT[name][language]
            for language in ("zh", "en")
        }
        found.append((words.label(words_calls.QUESTIONS, name), said[first], said[second]))
    return found


@policy("cases.callback_number", who=CALLERS)
@require_POST
def number(request: Asked, callback_id: int) -> HttpResponse:
    """The resident's number, with its log row; others see who has it."""
    made, row = _find(request, callback_id)
    try:
        shown = acting.show_number(actor=request.actor, callback_id=callback_id, at=request.now)
    except TooManyReveals:
        failed = _("That was often enough for now: at most 10 in an hour and 60 in a day.")
        return _show(made, row, status=422, reveal_failed=failed)
    return _show(made, row, revealed=shown)


@policy("cases.callback_answer", who=CALLERS)
@require_POST
def answer(request: Asked, callback_id: int) -> HttpResponse:
    """Propose a reasoned answer; or approve it, or send it back."""
    made, row = _find(request, callback_id)
    ruling = request.POST.get("do") in {"approve", "back"}
    form: Any = (forms.Ruling if ruling else forms.Answer)(
        request.POST, auto_id="rule-%s" if ruling else "answer-%s"
    )
    form.is_valid()
    data = form.cleaned_data
    try:
        if ruling:
            acting.decide(
                actor=request.actor,
                callback_id=callback_id,
                approved=request.POST["do"] == "approve",
                answer=data.get("answer") or "",
                note=data.get("note") or "",
                at=request.now,
            )
        else:
            acting.propose(
                actor=request.actor, callback_id=callback_id, answer=data.get("answer") or "", at=request.now
            )
    except Refused as refused:
        form.say(refused.wrongs)
        return _show(made, row, status=422, **{"ruling" if ruling else "propose": form})
    except Conflict as conflict:
        messages.warning(request, words.label(words.HINDRANCES, conflict.code))
    else:
        messages.success(request, _("Written down."))
    return redirect("cases:callback_one", callback_id)


@policy("cases.callback_of_case", who=CALLERS)
@require_safe
def of_case(request: Asked, number: str) -> HttpResponse:
    """From a case to the page of its last call-back."""
    row = CallBack.objects.filter(
        case__in=Case.objects.filter(number=number),
        last=True,
        community_id__in=acting.communities(request.actor),
    ).first()
    if row is None:
        raise NotFound
    return redirect("cases:callback_one", row.pk)


# -- the draw ----------------------------------------------------------------------------------------------


@policy("cases.callback_draw", who=DRAWERS)
@require_safe
def draw(request: Asked) -> HttpResponse:
    """A month's closings with their lots, and the draw repeated; as a page or as a table to compute it oneself."""
    made = called_frame(request)
    if not made.roles & {"auditor", "community_leader"}:
        raise access.Forbidden("not_your_move")
    now = rules.month_of(request.now)
    month = request.GET.get("month", now)
    month = month if MONTH.fullmatch(month) else now
    found, differing = callback_draw.repeat(made.community_id, month)
    seed = CallbackSeed.objects.filter(community_id=made.community_id, month=month).first()
    shows_seed = seed is not None and ("auditor" in made.roles or month < now)
    if request.GET.get("as") == "csv":
        return _csv(made, month, list(found))
    rows = list(found.order_by("lot")[:MOST_DRAWN])
    context = {
        "month": month,
        "months": _months(made),
        "rows": [
            (row, words.label(words_calls.DRAWN_BECAUSE, row.why), made.body_name(row.organisation_id))
            for row in rows
        ],
        "closings": found.count(),
        "drawn": sum(row.why not in {"", "asked"} for row in rows),
        "differing": [(row.case.number, _differs(what)) for row, what in differing],
        "seed": seed.seed if seed and shows_seed else "",
        "digest": rules.digest_of(seed.seed) if seed else "",
    }
    return render(request, "cases/desk/callback_draw.html", made.context(**context))


def _differs(what: str) -> str:
    return {
        "lot": _("another lot comes out"),
        "drawn": _("the plan of that day says otherwise"),
        "minimum": _("it is not needed for the minimum"),
    }[what]


def _months(made: Frame) -> list[str]:
    held = CallbackSeed.objects.filter(community_id=made.community_id).order_by("-month")
    return list(held.values_list("month", flat=True)[:24])


def _csv(made: Frame, month: str, found: list[CallBack]) -> HttpResponse:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(
        ["number", "round", "lot", "share", "drawn", "why", "category", "body", "channel", "special"]
    )
    for row in found:
        cells = [
            row.case.number, row.round, row.lot, row.share, int(row.why not in {"", "asked"}), row.why,
            row.category_code, made.body_name(row.organisation_id), row.channel, " ".join(row.triggers),
        ]  # fmt: skip
        table.writerow([exports.csv_cell(cell) for cell in cells])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="callbacks-{month}.csv"'
    return answer
