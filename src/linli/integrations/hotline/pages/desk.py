"""The hotline on the workbench: orders in and out, what is stuck, tables, reconciling, sending a case."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases import access as cases
from linli.cases.pages import desk_frame, telling
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.rules.intake import Refused
from linli.cases.rules.workflow import OPEN, State
from linli.cases.tables import BadTable
from linli.integrations.hotline import access, words
from linli.integrations.hotline.actions import handing, pulling, receiving, sending, tables
from linli.integrations.hotline.actions.pulling import CannotPull
from linli.integrations.hotline.forms import SendForm
from linli.integrations.hotline.models import Line, Message, Order
from linli.integrations.hotline.rules import mapping as mappings
from linli.integrations.hotline.rules.mapping import BadMapping
from linli.kernel import exports, text
from linli.kernel.access import Forbidden, NotFound, policy, roles

READERS = roles(*access.READERS)
DESK = roles(*access.DESK)
SIZE = 50
MOST_SHOWN = 200
VIEWS = ("open", "stuck", "out", "all")


@policy("hotline.desk", who=READERS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """The orders of the community, the last changed first."""
    return _show(request, desk_frame.frame(request))


def _show(request: Asked, made: Frame, *, status: int = 200, **more: Any) -> HttpResponse:
    view = request.GET.get("view") or "open"
    query = request.GET.get("q", "").strip()[:60]
    page = request.GET.get("page", "1")
    if view not in VIEWS or not (page.isascii() and page.isdigit() and 0 < int(page[:6]) < 10_000):
        raise NotFound
    start = (int(page) - 1) * SIZE
    held = access.order_rows(request.actor, made.community_id)
    found = (
        held.filter(number=query) | held.filter(case_number=query.replace("-", ""))
        if query
        else _of_view(held, view)
    )
    rows = list(found[start : start + SIZE + 1])
    context = {
        "view": view,
        "views": _views(),
        "query": query,
        "orders": _rows(rows[:SIZE]),
        "page": int(page),
        "more": len(rows) > SIZE,
        "lines": _lines(request, made),
        "may": bool(made.roles & access.DESK),
        **more,
    }
    return render(request, "hotline/desk.html", made.context(**context), status=status)


def _views() -> list[tuple[str, str]]:
    return [
        ("open", _("Being worked on")),
        ("stuck", _("Stuck")),
        ("out", _("To the hotline")),
        ("all", _("All")),
    ]


def _of_view(held: Any, view: str) -> Any:
    if view == "open":
        return held.filter(way="in", standing__in=["open", "returned"])
    if view == "stuck":
        dead = Message.objects.filter(state=Message.State.DEAD).values("order_id")
        return held.filter(standing="refused") | held.filter(pk__in=dead)
    return held.filter(way="out") if view == "out" else held


def _rows(rows: list[Order]) -> list[dict[str, Any]]:
    sent: dict[int, list[Message]] = {}
    for message in Message.objects.filter(order_id__in=[row.pk for row in rows]).order_by("pk"):
        sent.setdefault(message.order_id, []).append(message)
    return [
        {
            "row": row,
            "way": words.WAYS[row.way],
            "standing": words.standing(row.standing),
            "wrongs": [words.wrong_row(one) for one in row.wrongs],
            "messages": [
                {
                    "id": one.pk,
                    "kind": words.KINDS[one.kind],
                    "state": words.STATES[one.state],
                    "dead": one.state == Message.State.DEAD,
                    "said": words.said(one.said),
                    "at": one.sent_at or one.made_at,
                }
                for one in sent.get(row.pk, [])
            ],
        }
        for row in rows
    ]


def _lines(request: Asked, made: Frame) -> list[dict[str, Any]]:
    return [
        {
            "line": line,
            "name": line.name(made.language),
            "said": words.said(line.pull_said),
            "waiting": Message.objects.filter(order__line=line, state=Message.State.TABLE).count(),
            "batches": tables.batches(line),
            "pulls": bool(line.address) and _pulls(line),
        }
        for line in access.lines(request.actor, made.community_id)
    ]


def _pulls(line: Line) -> bool:
    try:
        return mappings.load(line.mapping).pull is not None
    except BadMapping:
        return False


def _line(request: Asked, line_id: int) -> tuple[Line, Frame]:
    line = access.line(request.actor, line_id)
    if not request.actor.has(*access.DESK, community_id=line.community_id):
        raise Forbidden("not_your_move")
    return line, desk_frame.frame(request, line.community_id)


@policy("hotline.table", who=DESK)
@require_POST
def table(request: Asked, line_id: int) -> HttpResponse:
    """A table of theirs: look at it first, take it in, or reconcile it with ours."""
    line, made = _line(request, line_id)
    upload = request.FILES.get("table")
    if upload is None:
        return _show(request, made, status=422, wrong=_("Choose a table (CSV or XLSX)."))
    try:
        mapping = mappings.load(line.mapping)
        rows = tables.rows_of_upload(upload.name or "", upload.chunks(), mapping)
    except BadTable as error:
        return _show(request, made, status=422, wrong=str(error))
    except BadMapping as error:
        return _show(request, made, status=422, wrong=" ".join(words.wrong(one) for one in error.wrongs))
    if "reconcile" in request.POST:
        differences, compared = tables.reconcile(line, rows)
        told = [(one, words.DIFFERENCES[one.code]) for one in differences[:MOST_SHOWN]]
        return _show(request, made, differences=told, compared=compared, disagree=len(differences))
    if "look" in request.POST:
        outcome = receiving.preview(mapping=mapping, rows=rows, line=line)
    else:
        outcome = receiving.receive(
            line=line, mapping=mapping, rows=rows, at=request.now, actor=request.actor
        )
    return _show(request, made, outcome=_told(outcome), looked="look" in request.POST)


def _told(outcome: receiving.Outcome) -> dict[str, Any]:
    refused = [one for one in outcome.done if one.wrongs]
    return {
        "counts": [(words.RESULTS[result], n) for result, n in outcome.counts.items()],
        "refused": [
            (one, [f"{w.field}: {words.wrong(w)}" for w in one.wrongs]) for one in refused[:MOST_SHOWN]
        ],
        "hidden": max(len(refused) - MOST_SHOWN, 0),
    }


@policy("hotline.pull", who=DESK)
@require_POST
def pull(request: Asked, line_id: int) -> HttpResponse:
    """Ask them for new orders now."""
    line, made = _line(request, line_id)
    try:
        outcome = pulling.pull(line, at=request.now)
    except CannotPull as failed:
        return _show(request, made, status=422, wrong=words.said(failed.code))
    told = ", ".join(f"{words.RESULTS[result]} {n}" for result, n in outcome.counts.items() if n)
    messages.success(request, _("They were asked: %(told)s.") % {"told": told or _("nothing new")})
    return redirect("hotline:desk")


@policy("hotline.results", who=DESK)
@require_http_methods(["GET", "POST"])
def results(request: Asked, line_id: int) -> HttpResponse:
    """The table of receipts and results: a new one (POST), or one that left before, again (GET with its name)."""
    line, made = _line(request, line_id)
    batch = request.GET.get("batch", "")
    if request.method == "GET" and batch not in tables.batches(line):
        raise Http404
    try:
        name, rows = tables.results(line, at=request.now, batch=batch if request.method == "GET" else "")
    except BadMapping as error:
        return _show(request, made, status=422, wrong=" ".join(words.wrong(one) for one in error.wrongs))
    answer = HttpResponse(b"".join(exports.write_csv(rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = exports.content_disposition(f"hotline-{name}.csv")
    return answer


@policy("hotline.again", who=DESK)
@require_POST
def again(request: Asked, message_id: int) -> HttpResponse:
    """Send a message that was given up once more."""
    message = access.message(request.actor, message_id)
    if not request.actor.has(*access.DESK, community_id=message.community_id):
        raise Forbidden("not_your_move")
    sending.send_again(message, request.now)
    messages.success(request, _("It will be tried again within a minute."))
    view = request.POST.get("view", "")
    return redirect(f"{reverse('hotline:desk')}?view={view if view in VIEWS else 'stuck'}")


@policy("hotline.send", who=DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: Asked, number: str) -> HttpResponse:
    """Send a case to the hotline, in words that hold no personal data."""
    case = cases.find_at_work(request.actor, number)
    if not request.actor.has(*access.DESK, community_id=case.community_id):
        raise Forbidden("not_your_move")
    made = desk_frame.frame(request, case.community_id)
    lines = [
        (one.pk, one.name(made.language))
        for one in access.lines(request.actor, case.community_id)
        if one.active
    ]
    initial = {"words": text.mask_text(case.words), "line": lines[0][0] if lines else None}
    form = SendForm(request.POST or None, lines=lines, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            handing.hand_over(
                actor=request.actor, number=number, line_id=data["line"], words=data["words"], at=request.now
            )
        except Refused as refused:
            form.say(refused.wrongs)
        else:
            messages.success(
                request, _("It is on its way to the hotline; their answer will stand beside the case.")
            )
            return redirect("cases:desk_case", case.number)
    context = {
        "case": case,
        "title": telling.headline(case),
        "form": form,
        "has_lines": bool(lines),
        "ended": State(case.state) not in OPEN,
    }
    return render(request, "hotline/send.html", made.context(**context), status=422 if form.errors else 200)
