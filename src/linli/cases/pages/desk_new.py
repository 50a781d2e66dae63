"""Writing down what a caller or visitor says, or what somebody found on patrol and perhaps settled at once."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.cases import access
from linli.cases.actions import moves, report
from linli.cases.actions.moves import Conflict
from linli.cases.actions.report import Receipt
from linli.cases.forms.entry import Entry
from linli.cases.pages import desk_frame, desk_offers, here, taking
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.queries import reference
from linli.cases.rules.intake import Channel, Refused
from linli.cases.rules.kinds import Kind
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import FIELD, Verb
from linli.grids import locate
from linli.kernel.access import STAFF, Forbidden, NotFound, policy
from linli.kernel.idempotency import KeyReused


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
    first = Channel.PATROL.value if on_ground else Channel.DESK.value
    initial = {"key": uuid.uuid4().hex, "channel": first, "kind": Kind.HELP.value, "urgency": ""}
    form = Entry(data, initial=initial, auto_id="new-%s")
    form.offer(desk_offers.category_choices(made), may_settle=on_ground)
    return form


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
    }
    return render(made.request, "cases/desk/new.html", made.context(**context), status=status)


def _receipt(made: Frame, form: Entry, receipt: Receipt) -> HttpResponse:
    """Number and code, to be read out to the caller; sending the form again gives the same."""
    row = reference.categories(made.community_id).get(form.cleaned_data["category_code"])
    context = {
        "receipt": receipt,
        "spoken": " ".join(receipt.number[at : at + 4] for at in range(0, len(receipt.number), 4)),
        "category": row.name(made.language) if row else "",
        "settled": bool(form.cleaned_data.get("settle")),
        "for_somebody": form.cleaned_data["channel"] == Channel.DESK,
        "serves": access.staff_view(made.request.actor).filter(number=receipt.number).exists(),
    }
    return render(made.request, "cases/desk/new_done.html", made.context(**context))
