"""Settings: who is called back, when somebody counts as not reached, and what callers say."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.cases import words, words_calls
from linli.cases.actions.settings import callbacks as keeping
from linli.cases.actions.settings import keeping as beats
from linli.cases.forms.callback import PlanLine, Terms
from linli.cases.models import CallbackRule
from linli.cases.pages import desk_frame, desk_offers, settings
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.queries import callback_plan
from linli.cases.rules import callback as rules
from linli.cases.rules.intake import Refused
from linli.kernel.access import policy


@policy("cases.settings_callbacks", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def callbacks(request: Asked) -> HttpResponse:
    """The plan with a form for a line, which can be tried first; the terms and the script."""
    made = desk_frame.keeper_frame(request)
    line = _line_form(made, request.POST if "share" in request.POST else None)
    terms = _terms_form(made, request.POST if "tries" in request.POST else None)
    tried: keeping.Tried | None = None
    if request.method == "POST":
        try:
            if "tries" in request.POST and terms.is_valid():
                wanted, script = terms.wanted()
                keeping.set_terms(
                    actor=request.actor,
                    community_id=made.community_id,
                    terms=wanted,
                    script=script,
                    at=request.now,
                )
                return _saved(request)
            if "share" in request.POST and line.is_valid():
                if "save" in request.POST:
                    keeping.add_line(
                        actor=request.actor,
                        community_id=made.community_id,
                        wanted=line.wanted(),
                        at=request.now,
                    )
                    return _saved(request)
                tried = keeping.try_out(
                    actor=request.actor, community_id=made.community_id, wanted=line.wanted(), at=request.now
                )
        except Refused as refused:
            (terms if "tries" in request.POST else line).say(refused.wrongs)
    context = {
        "line": line,
        "terms": terms,
        "rows": _rows(made),
        "tried": tried,
        "tried_rows": [(made.body_name(body) or "–", n, drawn) for body, n, drawn in tried.by_body]
        if tried
        else [],
        "today": beats.today(request.now),
    }
    status = 422 if line.errors or terms.errors else 200
    return settings.show(made, "cases/desk/settings/callbacks.html", "callbacks", context, status=status)


def _saved(request: Asked) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("cases:settings_callbacks")


def _line_form(made: Frame, data: Any) -> PlanLine:
    form = PlanLine(data, initial={"minimum": 0}, auto_id="plan-%s")
    bodies = [(str(body), made.body_name(body)) for body in made.bodies]
    form.offer(desk_offers.category_choices(made), bodies)
    return form


def _terms_form(made: Frame, data: Any) -> Terms:
    held = callback_plan.in_force(made.community_id, beats.today(made.request.now))
    terms = held.terms
    initial: dict[str, Any] = {
        name: getattr(terms, name)
        for name in ("tries", "days", "parts", "apart_hours", "from_time", "to_time")
    }
    for name in rules.QUESTIONS:
        for language in ("zh", "en"):
            own = held.script.get(name, {}).get(language)
            initial[f"{name}_{language}"] = own or words_calls.SCRIPT[name][language]
    return Terms(data, initial=initial, auto_id="terms-%s")


def _rows(made: Frame) -> list[dict[str, Any]]:
    today = beats.today(made.request.now)
    found = CallbackRule.objects.filter(community_id=made.community_id).order_by(
        "trigger", "category_code", "pk"
    )
    return [
        {
            "row": row,
            "about": _about(made, row),
            "later": row.valid_from > today,
        }
        for row in found
        if row.valid_to is None or row.valid_to >= max(today, row.valid_from)
    ]


def _about(made: Frame, row: CallbackRule) -> str:
    parts = [
        made.category(row.category_code) if row.category_code else "",
        made.body_name(row.organisation_id),
        words.label(words.CHANNELS, row.channel) if row.channel else "",
        words.label(words_calls.TRIGGERS, row.trigger) if row.trigger else "",
    ]
    return " · ".join(part for part in parts if part) or _("Every case")


@policy("cases.settings_callback_end", who=settings.KEEPERS)
@require_POST
def end(request: Asked, line_id: int) -> HttpResponse:
    """End a line of the plan after a day."""
    return settings.end(request, "cases:settings_callbacks", partial(keeping.end_line, rule_id=line_id))
