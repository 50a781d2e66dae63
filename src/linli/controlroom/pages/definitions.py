"""Settings: how each rate is counted, from when; a new version is tried on a period before it holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases.pages.here import Asked
from linli.cases.rules.intake import Refused
from linli.controlroom import access, saying, words
from linli.controlroom.actions import definitions as deciding
from linli.controlroom.forms import DefinitionForm
from linli.controlroom.models import DefinitionRow
from linli.controlroom.pages import frame
from linli.controlroom.pages.frame import Room
from linli.controlroom.queries import definitions, figures
from linli.controlroom.rules.definitions import SHIPPED, USES, Definition
from linli.kernel.access import NotFound, policy, roles
from linli.kernel.clock import LOCAL

LOOKERS = tuple(dict.fromkeys((*access.READERS, *access.KEEPERS)))


@policy("control.definitions", who=roles(*LOOKERS))
@require_safe
def index(request: Asked) -> HttpResponse:
    """Every rate with the definition that holds today, and what is to come."""
    room = frame.room(request, LOOKERS)
    held = definitions.held(room.community_id)
    today = request.now.astimezone(LOCAL).date()
    rates = []
    for code in USES:
        one = held.on(code, today)
        rates.append(
            {
                "code": code,
                "name": words.label(words.FIGURES, code),
                "lines": saying.definition(one),
                "own": one.id != "shipped",
                "coming": [row for row in held.rows.get(code, ()) if row.valid_from > today],
            }
        )
    return room.show("controlroom/definitions.html", "definitions", {"rates": rates})


@policy("control.definition", who=roles(*LOOKERS))
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Asked, code: str) -> HttpResponse:
    """One rate: its versions; for keepers a new one, tried on the period before it is saved."""
    room = frame.room(request, LOOKERS)
    if code not in USES:
        raise NotFound
    today = request.now.astimezone(LOCAL).date()
    held = definitions.held(room.community_id, [code])
    present = held.on(code, today)
    form = DefinitionForm(request.POST or None, code=code, held=present)
    trial = None
    if request.method == "POST":
        access.require(request.actor, room.community_id, access.KEEPERS)
        if form.is_valid():
            try:
                if "save" in request.POST:
                    return _save(room, form)
                deciding.check(_wanted(form), at=request.now)
                trial = _tried(room, form.definition())
            except Refused as refused:
                form.say(refused.wrongs)
    context = {
        "code": code,
        "name": words.label(words.FIGURES, code),
        "formula": words.label(words.FORMULAS, code),
        "form": form,
        "trial": trial,
        "versions": [_version(row, today=today, used=present) for row in held.rows.get(code, ())],
        "shipped": saying.definition(SHIPPED[code]),
        "shipped_holds": present.id == "shipped",
        "looking": room.looking,
    }
    return room.show(
        "controlroom/definition.html", "definitions", context, status=422 if form.errors else 200
    )


def _wanted(form: DefinitionForm) -> deciding.Wanted:
    data = form.cleaned_data
    return deciding.Wanted(form.definition(), data["valid_from"], data["why"], data["source_of_it"])


def _save(room: Room, form: DefinitionForm) -> HttpResponse:
    request = room.request
    row = deciding.set_definition(
        actor=request.actor, community_id=room.community_id, wanted=_wanted(form), at=request.now
    )
    messages.success(request, _("Saved. It holds from %(day)s.") % {"day": row.valid_from.isoformat()})
    return redirect("control-definition", row.code)


def _tried(room: Room, trial: Definition) -> dict[str, Any]:
    """The period shown, counted as now and as wanted."""
    (now,) = (each for each in figures.figures([trial.code], **room.asked) if each.code == trial.code)
    (then,) = (
        each for each in figures.figures([trial.code], **room.asked, trial=trial) if each.code == trial.code
    )
    return {
        "period": room.looking.words,
        "lines": saying.definition(trial),
        "columns": [
            {
                "words": said,
                "value": saying.value(each),
                "unit": saying.unit(each.unit),
                "parts": saying.parts(each),
                "excluded": each.excluded,
                "reasons": saying.reasons(each),
                "marks": saying.marks(each),
            }
            for said, each in ((_("As it is counted now"), now), (_("As you want it"), then))
        ],
    }


def _version(row: DefinitionRow, *, today: Any, used: Definition) -> dict[str, Any]:
    return {
        "row": row,
        "lines": saying.definition(definitions.read(row)),
        "now": str(row.pk) == used.id,
        "later": row.valid_from > today,
        "ends": row.valid_to and row.valid_to < today + timedelta(days=1),
    }


@policy("control.drop_definition", who=frame.KEEPERS)
@require_POST
def drop(request: Asked, definition_id: int) -> HttpResponse:
    """Take back a version that does not hold yet."""
    room = frame.room(request, access.KEEPERS)
    deciding.drop_definition(
        actor=request.actor, community_id=room.community_id, definition_id=definition_id, at=request.now
    )
    messages.success(request, _("Taken back. What holds now goes on."))
    return redirect("control-definitions")
