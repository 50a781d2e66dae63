"""Settings: the identity providers of a community, tried on entering. Only for those who keep the community."""

from __future__ import annotations

import time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.cases.pages import desk_frame, settings
from linli.cases.pages.here import Asked
from linli.cases.rules.intake import Refused
from linli.integrations.oidc import metadata, pages, words
from linli.integrations.oidc.actions import coming_in, keeping
from linli.integrations.oidc.forms import ProviderForm
from linli.integrations.oidc.models import Provider
from linli.integrations.oidc.rules import Untrusted
from linli.kernel import outside
from linli.kernel.access import policy
from linli.people import words as people_words
from linli.people.pages import ways

CURRENT = "oidc:providers"


@policy("oidc.providers", who=settings.KEEPERS)
@ways.strong
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Asked) -> HttpResponse:
    """The providers, and a form for another."""
    made = desk_frame.keeper_frame(request)
    form = ProviderForm(request.POST or None, initial={"phone_claim": ""})
    if request.method == "POST" and form.is_valid():
        try:
            row = keeping.make(
                actor=request.actor, community_id=made.community_id, wanted=form.wanted(), at=request.now
            )
        except Refused as refused:
            form.say(refused.wrongs)
        else:
            messages.success(request, _("Entered. Register the redirect address there, then try it."))
            return redirect("oidc:provider", row.pk)
    rows = coming_in.providers([made.community_id])
    context = {"form": form, "rows": [_row(row, made.language) for row in rows]}
    return settings.show(made, "oidc/index.html", CURRENT, context, status=422 if form.errors else 200)


def _row(row: Provider, language: str) -> dict[str, Any]:
    return {
        "row": row,
        "name": pages.name(row, language),
        "roles": [people_words.ROLES[code] for code in row.roles],
        "people": row.identities.count(),
    }


@policy("oidc.provider", who=settings.KEEPERS)
@ways.strong
@require_http_methods(["GET", "HEAD", "POST"])
def provider(request: Asked, provider_id: int) -> HttpResponse:
    """One provider: its redirect address, a trial of what it publishes, a form."""
    row = keeping.find(request.actor, provider_id)
    made = desk_frame.frame(request, row.community_id)
    tried = None
    form = ProviderForm(row=row)
    if "try" in request.POST:
        tried = _tried(row)
    elif request.method == "POST":
        form = ProviderForm(request.POST, row=row)
        if form.is_valid():
            try:
                keeping.change(
                    actor=request.actor, provider_id=provider_id, wanted=form.wanted(), at=request.now
                )
            except Refused as refused:
                form.say(refused.wrongs)
            else:
                messages.success(request, _("Saved."))
                return redirect("oidc:provider", provider_id)
    context = {
        "form": form,
        "told": _row(row, made.language),
        "back": pages.back_address(request, row),
        "tried": tried,
    }
    return settings.show(made, "oidc/provider.html", CURRENT, context, status=422 if form.errors else 200)


def _tried(row: Provider) -> dict[str, Any]:
    """What the provider publishes now, or what is wrong with it."""
    try:
        known = metadata.of(row.issuer, newer_than=time.monotonic())
    except (Untrusted, outside.Unreached) as error:
        return {"wrong": words.label(words.TRIALS, error.code)}
    return {"metadata": known.metadata, "keys": len(known.keys.keys)}


@policy("oidc.provider_end", who=settings.KEEPERS)
@ways.strong
@require_POST
def end(request: Asked, provider_id: int) -> HttpResponse:
    """Nobody comes in by it any more."""
    keeping.end(actor=request.actor, provider_id=provider_id, at=request.now)
    messages.success(request, _("Ended. Nobody comes in this way any more; open sessions go on."))
    return redirect("oidc:providers")
