"""Sending one case on, and what became of it there. For the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.cases import access
from linli.cases.pages import desk_frame
from linli.cases.pages.here import Asked
from linli.cases.rules.intake import Refused
from linli.cases.rules.workflow import DESK, OPEN, State
from linli.integrations.open311.actions import forwarding
from linli.integrations.open311.forms import ForwardForm
from linli.integrations.open311.models import Endpoint, Forward
from linli.integrations.open311.pages.settings import forward_told
from linli.kernel import text
from linli.kernel.access import policy, roles

WHO = roles(*DESK)


@policy("open311.case", who=WHO)
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: Asked, number: str) -> HttpResponse:
    """Whereto, as what, and what leaves: one after the other, each in the address, so that it works without a script."""
    found = access.find_at_work(request.actor, number)
    made = desk_frame.frame(request, found.community_id)
    held = Endpoint.objects.filter(community_id=found.community_id, ended_at=None).order_by("name")
    endpoints = [row for row in held if row.services]
    chosen = next((row for row in endpoints if str(row.pk) == request.GET.get("to", "")), None)
    if chosen is None and len(endpoints) == 1:
        chosen = endpoints[0]
    service = _service(chosen, request.GET.get("as", ""))
    form = _form(request, found, service) if service else None
    if request.method == "POST" and chosen and service and form is not None and form.is_valid():
        try:
            forwarding.forward(
                actor=request.actor,
                number=found.number,
                wanted=form.wanted(chosen.pk, str(service["service_code"])),
                at=request.now,
            )
        except Refused as refused:
            form.say(refused.wrongs)
        else:
            messages.success(
                request, _("It goes out within a minute. What they say is written into the case.")
            )
            return redirect("open311:forward", found.number)
    rows = Forward.objects.filter(number=found.number, community_id=found.community_id).select_related(
        "endpoint"
    )
    context = made.context(
        case=found,
        open=State(found.state) in OPEN,
        forwards=[forward_told(row) for row in rows.order_by("-asked_at")],
        endpoints=endpoints,
        chosen=chosen,
        service=service,
        form=form,
        back=reverse("cases:desk_case", args=[found.number]),
    )
    return render(request, "open311/case.html", context, status=422 if form and form.errors else 200)


def _service(endpoint: Endpoint | None, code: str) -> dict[str, Any] | None:
    if endpoint is None or not code:
        return None
    return next((one for one in endpoint.services if one["service_code"] == code), None)


def _form(request: Asked, found: Any, service: dict[str, Any]) -> ForwardForm:
    initial = {"words": text.mask_text(found.words), "address": _address(found), "with_point": True}
    return ForwardForm(
        request.POST or None,
        initial=initial,
        attributes=service.get("attributes") or (),
        point=found.lon is not None,
    )


def _address(found: Any) -> str:
    """No finer than the building; a door number stays here."""
    names = [place.name_zh for place in (found.building, found.grid) if place is not None]
    return ", ".join(names) or text.mask_text(found.address)


@policy("open311.decide", who=WHO)
@require_POST
def decide(request: Asked, number: str, forward_id: int) -> HttpResponse:
    """What a person knows of a forward that is unsure, or wishes of one that waits."""
    try:
        forwarding.decide(
            actor=request.actor,
            number=number,
            forward_id=forward_id,
            wish=request.POST.get("wish", ""),
            remote_id=request.POST.get("remote_id", ""),
            at=request.now,
        )
    except Refused as refused:
        wrong = refused.wrongs[0]
        missing = (
            _("Give its number there.")
            if wrong.field == "remote_id"
            else _("It no longer stands so. Look again.")
        )
        messages.error(request, missing)
    else:
        messages.success(request, _("Saved."))
    return redirect("open311:forward", number)
