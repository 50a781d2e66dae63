"""The community's register of households: put in place of the one before, by file."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from linli.grids import forms
from linli.grids.actions import register as actions
from linli.grids.models import HouseholdEntry
from linli.grids.pages.settings import WHO, community_of
from linli.grids.rules.duties import KEEPERS
from linli.grids.words import FAULTS, PROBLEMS
from linli.kernel import access
from linli.people.pages.ways import Asked

MOST_BYTES = 10_000_000


@access.policy("grids.register", who=WHO)
@require_http_methods(["GET", "POST"])
def register(request: Asked) -> HttpResponse:
    """How many doors and phones the register has, and a form for a newer one."""
    community, kept = community_of(request, KEEPERS)
    form = forms.Register(request.POST or None, request.FILES or None)
    faults: list[tuple[int, str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.list_households(
                actor=request.actor,
                community_id=community.id,
                content=form.cleaned_data["table"].read(MOST_BYTES),
                at=request.now,
            )
        except actions.BadRegister as bad:
            faults = [
                (one.line, str({**PROBLEMS, **FAULTS}.get(one.code, one.code)), one.detail)
                for one in bad.faults
            ]
        else:
            words = ngettext(
                "Listed: %(n)s entry. %(proved)s waiting homes are proved by it.",
                "Listed: %(n)s entries. %(proved)s waiting homes are proved by it.",
                done.entries,
            )
            messages.success(request, words % {"n": done.entries, "proved": done.proved})
            return redirect(f"{reverse('grids:register')}?community={community.id}")
    held = HouseholdEntry.objects.filter(community_id=community.id).aggregate(
        entries=Count("pk"), doors=Count("dwelling", distinct=True), listed_at=Max("listed_at")
    )
    context = {"community": community, "kept": kept, "form": form, "faults": faults, "held": held}
    return render(request, "grids/register.html", context, status=422 if faults or form.errors else 200)
