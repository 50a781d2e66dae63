"""The moves of the workbench: one form, one post, one move; who was faster is said and nothing typed is lost."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from linli.cases import access, words, words_answers
from linli.cases.actions import answering, moves, reveal
from linli.cases.actions.moves import MINE, Conflict
from linli.cases.forms import desk as forms
from linli.cases.models import CallBack, Case
from linli.cases.pages import desk, desk_case, desk_offers, desk_telling, taking
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.ports import Remark
from linli.cases.queries.people_to_send import Target
from linli.cases.queries.story import Story
from linli.cases.rules import workflow
from linli.cases.rules.intake import MAX_WORDS, Refused
from linli.cases.rules.next_move import ELSEWHERE, GRAVE, OF_THE_REPORTER
from linli.cases.rules.workflow import STEPS, Step, Verb
from linli.kernel.access import STAFF, Forbidden, NotFound, policy
from linli.kernel.text import whole

ON_THE_CALL = frozenset({Verb.FOLLOW_UP, Verb.JUSTIFY})
TYPED = ("answer", "note", "words")  # what somebody may have written at length


def _step(verb: str) -> Step:
    try:
        step = STEPS[Verb(verb)]
    except (ValueError, KeyError) as error:
        raise NotFound from error
    if step.verb in OF_THE_REPORTER | ELSEWHERE:
        raise NotFound
    return step


def _hindrance(made: Frame, case: Case, step: Step) -> str:
    """Why the move does not fit now; empty when it does.

    :raises Forbidden: it is not this person's move at all.
    """
    doer = access.doer(made.request.actor, case)
    why = workflow.allowed(moves.standing(case, made.request.now), doer, step.verb)
    if why in MINE:
        raise Forbidden(why)
    return why


@policy("cases.desk_move", who=STAFF)
@vary_on_headers("HX-Request")
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Asked, number: str, verb: str) -> HttpResponse:
    """The form of one move (GET), or the move itself (POST)."""
    step = _step(verb)
    made, case = desk.find(request, number)
    why = _hindrance(made, case, step)
    if request.method == "POST":
        return _post(made, case, step)
    if why:
        return _too_late(made, case, why)
    if step.verb in ON_THE_CALL and CallBack.objects.filter(case=case, last=True).exists():
        return _to_the_call(made, case)
    told = desk_case.told(made, case)
    offered = desk_offers.offered(made, told, step)
    begun = {key: request.GET[key] for key in ("target", "to", "category_code") if request.GET.get(key)}
    offered.initial.update(begun)
    form = forms.form_for(step, offered, version=case.version)
    context = form_context(made, told, step, form)
    if desk.by_htmx(request):
        return render(request, "cases/desk/move.html", {**context, "case": case, "frame": made})
    return desk.show(made, case, told_already=told, **context)


def _too_late(made: Frame, case: Case, why: str) -> HttpResponse:
    """The link to a move that no longer fits, as after it was made and the page is loaded again: the case."""
    if desk.by_htmx(made.request):
        return desk.show(made, case, status=409, conflict=_conflict(made, case, why, None))
    return redirect(_address(made, case))


def _address(made: Frame, case: Case) -> str:
    return reverse("cases:desk_case", args=[case.number]) + made.query


def _to_the_call(made: Frame, case: Case) -> HttpResponse:
    """What is done on the page of a call, with its script."""
    there = reverse("cases:callback_of_case", args=[case.number])
    if not desk.by_htmx(made.request):
        return redirect(there)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = there
    return answer


def form_context(made: Frame, told: Story, step: Step, form: forms.MoveForm) -> dict[str, Any]:
    """What the form of a move needs to be drawn."""
    return {
        "form": form,
        "step": step,
        "move_words": words.label(words.VERBS, step.verb.value),
        "move_ask": desk_offers.consequence(made, told, step),
        "grave": step.verb in GRAVE,
        "has_files": "pictures" in form.fields,
        "held": len(_tickets(form["tickets"].value())),
        "read_at": _reading_address(told.case, step) if "answer" in form.fields else "",
        "assist_at": desk_case.assist_address(told.case, "answer") if "answer" in form.fields else "",
    }


def _reading_address(case: Case, step: Step) -> str:
    """Where the answer is read while it is typed; empty for a move whose answer ends nothing."""
    if step.verb not in answering.ANSWERING:
        return ""
    return reverse("cases:desk_answer", args=[case.number, step.verb.value])


def _grave(remarks: tuple[Remark, ...]) -> bool:
    return any(one.grave for one in remarks)


@policy("cases.desk_answer", who=STAFF)
@require_POST
def read_answer(request: Asked, number: str, verb: str) -> HttpResponse:
    """What there is to say about an answer while it is typed; nothing is kept."""
    step = _step(verb)
    _made, case = desk.find(request, number)
    said = request.POST.get("answer", "")[:MAX_WORDS]
    remarks = answering.remarks(case, step.verb, said, at=request.now)
    context = {"remarks": [words_answers.say(one) for one in remarks], "said": bool(said.strip())}
    answer = render(request, "cases/desk/remarks.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _tickets(value: str | None) -> list[str]:
    return [ticket for ticket in (value or "").split(",") if ticket]


def _post(made: Frame, case: Case, step: Step) -> HttpResponse:
    request = made.request
    told = desk_case.told(made, case)
    offered = desk_offers.offered(made, told, step)
    files = request.FILES.getlist("pictures")
    taken, turned = taking.all_of(request, made.community_id, files)
    tickets = [*_tickets(request.POST.get("tickets")), *(str(file.ticket) for file in taken)]
    data = _with(request.POST, tickets=",".join(tickets))
    form = forms.form_for(step, offered, data=data)
    for one in turned:
        form.add_error("pictures" if "pictures" in form.fields else None, f"{one.name}: {one.words}")
    if not form.is_valid():
        return _again(made, case, told, step, form)
    given = form.given(step.verb, tickets)
    remarks = answering.remarks(case, step.verb, given.answer, at=request.now)
    fresh = form.cleaned_data["version"] in {None, case.version}  # else it is said first who was faster
    wrong = moves.wrongs(case, step, given, request.now)  # told together with the remarks, not after them
    asked = "as_is" not in request.POST and any(answering.asks(one) for one in remarks)
    if fresh and (wrong or asked):
        form.say(wrong)
        return _again(made, case, told, step, form, remarks=remarks)
    try:
        after = moves.take(
            actor=request.actor,
            number=case.number,
            given=given,
            at=request.now,
            version=form.cleaned_data["version"],
        )
    except Refused as refused:
        form.say(refused.wrongs)
        return _again(made, case, told, step, form)
    except Conflict as conflict:
        return _overtaken(made, step, data, conflict.code)
    return _done(made, case, after, step)


def _with(data: QueryDict, **changes: Any) -> QueryDict:
    copy = data.copy()
    for key, value in changes.items():
        copy[key] = value
    return copy


def _again(
    made: Frame,
    case: Case,
    told: Story,
    step: Step,
    form: forms.MoveForm,
    *,
    remarks: tuple[Remark, ...] = (),
) -> HttpResponse:
    """The form again, with what is wrong beside its fields, or with what there is to say about the answer."""
    context = form_context(made, told, step, form)
    context |= {"remarks": [words_answers.say(one) for one in remarks], "may_send": not _grave(remarks)}
    return desk.show(made, case, status=422, told_already=told, **context)


def _back(before: Case, step: Step) -> dict[str, Any]:
    """The fields of the same move that would put back what stood before; nothing where that cannot be."""
    if step.verb is Verb.CLASSIFY and before.category_code:
        return {"category_code": before.category_code, "urgency": before.urgency, "kind": before.kind}
    if step.verb is Verb.TRANSFER and before.handler_id:
        return {"to": Target(before.organisation_id, before.handler_id, "").key}
    if step.verb is Verb.RELOCATE and before.building_id:
        return {"building": before.building_id, "address": before.address}
    return {}


def _done(made: Frame, before: Case, case: Case, step: Step) -> HttpResponse:
    said = _("%(done)s · %(number)s") % {
        "done": words.label(words.DONE, step.verb.value),
        "number": case.number,
    }
    messages.success(made.request, said)
    if not access.staff_view(made.request.actor).filter(pk=case.pk).exists():
        return _left(made)
    fresh = access.find_at_work(made.request.actor, case.number)
    if desk.by_htmx(made.request):
        answer = desk.show(made, fresh, undo=_back(before, step), step=step)
        answer["HX-Replace-Url"] = _address(made, fresh)  # whoever loads the page again sees the case
        return answer
    return redirect(_address(made, case))


def _left(made: Frame) -> HttpResponse:
    """The case is no longer this person's to see (it was sent elsewhere): back to the list."""
    if desk.by_htmx(made.request):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = made.url()
        return answer
    return redirect(made.url())


# -- somebody was faster -------------------------------------------------------------------------------------


def _overtaken(made: Frame, step: Step, data: QueryDict, code: str) -> HttpResponse:
    """What happened meanwhile and what was typed; the form again, if the move still fits."""
    case = access.find_at_work(made.request.actor, str(made.request.resolver_match.kwargs["number"]))  # type: ignore[union-attr]
    told = desk_case.told(made, case)
    conflict = _conflict(made, case, code, data)
    more: dict[str, Any] = {"conflict": conflict, "told_already": told}
    if step in told.steps:
        offered = desk_offers.offered(made, told, step)
        form = forms.form_for(step, offered, data=_with(data, version=case.version))
        more |= form_context(made, told, step, form)
        conflict["typed"] = []
    return desk.show(made, case, status=409, **more)


def _conflict(made: Frame, case: Case, code: str, data: QueryDict | None) -> dict[str, Any]:
    version = str(data.get("version", "")) if data is not None else ""
    shown = whole(version)
    seen = case.version if shown is None else shown
    lines = desk_telling.lines(desk_case.told(made, case), made.category)
    return {
        "words": words.label(words.HINDRANCES, code),
        "lines": [line for line in lines if line.seq > seen],
        "typed": [data[name] for name in TYPED if data.get(name)] if data is not None else [],
    }


# -- who reported it -----------------------------------------------------------------------------------------


@policy("cases.desk_reveal", who=STAFF)
@require_POST
def show_contact(request: Asked, number: str) -> HttpResponse:
    """Name and phone of the reporter, for a purpose; the look is written down and the resident can see it."""
    made, case = desk.find(request, number)
    shown: reveal.Contact | None = None
    failed = ""
    try:
        why = reveal.WhyRead(request.POST.get("purpose", ""))
        shown = reveal.reveal(actor=request.actor, number=case.number, why=why, at=request.now)
    except ValueError:
        failed = _("Choose what it is for.")
    except reveal.TooManyReveals:
        failed = _("That was often enough for now: at most 10 in an hour and 60 in a day.")
    status = 200 if shown else 422
    context: dict[str, Any] = {"revealed": shown, "reveal_failed": failed}
    if not desk.by_htmx(request):
        return desk.show(made, case, status=status, **context)
    context |= {"case": case, "contact": desk_case.contact(made, case), "frame": made}
    return render(request, "cases/desk/contact.html", context, status=status)
