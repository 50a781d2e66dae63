"""Settings: the ladder, with what each rung would have meant for the promises that run now."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.cases import words, words_chasing
from linli.cases.actions.settings import keeping as beats
from linli.cases.actions.settings import ladder as keeping
from linli.cases.forms.chasing import RungForm
from linli.cases.models import LadderRow
from linli.cases.pages import desk_frame, desk_offers, settings
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.rules.intake import Refused
from linli.cases.rules.ladder import LETTERS, Act, When
from linli.cases.rules.promises import Stage
from linli.faces import words as face_words
from linli.kernel.access import policy
from linli.kernel.worktime import UNIT_SECONDS, Unit


@dataclass(frozen=True, slots=True)
class Group:
    """The ladder of one category, urgency and stage, from the lowest rung up."""

    category: str
    urgency: str
    stage: str
    rows: list[dict[str, Any]]


@policy("cases.settings_ladder", who=settings.KEEPERS)
@require_http_methods(["GET", "POST"])
def ladder(request: Asked) -> HttpResponse:
    """All rungs in force or to come; a form for a new version of one."""
    made = desk_frame.keeper_frame(request)
    initial = {"when": "used", "unit": "working_day", "percent": 80, "amount": 0, "days": 1, "level": 1}
    form = RungForm(
        request.POST or None,
        initial={**initial, **request.GET.dict()},
        categories=desk_offers.category_choices(made),
    )
    if request.method == "POST" and form.is_valid():
        try:
            keeping.set_rung(
                actor=request.actor, community_id=made.community_id, wanted=form.wanted(), at=request.now
            )
        except Refused as refused:
            form.say(refused.wrongs)
        else:
            messages.success(request, _("Saved. Promises that run follow it from now on."))
            return redirect("cases:settings_ladder")
    context = {"form": form, "groups": _groups(made), "today": beats.today(request.now)}
    status = 422 if form.errors else 200
    return settings.show(made, "cases/desk/settings/ladder.html", "ladder", context, status=status)


def _groups(made: Frame) -> list[Group]:
    today = beats.today(made.request.now)
    order = {stage.value: place for place, stage in enumerate(Stage)}
    rows = LadderRow.objects.filter(community_id=made.community_id).order_by(
        "category_code", "urgency", "level"
    )
    found: dict[tuple[str, str, int], Group] = {}
    for row in rows:
        if row.valid_to is not None and row.valid_to < today:
            continue
        key = (row.category_code, row.urgency, order.get(row.stage, len(order)))
        group = found.setdefault(key, _group(made, row))
        group.rows.append(_row(row, later=row.valid_from > today))
    return [found[key] for key in sorted(found)]


def _group(made: Frame, row: LadderRow) -> Group:
    category = made.category(row.category_code) if row.category_code else _("All categories")
    urgency = words.label(words.URGENCIES, row.urgency) if row.urgency else ""
    return Group(category, urgency, words.label(words.STAGES, row.stage), [])


def _row(row: LadderRow, *, later: bool) -> dict[str, Any]:
    return {
        "row": row,
        "when": moment_words(row),
        "act": words.label(words_chasing.RUNG_ACTS, row.act),
        "days": _working_days(row.days) if Act(row.act) in LETTERS else "",
        "later": later,
    }


def _working_days(days: Decimal) -> str:
    return face_words.span(int(days * UNIT_SECONDS[Unit.WORKING_DAY]), Unit.WORKING_DAY.value)


def moment_words(row: LadderRow) -> str:
    """When a rung is climbed, in words."""
    if row.when == When.USED:
        return _("%(percent)s%% of the promise used up") % {"percent": row.percent}
    if not row.amount:
        return _("as soon as it is broken")
    unit = Unit(row.unit)
    length = face_words.span(int(row.amount * UNIT_SECONDS[unit]), row.unit)  # type: ignore[arg-type]  # the faces' units
    return _("%(length)s after it was broken") % {"length": length}


@policy("cases.settings_ladder_begin", who=settings.KEEPERS)
@require_POST
def begin(request: Asked) -> HttpResponse:
    """Begin with the shipped example."""
    made = desk_frame.keeper_frame(request)
    try:
        keeping.begin_with_examples(actor=request.actor, community_id=made.community_id, at=request.now)
    except Refused:
        messages.warning(request, _("There is a ladder already."))
    else:
        messages.success(request, _("The example is in force. Change what does not fit here."))
    return redirect("cases:settings_ladder")


@policy("cases.settings_ladder_end", who=settings.KEEPERS)
@require_POST
def end(request: Asked, row_id: int) -> HttpResponse:
    """End a rung after a day."""
    return settings.end(request, "cases:settings_ladder", partial(keeping.end_rung, row_id=row_id))
