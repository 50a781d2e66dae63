"""Services at the desk: what is offered where; written, changed, taken down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.grids import access as doors
from linli.grids import queries as grids
from linli.grids.pages.settings import community_of, served_places
from linli.kernel.access import NotFound, policy
from linli.kernel.refusals import Outdated, Refused
from linli.people.pages.ways import Asked, language
from linli.publishing import access, rules
from linli.publishing import actions_services as actions
from linli.publishing import queries_services as queries
from linli.publishing.forms_services import Offer
from linli.publishing.models import Service
from linli.publishing.pages import AUTHORS
from linli.publishing.rules_services import MOST, Sheet, Topic, ordered, state
from linli.publishing.words import STATES
from linli.publishing.words_services import FAULTS, TOPICS


def _state(request: Asked) -> rules.State:
    try:
        return rules.State(request.GET.get("state", rules.State.STANDING))
    except ValueError as error:
        raise NotFound from error


def _tried(form: Offer, act: Callable[[], Service]) -> Service | None:
    """Do it; what keeps it from being done is said at the fields of the form, in words."""
    try:
        return act()
    except Refused as refused:
        for wrong in refused.wrongs:
            form.add_error(wrong.field, str(FAULTS[wrong.code]))
    except Outdated:
        form.add_error(None, _("Somebody else changed it in the meantime. Look at it again before you save."))
    return None


@policy("publishing.services", who=AUTHORS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """The services of a community by state, as residents would find them."""
    community, kept = community_of(request, rules.AUTHORS)
    shown, today = _state(request), grids.day_of(request.now)
    every = Service.objects.filter(community_id=community.id)
    found, counts = queries.in_state(every, shown, today), queries.counts(every, today)
    tongue = language(request)
    context = {
        "kept": kept,
        "community": community,
        "rows": [
            {
                "row": row,
                "name": row.said("name", tongue),
                "place": row.place.name(tongue),
                "topic": TOPICS[Topic(row.topic)],
                "mine": doors.serves(request.actor, row.place, rules.AUTHORS),
            }
            for row in ordered(queries.rows(found.order_by("id")[:MOST]))
        ],
        "states": [(each.value, STATES[each], counts[each], each is shown) for each in rules.State],
    }
    return render(request, "publishing/services.html", context)


@policy("publishing.new_service", who=AUTHORS)
@require_http_methods(["GET", "POST"])
def new(request: Asked) -> HttpResponse:
    """Offer another one."""
    community, kept = community_of(request, rules.AUTHORS)
    form = Offer(
        request.POST or None,
        places=served_places(request, community, rules.AUTHORS),
        initial={"from_date": grids.day_of(request.now)},
    )
    if request.method == "POST" and form.is_valid():
        made = _tried(
            form,
            lambda: actions.offer_service(
                actor=request.actor,
                place_id=form.cleaned_data["place"],
                sheet=form.sheet(),
                key=form.cleaned_data["key"] or uuid4(),
                at=request.now,
            ),
        )
        if made:
            messages.success(request, pgettext("services", "Saved. Everybody reads it on its days."))
            return redirect("publishing:service", made.pk)
    context = {"form": form, "kept": kept, "community": community}
    return render(request, "publishing/new_service.html", context, status=422 if form.errors else 200)


@policy("publishing.service", who=AUTHORS)
@require_http_methods(["GET", "POST"])
def service(request: Asked, service_id: int) -> HttpResponse:
    """One of them: change it while it is not taken down."""
    found = access.find_service(request.actor, service_id)
    initial: dict[str, Any] = {name: getattr(found, name) for name in Sheet.__dataclass_fields__}
    form = Offer(request.POST or None, initial={**initial, "version": found.version})
    if request.method == "POST" and form.is_valid():
        changed = _tried(
            form,
            lambda: actions.change_service(
                actor=request.actor,
                service_id=found.pk,
                sheet=form.sheet(),
                version=form.cleaned_data["version"] or 0,
                at=request.now,
            ),
        )
        if changed:
            messages.success(request, _("Saved."))
            return redirect("publishing:service", found.pk)
    row = queries.rows([found])[0]
    today, gone = grids.day_of(request.now), found.withdrawn_at is not None
    now = state(from_date=found.from_date, last_date=found.last_date, withdrawn=gone, today=today)
    context = {
        "form": form,
        "row": row,
        "community": grids.place(found.community_id),
        "place": row.place.name(language(request)),
        "state": STATES[now],
        "withdrawn": gone,
        "readable": now is rules.State.STANDING,
    }
    return render(request, "publishing/service.html", context, status=422 if form.errors else 200)


@policy("publishing.withdraw_service", who=AUTHORS)
@require_POST
def withdraw(request: Asked, service_id: int) -> HttpResponse:
    """It is offered no more."""
    row = actions.withdraw_service(actor=request.actor, service_id=service_id, at=request.now)
    messages.success(request, _("Taken down. Nobody reads it any more; it stays in the history."))
    return redirect(f"/desk/services/?community={row.community_id}")
