"""Settings: the category tree."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.cases.actions.settings import categories as keeping
from linli.cases.forms.settings import CategoryForm, LastDay
from linli.cases.models import Category
from linli.cases.pages import desk_frame, settings
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.queries import reference
from linli.cases.rules.intake import Refused
from linli.kernel.access import NotFound, policy


@policy("cases.settings_categories", who=settings.KEEPERS)
@require_http_methods(["GET", "POST"])
def categories(request: Asked) -> HttpResponse:
    """The tree in force, and a form for another category."""
    made = desk_frame.keeper_frame(request)
    rows = reference.categories(made.community_id)
    parents = [(code, made.category(code)) for code in rows if "." not in code]
    asked = {"parent": request.GET.get("under", "")}
    form = CategoryForm(request.POST or None, initial=asked, parents=parents)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.add_category(
                actor=request.actor,
                community_id=made.community_id,
                parent=form.cleaned_data["parent"],
                sheet=form.sheet(),
                at=request.now,
            )
        except Refused as refused:
            form.say(refused.wrongs)
        else:
            messages.success(request, _("Saved."))
            return redirect("cases:settings_categories")
    context = {"form": form, "branches": _branches(made)}
    status = 422 if form.errors else 200
    return settings.show(made, "cases/desk/settings/categories.html", "categories", context, status=status)


def _branches(made: Frame) -> list[tuple[Any, list[Any]]]:
    rows = reference.categories(made.community_id)
    tops = [row for row in rows.values() if row.top == row.code or row.top not in rows]
    return [
        (top, [row for row in rows.values() if row.top == top.code and row.code != top.code]) for top in tops
    ]


@policy("cases.settings_category", who=settings.KEEPERS)
@require_http_methods(["GET", "POST"])
def category(request: Asked, code: str) -> HttpResponse:
    """One category: its names and marks from today on, its last day, and what it was called before."""
    made = desk_frame.keeper_frame(request)
    versions = Category.objects.filter(community_id=made.community_id, code=code).order_by("-valid_from")
    row = versions.first()
    if row is None:
        raise NotFound
    held = {name: getattr(row, name) for name in ("name_zh", "name_en", "kind", "sensitive")}
    ending = request.method == "POST" and "last_day" in request.POST
    sent = request.POST if request.method == "POST" else None
    form = CategoryForm(None if ending else sent, initial={**held, "keywords": "，".join(row.keywords)})
    last = LastDay(sent if ending else None)
    chosen = last if ending else form
    if request.method == "POST" and chosen.is_valid():
        try:
            _change(made, code, form, last, ending=ending)
        except Refused as refused:
            chosen.say(refused.wrongs)
        else:
            messages.success(request, _("Saved."))
            return redirect("cases:settings_categories")
    context = {"form": form, "last": last, "row": row, "versions": versions, "name": made.category(code)}
    status = 422 if chosen.errors else 200
    return settings.show(made, "cases/desk/settings/category.html", "categories", context, status=status)


def _change(made: Frame, code: str, form: CategoryForm, last: LastDay, *, ending: bool) -> None:
    who: dict[str, Any] = {
        "actor": made.request.actor,
        "community_id": made.community_id,
        "at": made.request.now,
    }
    if ending:
        keeping.end_category(code=code, last_day=last.cleaned_data["last_day"], **who)
    else:
        keeping.change_category(code=code, sheet=form.sheet(), **who)
