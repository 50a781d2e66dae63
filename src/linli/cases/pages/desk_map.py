"""The map of the list: where the cases lie that the list shows, while none of them is open beside it."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.cases.pages import desk_frame, desk_rows
from linli.cases.pages.desk import apart
from linli.cases.pages.desk_frame import KEPT
from linli.cases.pages.here import Asked
from linli.cases.queries import queue
from linli.kernel.access import STAFF, policy


@policy("cases.desk_list_map", who=STAFF)
@require_safe
def list_map(request: Asked) -> HttpResponse:
    """The cases of the list's page as points with their clocks; the filters are those of the page that asks."""
    made = desk_frame.frame(request)
    _, _, query = request.headers.get("HX-Current-URL", "").partition("?")
    if query:
        given = dict(parse_qsl(query))
        made.given = {key: given[key] for key in KEPT if given.get(key)}
    try:
        cases = made.page().cases
    except queue.BadFilter:
        cases = []
    shown = [case for case in cases if case.lon is not None]
    context = {
        "points": desk_rows.views(made, apart(shown)),
        "shown": len(shown),
        "unplaced": len(cases) - len(shown),
        "community": made.community,
        "frame": made,
    }
    return render(request, "cases/desk/list_map.html", context)
