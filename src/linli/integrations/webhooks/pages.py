"""Settings: where facts go, how it went, each try, once more. Only for those who keep the community."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases.pages import desk_frame, settings
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.rules.intake import Refused
from linli.integrations.webhooks import access, catalog, queries, words
from linli.integrations.webhooks.actions import keeping
from linli.integrations.webhooks.forms import EndpointForm
from linli.integrations.webhooks.models import Delivery, Endpoint
from linli.kernel.access import NotFound, policy
from linli.kernel.text import whole

CURRENT = "webhooks:endpoints"
STATES = tuple(Delivery.State.values)
LOOK_SECONDS = 20
ACTS = {"pause": keeping.pause, "resume": keeping.resume}


@policy("webhooks.endpoints", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Asked) -> HttpResponse:
    """The endpoints, and a form for a new one; its secret is on the page once."""
    made = desk_frame.keeper_frame(request)
    form = EndpointForm(request.POST or None)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            endpoint, secret = keeping.make(
                actor=request.actor, community_id=made.community_id, wanted=form.wanted(), at=request.now
            )
            context = {"secret": secret, "endpoint": endpoint}
            form = EndpointForm()
        except Refused as refused:
            form.say(refused.wrongs)
    listed = queries.endpoints(made.community_id, ended=True)
    context |= {
        "form": form,
        "rows": [_row(one, made) for one in listed if one.endpoint.state != Endpoint.State.ENDED],
        "ended": [_row(one, made) for one in listed if one.endpoint.state == Endpoint.State.ENDED],
        "most": keeping.MOST,
    }
    return settings.show(made, "webhooks/index.html", CURRENT, context, status=422 if form.errors else 200)


def _row(one: queries.Counted, made: Frame) -> dict[str, Any]:
    endpoint = one.endpoint
    resting = endpoint.state == Endpoint.State.ACTIVE and endpoint.failures > 0
    everything = catalog.EVERYTHING in endpoint.facts
    return {
        "row": endpoint,
        "url": reverse("webhooks:endpoint", args=[endpoint.pk]),
        "waiting": one.waiting,
        "dead": one.dead,
        "failing": resting,
        "pause": words.label(words.PAUSES, endpoint.paused_why),
        "hears": pgettext("webhooks", "Everything")
        if everything
        else _("%(n)s events") % {"n": len(endpoint.facts)},
    }


@policy("webhooks.endpoint", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def endpoint(request: Asked, endpoint_id: int) -> HttpResponse:
    """One endpoint: how it goes, its deliveries, its choice of facts, its secret."""
    found = access.endpoint(request.actor, endpoint_id)
    form = EndpointForm(request.POST or None, endpoint=found)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.change(actor=request.actor, endpoint_id=endpoint_id, wanted=form.wanted(), at=request.now)
        except Refused as refused:
            form.say(refused.wrongs)
        else:
            messages.success(request, _("Saved."))
            return redirect("webhooks:endpoint", endpoint_id)
    return _show(request, found, form, status=422 if form.errors else 200)


def _show(
    request: Asked, found: Endpoint, form: EndpointForm, *, secret: str = "", status: int = 200
) -> HttpResponse:
    made = desk_frame.frame(request, found.community_id)
    state = request.GET.get("state", "")
    before = request.GET.get("before", "")
    rows, following = queries.deliveries(
        found,
        state=state if state in STATES else "",
        before=whole(before) or 0,
    )
    context = {
        "endpoint": found,
        "form": form,
        "secret": secret,
        "row": next(
            _row(one, made) for one in queries.endpoints(made.community_id, ended=True) if one.endpoint.pk == found.pk
        ),
        "deliveries": [_delivery(one) for one in rows],
        "following": following,
        "state": state if state in STATES else "",
        "states": [("", _("All")), *((one, words.label(words.STATES, one)) for one in STATES)],
        "overlaps": [(str(hours), words.label(words.OVERLAPS, str(hours))) for hours in keeping.OVERLAPS],
        "over": found.state == Endpoint.State.ENDED,
        "two_secrets": bool(
            found.former_secret and found.former_until_at and found.former_until_at > request.now
        ),
    }  # fmt: skip
    return settings.show(made, "webhooks/endpoint.html", CURRENT, context, status=status)


def _delivery(one: Delivery) -> dict[str, Any]:
    return {
        "row": one,
        "fact": words.label(words.FACTS, one.fact),
        "state": words.label(words.STATES, one.state),
        "why": words.label(words.WHYS, one.why) if one.why else "",
        "url": reverse("webhooks:delivery", args=[one.endpoint_id, one.pk]),
    }


@policy("webhooks.secret", who=settings.KEEPERS)
@require_POST
def secret(request: Asked, endpoint_id: int) -> HttpResponse:
    """Another secret, on the page once."""
    hours = request.POST.get("hours", "")
    try:
        new = keeping.exchange_secret(
            actor=request.actor,
            endpoint_id=endpoint_id,
            hours=int(hours) if hours.isdecimal() and len(hours) < 5 else -1,
            at=request.now,
        )
    except Refused as refused:
        wrong = refused.wrongs[0]
        messages.error(request, words.wrong(wrong.code, field=wrong.field, limit=wrong.limit))
        return redirect("webhooks:endpoint", endpoint_id)
    found = access.endpoint(request.actor, endpoint_id)
    return _show(request, found, EndpointForm(endpoint=found), secret=new)


@policy("webhooks.act", who=settings.KEEPERS)
@require_POST
def act(request: Asked, endpoint_id: int, deed: str) -> HttpResponse:
    """Try it, pause it, go on, send again what was given up, end it."""
    actor, at = request.actor, request.now
    if deed == "ping":
        ping = keeping.ping(actor=actor, endpoint_id=endpoint_id, at=at)
        return redirect("webhooks:delivery", endpoint_id, ping.pk)
    if deed == "again":
        n = keeping.replay_dead(actor=actor, endpoint_id=endpoint_id, at=at)
        said = ngettext("%(n)s delivery goes out again.", "%(n)s deliveries go out again.", n)
        messages.success(request, said % {"n": n})
    elif deed == "end":
        keeping.end(actor=actor, endpoint_id=endpoint_id, at=at)
        messages.success(request, _("Ended. Nothing is sent there any more; the log stays for a month."))
    elif deed in ACTS:
        ACTS[deed](actor=actor, endpoint_id=endpoint_id, at=at)
        messages.success(request, _("Saved."))
    else:
        raise NotFound
    return redirect("webhooks:endpoint", endpoint_id)


@policy("webhooks.delivery", who=settings.KEEPERS)
@require_safe
def delivery(request: Asked, endpoint_id: int, delivery_id: int) -> HttpResponse:
    """One delivery: the event, each try with what went out and what came back."""
    found = _delivery_of(request, endpoint_id, delivery_id)
    made = desk_frame.frame(request, found.community_id)
    tries = queries.tries(found)
    waiting = found.state == Delivery.State.WAITING
    context = {
        "endpoint": found.endpoint,
        "delivery": found,
        "said": _delivery(found),
        "body": json.dumps(json.loads(found.body), ensure_ascii=False, indent=2),
        "tries": [
            {
                "row": one,
                "number": len(tries) - place,
                "why": words.label(words.WHYS, one.why) if one.why else "",
            }
            for place, one in enumerate(tries)
        ],
        "waiting": waiting,
        "over": found.endpoint.state == Endpoint.State.ENDED,
    }
    answer = settings.show(made, "webhooks/delivery.html", CURRENT, context)
    if waiting and (request.now - found.begun_at).total_seconds() < LOOK_SECONDS:
        answer["Refresh"] = "2"  # a first try comes back within seconds: look again, without a script
    return answer


@policy("webhooks.replay", who=settings.KEEPERS)
@require_POST
def replay(request: Asked, endpoint_id: int, delivery_id: int) -> HttpResponse:
    """Send it once more."""
    _delivery_of(request, endpoint_id, delivery_id)
    keeping.replay(actor=request.actor, delivery_id=delivery_id, at=request.now)
    messages.success(request, _("It goes out again, under the same id."))
    return redirect("webhooks:delivery", endpoint_id, delivery_id)


def _delivery_of(request: Asked, endpoint_id: int, delivery_id: int) -> Delivery:
    found = access.delivery(request.actor, delivery_id)
    if found.endpoint_id != endpoint_id:
        raise NotFound
    return found
