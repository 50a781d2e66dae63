"""Writing down what a caller or visitor says, or what somebody found on patrol and perhaps settled at once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import segno
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.cases import access
from linli.cases.actions import moves, report
from linli.cases.actions.moves import Conflict
from linli.cases.actions.report import Receipt
from linli.cases.forms.entry import ROADS, Entry
from linli.cases.models import Case
from linli.cases.pages import desk_frame, desk_offers, here, taking
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.queries import reference
from linli.cases.rules.intake import Channel, Refused
from linli.cases.rules.kinds import Kind
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import FIELD, Verb
from linli.faces.cards import absolute
from linli.grids import access as doors
from linli.grids import locate
from linli.grids.rows import PlaceRow
from linli.grids.rules.words import Level
from linli.kernel import numbering
from linli.kernel.access import STAFF, Forbidden, NotFound, policy
from linli.kernel.clock import LOCAL
from linli.kernel.idempotency import KeyReused

MOST_TYPED, OF_WORDS = 100, 40


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that was typed in: its number, and how it begins."""

    number: str
    words: str


@policy("cases.desk_new", who=STAFF)
@require_http_methods(["GET", "POST"])
def new(request: Asked) -> HttpResponse:
    """The form (GET); the report, and the settling if it was settled on the spot (POST): both or neither."""
    made = desk_frame.frame(request)
    if request.method == "GET":
        return _page(made, _form(made, None))
    data, turned = _with_files(made)
    form = _form(made, data)
    for name, said in turned:
        form.add_error(name if name in form.fields else None, said)
    if form.is_valid():
        receipt = _take(made, form)
        if receipt is not None:
            return _receipt(made, form, receipt)
    return _page(made, form, status=422)


def may_settle(made: Frame) -> bool:
    """Whether this person serves on the ground here."""
    return bool(made.roles & FIELD)


def _form(made: Frame, data: QueryDict | None) -> Entry:
    on_ground = may_settle(made)
    road, place = _asked_for(made)
    first = road or (Channel.PATROL.value if on_ground else Channel.DESK.value)
    initial = {"key": uuid.uuid4().hex, "channel": first, "kind": Kind.HELP.value, "urgency": ""}
    if place is not None and place.level == Level.BUILDING.value:
        initial["building"] = place.name_zh  # as the list of buildings has it
    form = Entry(data, initial=initial, auto_id="new-%s")
    form.offer(desk_offers.category_choices(made), may_settle=on_ground)
    return form


def _asked_for(made: Frame) -> tuple[str, PlaceRow | None]:
    """The road and the place that the address names: a pile of forms from one building is typed in one after the other."""
    road = made.request.GET.get("road", "")
    try:
        place = doors.find_public(made.request.GET.get("place", ""))
    except NotFound:
        return (road if road in dict(ROADS) else ""), None
    return (road if road in dict(ROADS) else ""), place if place.community_id == made.community_id else None


def _typed_today(made: Frame) -> list[Typed]:
    """The paper forms this person typed in today, the last first: where in the pile they are."""
    begun = made.request.now.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    found = Case.objects.filter(
        community_id=made.community_id,
        channel=Channel.PAPER,
        assisted_by_id=made.request.actor.account_id,
        reported_at__gte=begun,
    )
    rows = found.order_by("-pk").values_list("number", "words")[:MOST_TYPED]
    return [Typed(numbering.pretty_number(number), said[:OF_WORDS]) for number, said in rows]


def _with_files(made: Frame) -> tuple[QueryDict, list[tuple[str, str]]]:
    """What was sent, with its files taken and their tickets noted; and what could not be taken."""
    data = made.request.POST.copy()
    turned: list[tuple[str, str]] = []
    for field, kept in (("pictures", "tickets"), ("after", "after_tickets")):
        taken, refused = taking.all_of(made.request, made.community_id, made.request.FILES.getlist(field))
        held = [ticket for ticket in data.get(kept, "").split(",") if ticket]
        data[kept] = ",".join([*held, *(str(file.ticket) for file in taken)])
        turned += [(field, f"{one.name}: {one.words}") for one in refused]
    return data, turned


def _take(made: Frame, form: Entry) -> Receipt | None:
    """Report, and settle where it was settled, in one transaction; None when the form says what is wrong."""
    try:
        with transaction.atomic():
            receipt = _report(made, form)
            if form.cleaned_data.get("settle") and not receipt.again:
                _settle(made, form, receipt)
    except Refused as refused:
        form.say(refused.wrongs)
    except KeyReused:
        form.add_error(None, _("This report was sent already in another form. Begin a new one."))
    except (Forbidden, Conflict, NotFound):
        form.add_error(None, _("You do not serve at this place, so you cannot settle it yourself."))
    else:
        return receipt
    return None


def _report(made: Frame, form: Entry) -> Receipt:
    data = form.cleaned_data
    return report.report(
        actor=made.request.actor,
        community_id=made.community_id,
        report=form.report(building(made, data["building"]), tickets(data["tickets"])),
        at=made.request.now,
        key=data["key"],
        network=here.network(made.request),
    )


def _settle(made: Frame, form: Entry, receipt: Receipt) -> None:
    data = form.cleaned_data
    moves.take(
        actor=made.request.actor,
        number=receipt.number,
        given=Given(
            verb=Verb.SETTLE,
            category_code=data["category_code"],
            answer=data["answer"],
            uploads=tickets(data["after_tickets"]),
        ),
        at=made.request.now,
    )


def building(made: Frame, typed: str) -> int | None:
    """The building that was chosen or typed; None when no building of this community has that name."""
    if not typed.strip():
        return None
    for rows in made.buildings().values():
        for row in rows:
            if typed.strip() in {row.name_zh, row.name_en, *row.aliases}:
                return row.id
    match = locate.locate_text(made.community_id, typed)
    return match.building_id if match else None


def tickets(value: str) -> tuple[str, ...]:
    return tuple(ticket for ticket in value.split(",") if ticket)


def _page(made: Frame, form: Entry, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "may_settle": may_settle(made),
        "buildings": made.buildings(),
        "held": len(tickets(form["tickets"].value() or "")),
        "held_after": len(tickets(form["after_tickets"].value() or "")),
        "paper_form": reverse("cases:paper_form", args=[_place(made).code]),
    }
    if form["channel"].value() == Channel.PAPER:
        context["typed"] = _typed_today(made)
    return render(made.request, "cases/desk/new.html", made.context(**context), status=status)


def _receipt(made: Frame, form: Entry, receipt: Receipt) -> HttpResponse:
    """Number and code, to be read out to the caller; sending the form again gives the same."""
    row = reference.categories(made.community_id).get(form.cleaned_data["category_code"])
    follow = absolute(made.request, reverse("cases:follow"))
    channel = form.cleaned_data["channel"]
    context = {
        "receipt": receipt,
        "spoken": " ".join(receipt.number[at : at + 4] for at in range(0, len(receipt.number), 4)),
        "said": form.cleaned_data["words"],
        "follow": follow,
        "follow_code": segno.make(
            f"{follow}?{urlencode({'number': receipt.number})}", micro=False
        ).svg_data_uri(scale=4, border=2),
        "phone": taking.desk_phones(made.community_id).desk,
        "will_hear": bool(form.cleaned_data["contact_phone"]),
        "next": f"{reverse('cases:desk_new')}?{urlencode(_same_again(made, channel))}",
        "on_paper": channel == Channel.PAPER,
        "category": row.name(made.language) if row else "",
        "settled": bool(form.cleaned_data.get("settle")),
        "for_somebody": channel in {Channel.DESK, Channel.PAPER},
        "serves": access.staff_view(made.request.actor).filter(number=receipt.number).exists(),
    }
    return render(made.request, "cases/desk/new_done.html", made.context(**context))


def _place(made: Frame) -> PlaceRow:
    """The place the forms come from: the one the address names, else the community."""
    return _asked_for(made)[1] or made.places[made.community_id]


def _same_again(made: Frame, channel: str) -> dict[str, str]:
    """The next form of the pile comes by the same road, from the same place."""
    place = made.request.GET.get("place", "")
    return {"road": channel} | ({"place": place} if place else {})
