"""Settings: the organisations of the communities I keep."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel import access
from linli.people import access as doors
from linli.people import forms, models, ports, words
from linli.people.actions import organisations as keeping
from linli.people.pages import ways

KEEPERS = access.roles(*doors.KEEPERS)


@access.policy("people.organisations", who=KEEPERS)
@require_http_methods(["GET", "POST"])
def organisations(request: ways.Asked) -> HttpResponse:
    """All open organisations, and a form for another one."""
    communities = ports.community_names(sorted(doors.kept_communities(request.actor)), ways.language(request))
    form = forms.NewOrganisation(request.POST or None, communities=communities)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            keeping.create_organisation(
                actor=request.actor,
                community_id=given["community"],
                kind=models.Organisation.Kind(given["kind"]),
                sign=_sign(given),
                at=request.now,
            )
        except keeping.NameTaken:
            form.add_error("name_zh", _("An organisation of this name is there already."))
        else:
            messages.success(request, _("Saved."))
            return redirect("people:organisations")
    rows = [
        {"row": row, "kind": words.KINDS[row.kind], "community": communities[row.community_id]}
        for row in doors.visible_organisations(request.actor)
    ]
    context = {"form": form, "rows": rows, "several": len(communities) > 1}
    return render(request, "people/organisations.html", context, status=422 if form.errors else 200)


@access.policy("people.organisation", who=KEEPERS)
@require_http_methods(["GET", "POST"])
def organisation(request: ways.Asked, organisation_id: int) -> HttpResponse:
    """One organisation: what stands on its door."""
    row = doors.find_organisation(request.actor, organisation_id)
    held = {"name_zh": row.name_zh, "name_en": row.name_en, "phone": row.phone}
    form = forms.OrganisationSign(request.POST or None, initial=held)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.rename_organisation(
                actor=request.actor,
                organisation_id=organisation_id,
                sign=_sign(form.cleaned_data),
                at=request.now,
            )
        except keeping.NameTaken:
            form.add_error("name_zh", _("An organisation of this name is there already."))
        else:
            messages.success(request, _("Saved."))
            return redirect("people:organisations")
    context = {"form": form, "row": row, "kind": words.KINDS[row.kind]}
    return render(request, "people/organisation.html", context, status=422 if form.errors else 200)


@access.policy("people.organisation_close", who=KEEPERS)
@require_POST
def close(request: ways.Asked, organisation_id: int) -> HttpResponse:
    """Close it: no new work goes there."""
    keeping.close_organisation(actor=request.actor, organisation_id=organisation_id, at=request.now)
    messages.success(request, _("Closed. It stays in the history."))
    return redirect("people:organisations")


def _sign(given: dict[str, Any]) -> keeping.Sign:
    return keeping.Sign(name_zh=given["name_zh"], name_en=given["name_en"], phone=given["phone"])
