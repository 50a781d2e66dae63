"""Out to a provider and back in; binding one's own account."""

from __future__ import annotations

import logging
import secrets
from dataclasses import asdict
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.faces.languages import reads_english
from linli.integrations.oidc import rules, words
from linli.integrations.oidc.actions import coming_in
from linli.integrations.oidc.actions.coming_in import Stopped
from linli.integrations.oidc.models import Provider
from linli.integrations.oidc.rules import Begun
from linli.kernel import limits
from linli.kernel.access import PUBLIC, STAFF, NotFound, policy
from linli.people import queries as people
from linli.people.pages import ways
from linli.people.pages.ways import Asked

log = logging.getLogger("linli.oidc")
KEPT = "linli.oidc"  # sign-ins under way, by their state


def back_address(request: Asked, found: Provider) -> str:
    """The address to which the provider sends people back; it must be registered there."""
    path = reverse("oidc:back", args=[found.key])
    base = settings.LINLI_BASE_URL.rstrip("/")
    return f"{base}{path}" if base else request.build_absolute_uri(path)


def name(found: Provider, language: str) -> str:
    """What a provider is called."""
    return found.name_en if reads_english(language) and found.name_en else found.name_zh


@policy("oidc.start", who=PUBLIC)
@require_safe
def start(request: Asked, key: str) -> HttpResponse:
    """Out to the provider; what comes back must belong to this session."""
    found = coming_in.provider(key)
    if found is None:
        raise NotFound
    if not limits.take(f"oidc:{ways.network(request)}", capacity=60, per_seconds=limits.MINUTE):
        return _stopped(request, found, Stopped("busy"), 429)
    link = request.GET.get("link") == "1" and request.actor.staff
    begun = Begun.new(key, ways.wanted(request), link=link, at=request.now)
    state = secrets.token_urlsafe(24)
    try:
        out = coming_in.way_out(found, begun, state=state, back=back_address(request, found))
    except Stopped as stopped:
        return _stopped(request, found, stopped)
    kept = dict(request.session.get(KEPT, {}))
    kept[state] = asdict(begun)
    request.session[KEPT] = dict(list(kept.items())[-rules.MOST_OPEN :])
    return HttpResponseRedirect(out)


@policy("oidc.back", who=PUBLIC)
@require_safe
def back(request: Asked, key: str) -> HttpResponse:
    """Back from the provider: who is it?"""
    found = coming_in.provider(key)
    if found is None:
        raise NotFound
    kept = dict(request.session.get(KEPT, {}))
    held = kept.pop(request.GET.get("state", ""), None)
    if held is not None:
        request.session[KEPT] = kept  # a state counts once
    begun = Begun(**held) if isinstance(held, dict) else None
    try:
        if begun is None or not begun.holds(key=key, at=request.now):
            raise Stopped("late")
        came = _came(request, found, begun)
    except Stopped as stopped:
        return _stopped(request, found, stopped)
    if begun.link:
        messages.success(request, _("Bound. From now on you can come in that way."))
        return redirect("oidc:mine")
    account = people.account(came.account_id)
    if account is None:
        return _stopped(request, found, Stopped("unknown"))
    return ways.enter(request, account, begun.goal, second_factor=came.second_factor)


def _came(request: Asked, found: Provider, begun: Begun) -> coming_in.CameIn:
    if "error" in request.GET or not request.GET.get("code"):
        raise Stopped("cancelled", request.GET.get("error", "")[:40])
    if begun.link and not request.actor.staff:
        raise Stopped("late")
    return coming_in.come_in(
        found,
        begun,
        code=request.GET["code"][:2000],
        iss=request.GET.get("iss", "")[: rules.LONGEST],
        back=back_address(request, found),
        at=request.now,
        signed_in_as=request.actor.account_id,
    )


def _stopped(request: Asked, found: Provider, stopped: Stopped, status: int = 403) -> HttpResponse:
    """Why somebody does not come in, and what to do; the log has the code, never what the provider said."""
    log.warning("sign-in through a provider stopped", extra={"code": stopped.code, "reason": stopped.detail})
    if stopped.code == "provider":
        status = 502
    context = {
        "provider": name(found, ways.language(request)),
        "said": words.label(words.STOPS, stopped.code),
        "advice": words.label(words.ADVICE, stopped.code),
        "again": reverse("oidc:start", args=[found.key]),
        "host": urlsplit(found.issuer).hostname,
    }
    return render(request, "oidc/stopped.html", context, status=status)


@policy("oidc.mine", who=STAFF)
@ways.strong
@require_safe
def mine(request: Asked) -> HttpResponse:
    """What my account is bound to, and what it could be bound to."""
    language = ways.language(request)
    bound = coming_in.identities(request.actor.person_id)
    offered = coming_in.providers(sorted(request.actor.staff_communities))
    rows = [{"provider": name(one, language), "key": one.key, "bound": bound.get(one.pk)} for one in offered]
    return render(request, "oidc/mine.html", {"rows": rows, "tab": "me"})


@policy("oidc.unbind", who=STAFF)
@ways.strong
@require_POST
def unbind(request: Asked, identity_id: int) -> HttpResponse:
    """My account is bound no more."""
    coming_in.unbind(actor=request.actor, identity_id=identity_id, at=request.now)
    messages.success(request, _("Unbound."))
    return redirect("oidc:mine")
