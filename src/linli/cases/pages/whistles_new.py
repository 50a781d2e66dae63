"""Blowing the whistle: from a case, or with a new report in one step."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from linli.cases import words
from linli.cases.actions import whistle as acting
from linli.cases.actions.moves import Conflict
from linli.cases.forms import whistle as forms
from linli.cases.forms.whistle import BodyField
from linli.cases.models import Case
from linli.cases.pages import desk, desk_frame, desk_new, desk_offers, finding, here, taking, telling
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.rules.intake import Channel, PlaceGiven, Refused, Report
from linli.cases.rules.kinds import Kind
from linli.cases.rules.whistle import LONGEST_PLACE
from linli.cases.rules.workflow import CALLERS
from linli.kernel.access import STAFF, Forbidden, policy
from linli.kernel.idempotency import KeyReused
from linli.people import words as people_words


@policy("cases.whistle_blow", who=STAFF)
@vary_on_headers("HX-Request")
@require_http_methods(["GET", "HEAD", "POST"])
def blow(request: Asked, number: str) -> HttpResponse:
    """Call bodies to a place about this case."""
    made, case = desk.find(request, number)
    if not made.roles & CALLERS:
        raise Forbidden("not_your_move")
    if desk.by_htmx(request) and request.method != "POST":
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = request.get_full_path()
        return answer
    form = _form(made, forms.Blow, _initial(made, case), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            wanted = form.blown(request.now)
            version = form.cleaned_data.get("version")
            whistle, _again = acting.blow(
                actor=request.actor, number=case.number, wanted=wanted, at=request.now, version=version
            )
        except Refused as refused:
            form.say(refused.wrongs)
        except Conflict as conflict:
            messages.warning(request, words.label(words.HINDRANCES, conflict.code))
            return redirect("cases:desk_case", case.number)
        else:
            messages.success(request, _("The bodies are called."))
            return redirect("cases:whistle_one", whistle.pk)
    context = {"case": case, "title": telling.headline(case), "where": finding.of_case(case, made.language)}
    return _page(made, form, context, status=422 if form.errors else 200)


def _initial(made: Frame, case: Case) -> dict[str, Any]:
    return {
        "version": case.version,
        "place": finding.of_case(case, made.language)[:LONGEST_PLACE],
        "lon": case.lon,
        "lat": case.lat,
    }


def _form(made: Frame, kind: type[Any], initial: dict[str, Any], data: QueryDict | None) -> Any:
    first = {"key": uuid.uuid4().hex, "when": "30", **initial}
    form = kind(data, initial=first, auto_id="call-%s")
    form.offer([(str(body), made.body_name(body)) for body in made.bodies])
    return form


def _bodies(made: Frame, form: Any) -> list[BodyField]:
    chosen = set(form["bodies"].value() or [])
    return [
        BodyField(
            id=pk,
            name=made.body_name(pk),
            kind=words.label(people_words.KINDS, body.kind),
            phone=body.phone or "",
            chosen=str(pk) in chosen,
            words=form.own_words(pk) if form.is_bound else "",
        )
        for pk, body in made.bodies.items()
    ]


def _page(made: Frame, form: Any, context: dict[str, Any], *, status: int) -> HttpResponse:
    shown = {"form": form, "bodies": _bodies(made, form), **context}
    return render(made.request, "cases/desk/whistle_blow.html", made.context(**shown), status=status)


@policy("cases.whistle_new", who=STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Asked) -> HttpResponse:
    """Report what one sees and call the bodies at once: both or neither."""
    made = desk_frame.frame(request)
    if not made.roles & CALLERS:
        raise Forbidden("not_your_move")
    data, turned = _with_pictures(made) if request.method == "POST" else (None, [])
    form = _form(made, forms.BlowNew, {"when": "now"}, data)
    form.fields["category_code"].choices = [
        ("", _("Not sure: propose one")),
        *desk_offers.category_choices(made),
    ]
    for said in turned:
        form.add_error("pictures", said)
    if request.method == "POST" and form.is_valid():
        answer = _both(made, form)
        if answer is not None:
            return answer
    context = {
        "fresh": True,
        "buildings": made.buildings(),
        "held": len(desk_new.tickets(form["tickets"].value() or "")),
    }
    return _page(made, form, context, status=422 if form.errors else 200)


def _with_pictures(made: Frame) -> tuple[QueryDict, list[str]]:
    """What was sent, with its pictures taken and their tickets noted; and what could not be taken."""
    data = made.request.POST.copy()
    taken, refused = taking.all_of(made.request, made.community_id, made.request.FILES.getlist("pictures"))
    held = [ticket for ticket in data.get("tickets", "").split(",") if ticket]
    data["tickets"] = ",".join([*held, *(str(file.ticket) for file in taken)])
    return data, [f"{one.name}: {one.words}" for one in refused]


def _both(made: Frame, form: Any) -> HttpResponse | None:
    """The report and its whistle; None when the form says what is wrong."""
    data, at = form.cleaned_data, made.request.now
    building = desk_new.building(made, data["building"])
    where = data["place"].strip() or data["building"].strip()
    pin = (data["lon"], data["lat"]) if building is None else (None, None)
    report = Report(
        words=data["what"],
        channel=Channel.PATROL,
        kind=Kind.HELP,
        place=PlaceGiven(building_id=building, lon=pin[0], lat=pin[1], address=where),
        category_code=data["category_code"],
        uploads=tuple(ticket for ticket in data["tickets"].split(",") if ticket),
    )
    form.cleaned_data["place"] = where
    form.cleaned_data["words"] = data["words"].strip() or data["what"].strip()
    try:
        _receipt, whistle = acting.report_and_blow(
            actor=made.request.actor,
            community_id=made.community_id,
            report=report,
            wanted=form.blown(at),
            at=at,
            key=data["key"],
            network=here.network(made.request),
        )
    except Refused as refused:
        form.say(refused.wrongs)
    except KeyReused:
        form.add_error(None, _("This report was sent already in another form. Begin a new one."))
    except (Forbidden, Conflict):
        form.add_error(None, _("You do not serve at this place, so you cannot call bodies to it."))
    else:
        messages.success(made.request, _("Reported, and the bodies are called."))
        return redirect("cases:whistle_one", whistle.pk)
    return None
