"""Settings: promises, with a look at what they would mean for a report of now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.cases import words
from linli.cases.actions.settings import keeping as beats
from linli.cases.actions.settings import promises as keeping
from linli.cases.forms.settings import PromiseForm
from linli.cases.models import PromiseRow
from linli.cases.pages import desk_frame, desk_offers, settings
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.queries import promise_preview
from linli.cases.rules.intake import Refused
from linli.cases.rules.promises import Stage
from linli.faces import words as face_words
from linli.kernel.access import policy
from linli.kernel.worktime import UNIT_SECONDS, Unit


@dataclass(frozen=True, slots=True)
class Group:
    """The promises for one category and urgency, stage by stage."""

    category: str
    urgency: str
    rows: list[dict[str, Any]]


@policy("cases.settings_promises", who=settings.KEEPERS)
@require_http_methods(["GET", "POST"])
def promises(request: Asked) -> HttpResponse:
    """All promises in force or to come; a form for a new version, with a look before it is saved."""
    made = desk_frame.keeper_frame(request)
    choices = desk_offers.category_choices(made)
    initial = {"unit": "working_hour", "start_rule": "at_once", **request.GET.dict()}
    form = PromiseForm(request.POST or None, initial=initial, categories=choices)
    preview: Sequence[promise_preview.Due] = ()
    if request.method == "POST" and form.is_valid():
        try:
            if "save" in request.POST:
                keeping.set_promise(
                    actor=request.actor,
                    community_id=made.community_id,
                    wanted=form.wanted(),
                    at=request.now,
                )
                messages.success(request, _("Saved."))
                return redirect("cases:settings_promises")
            preview = _preview(made, form.wanted())
        except Refused as refused:
            form.say(refused.wrongs)
    context = {
        "form": form,
        "groups": _groups(made),
        "preview": [_said(one) for one in preview],
        "today": beats.today(request.now),
    }
    status = 422 if form.errors else 200
    return settings.show(made, "cases/desk/settings/promises.html", "promises", context, status=status)


def _preview(made: Frame, wanted: keeping.Wanted) -> Sequence[promise_preview.Due]:
    keeping.check(made.community_id, wanted)
    day = beats.from_day(wanted.valid_from, made.request.now)
    return promise_preview.due(
        made.community_id,
        category_code=wanted.category_code,
        urgency=wanted.urgency,
        at=made.request.now,
        trial=wanted.as_rule(day),
        on=day,
    )


def _said(one: promise_preview.Due) -> dict[str, Any]:
    promise = one.promise
    return {
        "stage": words.label(words.STAGES, one.stage),
        "length": face_words.span(promise.seconds, promise.unit.value),
        "start": words.label(words.START_RULES, promise.start_rule.value),
        "due_at": one.due_at,
        "wanted": one.wanted,
    }


def _groups(made: Frame) -> list[Group]:
    today = beats.today(made.request.now)
    order = {stage.value: place for place, stage in enumerate(Stage)}
    rows = PromiseRow.objects.filter(community_id=made.community_id).order_by("category_code", "urgency")
    found: dict[tuple[str, str], Group] = {}
    for row in rows:
        if row.valid_to is not None and row.valid_to < today:
            continue
        key = (row.category_code, row.urgency)
        group = found.setdefault(key, _group(made, row))
        group.rows.append(_row(row, order, later=row.valid_from > today))
    for group in found.values():
        group.rows.sort(key=lambda held: (held["order"], held["row"].valid_from))
    return list(found.values())


def _group(made: Frame, row: PromiseRow) -> Group:
    category = made.category(row.category_code) if row.category_code else _("All categories")
    urgency = words.label(words.URGENCIES, row.urgency) if row.urgency else ""
    return Group(category, urgency, [])


def _row(row: PromiseRow, order: dict[str, int], *, later: bool) -> dict[str, Any]:
    seconds = int(row.amount * UNIT_SECONDS[Unit(row.unit)])
    return {
        "row": row,
        "order": order.get(row.stage, len(order)),
        "stage": words.label(words.STAGES, row.stage),
        "length": face_words.span(seconds, row.unit),  # type: ignore[arg-type]  # the units of the faces
        "start": words.label(words.START_RULES, row.start_rule),
        "later": later,
    }


@policy("cases.settings_promise_end", who=settings.KEEPERS)
@require_POST
def end(request: Asked, promise_id: int) -> HttpResponse:
    """End a promise after a day."""
    return settings.end(
        request, "cases:settings_promises", partial(keeping.end_promise, promise_id=promise_id)
    )
