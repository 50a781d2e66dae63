"""The workbench: the list with its tabs and filters, one case beside it, the map on demand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from linli.cases import access, words
from linli.cases.actions.settings import filters
from linli.cases.models import Case, ClockRow
from linli.cases.pages import desk_case, desk_frame, desk_rows
from linli.cases.pages.desk_frame import FILTERS, PERIODS, Frame
from linli.cases.pages.here import Asked
from linli.cases.queries import desk as lists
from linli.cases.queries import queue, reference, story
from linli.cases.rules.clock import Segment
from linli.cases.rules.intake import Refused
from linli.cases.rules.promises import Urgency
from linli.cases.rules.workflow import OPEN
from linli.faces import words as face_words
from linli.kernel.access import STAFF, NotFound, policy
from linli.kernel.worktime import UNIT_SECONDS, Unit

MOST_ON_MAP = 60
TOO_NEAR = 0.0004  # degrees, some 40 m: nearer points would lie on each other at the scale the map opens with


def by_htmx(request: HttpRequest) -> bool:
    """Whether only a part of the page is wanted."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def find(request: Asked, number: str) -> tuple[Frame, Case]:
    """A case on the workbench, and the workbench of its community.

    :raises NotFound: when there is none or this person does not serve where it is.
    """
    case = access.find_at_work(request.actor, number)
    return desk_frame.frame(request, case.community_id), case


def list_context(made: Frame, *, now: str = "") -> dict[str, Any]:
    """The list with its filters; an address we did not make shows the list without filters."""
    try:
        page = made.page()
    except queue.BadFilter:
        made.given.clear()
        made.__dict__.pop("filter", None)
        page = made.page()
    older = made.url(cursor=page.cursor) if page.cursor else ""
    newest = made.url() if made.given.get("cursor") else ""
    return {
        "rows": desk_rows.views(made, page.cases, now=now),
        "older": older,
        "newer": newest,
        "filters": _filter_choices(made),
        "filtered": any(made.given.get(key) for key in FILTERS),
        "saved": lists.saved_filters(made.request.actor, made.community_id),
        "tab_words": words.label(desk_frame.TAB_WORDS, made.tab.key),
        "targets_url": reverse("cases:desk_bulk"),
    }


def _filter_choices(made: Frame) -> dict[str, list[tuple[str, Any]]]:
    grids = [row for row in made.places.values() if row.id != made.community_id]
    tops = {row.top for row in reference.categories(made.community_id).values()}
    branches = [code for code in reference.categories(made.community_id) if code in tops]
    return {
        "category": [(code, made.category(code)) for code in branches],
        "urgency": [(one.value, words.URGENCIES[one.value]) for one in Urgency],
        "place": [(row.path, row.name(made.language)) for row in grids],
        "organisation": [(str(body), made.body_name(body)) for body in made.bodies],
        "period": [(key, said) for key, (said, _days) in PERIODS.items()],
    }


@policy("cases.desk", who=STAFF)
@vary_on_headers("HX-Request")
@require_safe
def desk(request: Asked) -> HttpResponse:
    """My queue: the list, and room for a case and the map beside it."""
    made = desk_frame.frame(request)
    return render(request, "cases/desk/desk.html", made.context(**list_context(made), showing="list"))


@policy("cases.desk_rows", who=STAFF)
@require_GET
def rows(request: Asked) -> HttpResponse:
    """The rows again, with the numbers on the tabs: asked for when something changed."""
    made = desk_frame.frame(request)
    now = request.GET.get("now", "")
    context = {**list_context(made, now=now), "frame": made, "tabs": made.tabs(), "swap_tabs": True}
    return render(request, "cases/desk/rows.html", context)


@policy("cases.desk_case", who=STAFF)
@vary_on_headers("HX-Request")
@require_safe
def case(request: Asked, number: str) -> HttpResponse:
    """One case: a part of the page for htmx, the whole page with the list beside it otherwise."""
    made, found = find(request, number)
    return show(made, found)


def show(made: Frame, found: Case, *, status: int = 200, **more: Any) -> HttpResponse:
    """The case as it stands, as a part or as the whole page."""
    request = made.request
    context = {**desk_case.context(made, found), **more, "frame": made}
    if by_htmx(request):
        context |= {"row": desk_rows.one(made, found), "part": True}
        return render(request, "cases/desk/case_part.html", context, status=status)
    context |= made.context(**list_context(made, now=found.number), showing="detail")
    return render(request, "cases/desk/case.html", context, status=status)


@policy("cases.desk_clock", who=STAFF)
@require_safe
def ledger(request: Asked, number: str, clock_id: int) -> HttpResponse:
    """Every second of one promise that counted, and why the others did not."""
    made, found = find(request, number)
    row = ClockRow.objects.filter(case=found, pk=clock_id).first()
    if row is None:
        raise NotFound
    context = {
        "case": found,
        "row": row,
        "stage": words.label(words.STAGES, row.stage),
        "amount": _span(row.amount, row.unit),
        "start_rule": words.label(words.START_RULES, row.start_rule),
        "segments": [
            (segment, words.label(words.LEDGER, segment.why.value), _length(segment))
            for segment in story.ledger(row, at=request.now)
        ],
        "promise": reference.promise_source(found.community_id, row.promise_id),
        "granted": [_span(each["amount"], row.unit) for each in row.extensions],
        "due": face_words.due_time(row.due_at, request.now) if row.due_at and not row.stopped_at else "",
    }
    if by_htmx(request):
        return render(request, "cases/desk/ledger.html", context)
    return render(request, "cases/desk/ledger_page.html", made.context(**context))


def _span(amount: Decimal | str, unit: str) -> str:
    return face_words.span(int(Decimal(amount) * UNIT_SECONDS[Unit(unit)]), unit)  # type: ignore[arg-type]  # faces' units


def _length(segment: Segment) -> str:
    return face_words.span(int((segment.to - segment.from_).total_seconds()), "hour")


@policy("cases.desk_map", who=STAFF)
@require_safe
def map_part(request: Asked, number: str) -> HttpResponse:
    """The map of a case: its grid, its pin, and the open cases around it."""
    made, found = find(request, number)
    around = lists.seen(request.actor, made.community_id).filter(
        state__in=[state.value for state in OPEN], grid_id=found.grid_id, lon__isnull=False
    )
    cases = list(around.exclude(pk=found.pk).order_by("-reported_at")[:MOST_ON_MAP]) if found.grid_id else []
    context = {
        "case": found,
        "points": desk_rows.views(made, apart([found, *cases]), now=found.number),
        "centre": _centre(made, found),
        "frame": made,
    }
    return render(request, "cases/desk/map.html", context)


def apart(cases: list[Case]) -> list[Case]:
    """Those whose points do not cover another's, the first before the others; the list beside has them all."""
    kept: list[Case] = []
    for one in cases:
        if one.lon is None or one.lat is None:
            continue
        if all(
            max(abs(one.lon - (each.lon or 0)), abs(one.lat - (each.lat or 0))) > TOO_NEAR for each in kept
        ):
            kept.append(one)
    return kept


def _centre(made: Frame, found: Case) -> tuple[float | None, float | None]:
    if found.lon is not None:
        return found.lon, found.lat
    grid = made.places.get(found.grid_id or 0) or made.community
    return grid.lon, grid.lat


@policy("cases.desk_filter", who=STAFF)
@require_POST
def keep_filter(request: Asked) -> HttpResponse:
    """Keep the present filters under a name, or forget one that was kept."""
    made = desk_frame.frame(request)
    drop = request.POST.get("drop", "")
    if drop.isdigit() and len(drop) < 18:
        filters.drop_filter(actor=request.actor, filter_id=int(drop), at=request.now)
        messages.success(request, _("The filter is gone."))
        return redirect(made.url())
    try:
        filters.save_filter(
            actor=request.actor,
            community_id=made.community_id,
            name=request.POST.get("name", ""),
            query=request.POST.get("list", "").lstrip("?"),
            at=request.now,
        )
    except Refused as refused:
        wrong = refused.wrongs[0]
        messages.error(request, words.wrong(wrong.code, field=wrong.field, limit=wrong.limit))
    else:
        messages.success(request, _("The filter is kept."))
    return redirect(made.url())
