"""Posters: one at once, or those of a whole community by the worker, with progress."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.grids import access as doors
from linli.grids import forms
from linli.grids.actions import posters as actions
from linli.grids.models import PosterRun
from linli.grids.pages.scan import scan_base
from linli.grids.pages.settings import community_of, served_places
from linli.grids.rules.duties import HANGERS
from linli.grids.rules.posters import Layout, sheets
from linli.grids.words import FAULTS, LAYOUTS
from linli.kernel import access, media
from linli.people.pages.ways import Asked, language

WHO = access.roles(*HANGERS)
SHOWN = 10


@access.policy("grids.poster", who=access.STAFF)
@require_safe
def poster(request: Asked, place_id: int) -> HttpResponse:
    """A sheet to print and hang at one door, or stickers of its code."""
    place = doors.find(request.actor, place_id)
    if not place.qr_code:
        raise access.NotFound
    layout = Layout.STICKERS if request.GET.get("layout") == Layout.STICKERS else Layout.A4
    response = HttpResponse(actions.poster(place, layout, scan_base(request)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{place.code}-{layout.value}.pdf"'
    return response


@access.policy("grids.posters", who=WHO)
@require_http_methods(["GET", "POST"])
def posters(request: Asked) -> HttpResponse:
    """Have posters drawn for a place and all below it; see how far they are, and fetch them."""
    community, kept = community_of(request, HANGERS)
    form = forms.Print(request.POST or None, places=served_places(request, community, HANGERS))
    if request.method == "POST" and form.is_valid() and _asked(request, form):
        messages.success(request, _("Asked for. It is drawn now; you need not wait here."))
        return redirect(f"{reverse('grids:posters')}?community={community.id}")
    runs = PosterRun.objects.filter(community_id=community.id).select_related("place")
    rows = [_row(run, language(request)) for run in runs.order_by("-asked_at", "-id")[:SHOWN]]
    context = {
        "community": community,
        "kept": kept,
        "form": form,
        "rows": rows,
        "drawing": any(row["drawing"] for row in rows),
        "days": actions.KEPT.days,
    }
    return render(request, "grids/posters.html", context, status=422 if form.errors else 200)


def _asked(request: Asked, form: forms.Print) -> bool:
    try:
        actions.ask_posters(
            actor=request.actor,
            place_id=form.cleaned_data["place"],
            layout=Layout(form.cleaned_data["layout"]),
            base=scan_base(request),
            at=request.now,
        )
    except actions.NothingToPrint as nothing:
        form.add_error("place", str(FAULTS[nothing.code]))
    return not form.errors


def _row(run: PosterRun, tongue: str) -> dict[str, Any]:
    english = tongue == "en" and run.place.name_en
    return {
        "run": run,
        "place": run.place.name_en if english else run.place.name_zh,
        "layout": LAYOUTS[run.layout],
        "pages": sheets(Layout(run.layout), run.total),
        "drawing": run.finished_at is None,
        "kilobytes": -(-run.bytes // 1000),
    }


@access.policy("grids.posters_file", who=WHO)
@require_safe
def file(request: Asked, run_id: int) -> HttpResponseBase:
    """The file of a print run."""
    run = PosterRun.objects.select_related("place").filter(pk=run_id).first()
    if run is None or not run.path:
        raise access.NotFound
    try:
        doors.find_served(request.actor, run.place_id, HANGERS)
    except access.Forbidden as error:
        raise access.NotFound from error
    try:
        opened = media.open_media(run.path)
    except media.MediaMissing as error:
        raise access.NotFound from error
    name = f"{run.place.name_zh} {LAYOUTS[run.layout]}.pdf"
    response = FileResponse(
        opened, as_attachment=True, filename=name, content_type=media.content_type(run.path)
    )
    response["Cache-Control"] = "private, no-store"
    return response
