"""Settings: the words that ring, a sentence tried with its reasons, what residents and the desk are told to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.cases import words
from linli.cases.actions.settings import urgent as keeping
from linli.cases.forms.urgent import AdviceForm, LineForm, TryForm
from linli.cases.pages import desk_frame, settings, telling
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.queries import urgent, urgent_trial
from linli.cases.rules.intake import Refused
from linli.cases.rules.promises import Urgency
from linli.cases.rules.ringing import Advice
from linli.cases.rules.urgent_phrases import DangerKind, UrgentPhrase
from linli.cases.rules.urgent_words import Look, look
from linli.kernel.access import NotFound, policy

CURRENT = "urgent"
RANK = {level.value: rank for rank, level in enumerate(reversed(Urgency))}


@policy("cases.settings_urgent", who=settings.KEEPERS)
@require_http_methods(["GET", "POST"])
def index(request: Asked) -> HttpResponse:
    """The whole list by kind, a sentence to try, a line to add."""
    made = desk_frame.keeper_frame(request)
    trying = TryForm(request.POST if "try" in request.POST else None)
    adding = request.method == "POST" and "try" not in request.POST
    form = LineForm(request.POST if adding else None)
    trial = None
    if adding and form.is_valid():
        if "past" in request.POST:
            trial = _past(made, form, code="own.new")
        elif (done := _save(made, form, code="")) is not None:
            return done
    tried = trying.cleaned_data["sentence"] if trying.is_bound and trying.is_valid() else ""
    listed = urgent.listed(made.community_id)
    context = {
        "form": form,
        "trying": trying,
        "tried": explained(look(tried, listed)) if tried else None,
        "groups": _groups(made, listed.phrases),
        "to_come": urgent.to_come(made.community_id),
        "trial": trial,
        "lines": len(listed.phrases),
    }
    status = 422 if form.errors else 200
    return settings.show(made, "cases/desk/settings/urgent.html", CURRENT, context, status=status)


def explained(found: Look) -> dict[str, Any]:
    """What a look found, in words: every word of the list with its reason."""
    return {
        "urgency": found.urgency.value,
        "urgency_words": words.label(words.URGENCIES, found.urgency.value),
        "rings": found.urgency is Urgency.CRITICAL,
        "version": found.version,
        "found": [
            {
                "code": one.code,
                "kind": words.label(words.DANGERS, one.kind.value),
                "words": one.words,
                "level": one.level.value,
                "level_words": words.label(words.URGENCIES, one.level.value),
                "why": words.label(words.URGENT_WHY, one.why.value),
                "because": one.because,
            }
            for one in found.found
        ],
    }


def _groups(made: Frame, lines: Iterable[UrgentPhrase]) -> list[dict[str, Any]]:
    advice = urgent.every_advice(made.community_id)
    by_kind: dict[DangerKind, list[UrgentPhrase]] = {kind: [] for kind in DangerKind}
    for line in lines:
        by_kind[line.kind].append(line)
    return [
        {
            "kind": kind.value,
            "words": words.label(words.DANGERS, kind.value),
            "lines": sorted(held, key=lambda one: (not one.own, RANK[one.level.value])),
            "advice": _told(advice.get(kind), made.language),
        }
        for kind, held in by_kind.items()
    ]


def _told(one: Advice | None, language: str) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"words": one.words(language), "calls": one.calls(language), "own": one.own}


def _save(made: Frame, form: LineForm, *, code: str) -> HttpResponse | None:
    who: dict[str, Any] = {
        "actor": made.request.actor,
        "community_id": made.community_id,
        "at": made.request.now,
        "valid_from": form.cleaned_data["valid_from"],
    }
    try:
        if code:
            keeping.change_line(code=code, line=form.line(), **who)
        else:
            keeping.add_line(line=form.line(), **who)
    except Refused as refused:
        form.say(refused.wrongs)
        return None
    messages.success(made.request, _("Saved."))
    return redirect("cases:settings_urgent")


def _past(made: Frame, form: LineForm, *, code: str) -> dict[str, Any] | None:
    """The line tried on past cases, before it holds."""
    wanted = form.line()
    try:
        keeping.check(wanted)
    except Refused as refused:
        form.say(refused.wrongs)
        return None
    line = UrgentPhrase(
        code=code,
        kind=DangerKind(wanted.kind),
        level=Urgency(wanted.level),
        may_come=Urgency(wanted.may_come),
        phrase=wanted.phrase,
        inside=wanted.inside,
        beside=wanted.beside,
        on=wanted.on,
    )
    listed = urgent.listed(made.community_id)
    found = urgent_trial.past(made.request.actor, made.community_id, line, listed, at=made.request.now)
    return {
        "tried": found,
        "shown": [
            (case, telling.headline(case), [one.words for one in seen.counted]) for case, seen in found.shown
        ],
    }


@policy("cases.settings_urgent_line", who=settings.KEEPERS)
@require_http_methods(["GET", "POST"])
def line(request: Asked, code: str) -> HttpResponse:
    """One line: what it says from a day on, what it said before; back to the shipped one."""
    made = desk_frame.keeper_frame(request)
    held = urgent.listed(made.community_id).of(code)
    versions = urgent.versions(made.community_id, code)
    if held is None and not versions:
        raise NotFound
    held = held or urgent.as_line(versions[0])
    if request.method == "POST" and "drop" in request.POST:
        keeping.drop_line(actor=request.actor, community_id=made.community_id, code=code, at=request.now)
        messages.success(request, _("Saved."))
        return redirect("cases:settings_urgent")
    form = LineForm(request.POST if request.method == "POST" else None, initial=_initial(held))
    trial = None
    if request.method == "POST" and form.is_valid():
        if "past" in request.POST:
            trial = _past(made, form, code=code)
        elif (done := _save(made, form, code=code)) is not None:
            return done
    context = {
        "form": form,
        "line": held,
        "kind_words": words.label(words.DANGERS, held.kind.value),
        "versions": versions,
        "shipped": not code.startswith(keeping.OWN),
        "trial": trial,
    }
    status = 422 if form.errors else 200
    return settings.show(made, "cases/desk/settings/urgent_line.html", CURRENT, context, status=status)


def _initial(held: UrgentPhrase) -> dict[str, Any]:
    return {
        "kind": held.kind.value,
        "phrase": held.phrase,
        "level": held.level.value,
        "may_come": held.may_come.value,
        "inside": "/".join(held.inside),
        "beside": "/".join(held.beside),
        "on": held.on,
    }


@policy("cases.settings_urgent_advice", who=settings.KEEPERS)
@require_http_methods(["GET", "POST"])
def advice(request: Asked, kind: str) -> HttpResponse:
    """What residents and the desk are told to do in one kind of danger, and whom to call."""
    made = desk_frame.keeper_frame(request)
    held = next((one for one in urgent.every_advice(made.community_id).values() if one.kind == kind), None)
    if held is None:
        raise NotFound
    if request.method == "POST" and "drop" in request.POST:
        keeping.drop_advice(actor=request.actor, community_id=made.community_id, kind=kind, at=request.now)
        messages.success(request, _("Saved."))
        return redirect("cases:settings_urgent")
    form = AdviceForm(request.POST if request.method == "POST" else None, initial=_advice_initial(held))
    if request.method == "POST" and form.is_valid():
        try:
            keeping.set_advice(
                actor=request.actor,
                community_id=made.community_id,
                kind=kind,
                sheet=form.sheet(),
                at=request.now,
            )
        except Refused as refused:
            form.say(refused.wrongs)
        else:
            messages.success(request, _("Saved."))
            return redirect("cases:settings_urgent")
    context = {
        "form": form,
        "kind": kind,
        "kind_words": words.label(words.DANGERS, kind),
        "own": held.own,
        "calls": held.calls(made.language),
        "said": held.words(made.language),
    }
    status = 422 if form.errors else 200
    return settings.show(made, "cases/desk/settings/urgent_advice.html", CURRENT, context, status=status)


def _advice_initial(held: Advice) -> dict[str, str]:
    return {
        "numbers": "\n".join(" ".join(one) for one in held.numbers),
        "words_zh": held.words_zh,
        "words_en": held.words_en,
        "desk_zh": held.desk_zh,
        "desk_en": held.desk_en,
    }
