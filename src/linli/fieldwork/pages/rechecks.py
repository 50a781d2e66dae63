"""Records looked at again: where I am to go, what I found, what was found of my records, what is to be decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.fieldwork import access_rechecks as access
from linli.fieldwork import words, words_rechecks
from linli.fieldwork.actions import reading
from linli.fieldwork.actions import rechecks as actions
from linli.fieldwork.models import Recheck
from linli.fieldwork.queries import kinds, records_of
from linli.fieldwork.queries import rechecks as queries
from linli.fieldwork.rules import rechecks as rules
from linli.fieldwork.rules.rechecks import Found, State
from linli.fieldwork.rules.words import Purpose
from linli.grids import access as doors
from linli.grids import queries as grids
from linli.grids.pages.settings import community_of
from linli.kernel.access import Forbidden, policy, roles
from linli.kernel.refusals import Refused
from linli.people import queries as people
from linli.people.pages.ways import Asked, language

ROLES = tuple(sorted({*rules.VISITORS, *rules.DECIDERS, *rules.READERS}))
WHO, DECIDERS, VISITORS = roles(*ROLES), roles(*rules.DECIDERS), roles(*rules.VISITORS)
WORKERS = roles("grid_worker", "police", "assistant", "building_head", "dispatcher", "verifier")
PER_PAGE, RESULT_DAYS, DRAWS = 30, 92, 8
TABS = ("go", "own", "decide", "all")


class Finding(forms.Form):
    """What a re-visit found."""

    found = forms.ChoiceField(
        label=_("What you found"),
        choices=[(one.value, label) for one, label in words_rechecks.FOUND.items()],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=pgettext_lazy("re-visit", "In your words"),
        help_text=_(
            "Whom you spoke with as what (never names or numbers), and what was said. Not needed if all is right."
        ),
        max_length=rules.WORDS_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Reply(forms.Form):
    """What the worker says to it."""

    agrees = forms.ChoiceField(
        label=_("Do you agree with what was found?"),
        choices=[
            ("no", _("No, it was as I wrote: somebody else shall look once more")),
            ("yes", _("Yes, it is as found")),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=pgettext_lazy("re-visit", "What you know of it"),
        max_length=rules.WORDS_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class Decision(forms.Form):
    """How it ends."""

    outcome = forms.ChoiceField(
        label=_("What it was"),
        choices=[(one.value, label) for one, label in words_rechecks.OUTCOMES.items()],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=pgettext_lazy("re-visit", "Why"),
        help_text=_("The worker reads it."),
        max_length=rules.WORDS_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SendOther(forms.Form):
    """Send somebody else."""

    visitor = forms.TypedChoiceField(label=_("Who goes"), coerce=int)

    def __init__(self, *args: Any, able: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["visitor"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = able


def _told(form: forms.Form, refused: Refused) -> None:
    for wrong in refused.wrongs:
        field = wrong.field if wrong.field in form.fields else None
        form.add_error(field, words_rechecks.said(wrong.code))


@policy("fieldwork.rechecks", who=WHO)
@require_safe
def index(request: Asked) -> HttpResponse:
    """Where I am to go; what was found of my own records; for leaders what is to be decided, and the results."""
    community, kept = community_of(request, ROLES)
    today, tongue = grids.day_of(request.now), language(request)
    reads = community.id in access.communities_read(request.actor)
    decides = community.id in doors.communities_of(request.actor, rules.DECIDERS)
    tabs = [
        tab
        for tab in TABS
        if tab in ("go", "own") or (tab == "decide" and decides) or (tab == "all" and reads)
    ]
    view = request.GET.get("view", "")
    view = view if view in tabs else "decide" if decides else "go"
    mine = {"community_id": community.id}
    if view == "go":
        found = queries.waiting_for(access.to_visit(request.actor).filter(**mine), request.actor.account_id)
    elif view == "own":
        found = access.of_worker(request.actor).filter(**mine).order_by("-made_at", "-id")
    else:
        found = (
            Recheck.objects.filter(**mine)
            .exclude(worker_id=request.actor.account_id)
            .order_by("due_date", "id")
        )
        found = (
            found.filter(decided_at__isnull=True) if view == "decide" else found.order_by("-made_at", "-id")
        )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    items = [
        {
            "item": item,
            "record": words_rechecks.RECORDS[item.row.record],
            "state": words_rechecks.STATES[item.state],
            "drawn": words_rechecks.DRAWN[item.row.drawn],
            "outcome": words_rechecks.OUTCOMES[Found(item.row.outcome)] if item.row.outcome else "",
            "pressing": item.state is State.TO_DECIDE,
        }
        for item in queries.items(page.object_list, today, tongue)
    ]
    if view == "decide":
        items.sort(key=lambda one: not one["pressing"])
    context = {
        "community": community,
        "kept": kept,
        "views": tabs,
        "view": view,
        "page": page,
        "items": items,
        "decides": decides,
        **(_results(community.id, request) if view == "all" else {}),
    }
    return render(request, "fieldwork/rechecks/desk.html", context)


def _results(community_id: int, request: Asked) -> dict[str, Any]:
    """Rates by lot and aimed, and whether each of the last draws gives the same when made again."""
    return {
        "rates": [
            (words_rechecks.DRAWN[rate.how], rate)
            for rate in queries.rates(community_id, request.now - timedelta(days=RESULT_DAYS))
        ],
        "draws": [
            (draw, len(draw.inputs), records_of.repeats(draw))
            for draw in queries.last_draws(community_id, DRAWS)
        ],
    }


def _record(request: Asked, row: Recheck, *, words_too: bool) -> dict[str, Any]:
    """What is said to have happened, in words; the worker's own words only for them and who decides."""
    tongue = language(request)
    held = records_of.record(row)
    what = held.what if held else ""
    if held and held.record == "visit":
        what = str(words.PURPOSES[Purpose(held.what)])
    elif held and held.record == "service":
        what = kinds.names(row.community_id, tongue).get(held.what, held.what)
    way = grids.ancestors(held.place) if held and held.place else []
    return {
        "kind": words_rechecks.RECORDS[row.record],
        "held": held,
        "what": what,
        "place": " ".join(one.name(tongue) for one in way if one.level not in ("community", "committee")),
        "words": (held.words or _read(request, row)) if held and words_too else "",
        "sealed": bool(held and held.sealed and words_too),
    }


def _read(request: Asked, row: Recheck) -> str:
    """What was written about a household, once it is asked for."""
    if request.method != "POST" or request.POST.get("form") != "words":
        return ""
    try:
        return reading.read_visit(actor=request.actor, recheck=row, at=request.now)
    except reading.TooManyReveals:
        messages.error(request, gettext("You have looked at many people within the hour. Try again later."))
        return ""


def _found(row: Recheck) -> dict[str, Any]:
    return {
        "found": words_rechecks.FOUND[Found(row.found)] if row.found else "",
        "found_again": words_rechecks.FOUND[Found(row.found_again)] if row.found_again else "",
        "outcome": words_rechecks.OUTCOMES[Found(row.outcome)] if row.outcome else "",
        "state": rules.state(records_of.standing(row), grids.day_of(row.made_at)).value,
    }


@policy("fieldwork.recheck", who=VISITORS)
@require_http_methods(["GET", "POST"])
def visit(request: Asked, recheck_id: int) -> HttpResponse:
    """One that I am to make: what is said to have happened, where and when; then what I found."""
    row = access.find_to_visit(request.actor, recheck_id)
    state = rules.state(records_of.standing(row), grids.day_of(request.now))
    mine = (state is State.TO_VISIT and row.visitor_id == request.actor.account_id) or (
        state is State.TO_VISIT_AGAIN and row.again_visitor_id == request.actor.account_id
    )
    form = Finding(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.report(
                actor=request.actor,
                recheck_id=row.pk,
                found=Found(form.cleaned_data["found"]),
                words=form.cleaned_data["words"],
                at=request.now,
            )
        except Refused as refused:
            _told(form, refused)
        else:
            messages.success(request, pgettext("re-visit", "Thank you. Written down."))
            return redirect("fieldwork:rechecks")
    context = {
        "row": row,
        "record": _record(request, row, words_too=False),
        "form": form if mine else None,
    }
    return render(request, "fieldwork/rechecks/visit.html", context, status=422 if form.errors else 200)


@policy("fieldwork.my_recheck", who=WORKERS)
@require_http_methods(["GET", "POST"])
def mine(request: Asked, recheck_id: int) -> HttpResponse:
    """What was found of a record of mine, my answer to it, and how it ended."""
    row = access.find_of_worker(request.actor, recheck_id)
    form = Reply(request.POST if request.POST.get("form") != "words" and request.POST else None)
    if form.is_valid():
        try:
            actions.reply(
                actor=request.actor,
                recheck_id=row.pk,
                admitted=form.cleaned_data["agrees"] == "yes",
                words=form.cleaned_data["words"],
                at=request.now,
            )
        except Refused as refused:
            _told(form, refused)
        else:
            messages.success(request, pgettext("re-visit", "Your answer is on record."))
            return redirect("fieldwork:my_recheck", row.pk)
    context = {
        "row": row,
        "record": _record(request, row, words_too=True),
        "form": form if row.replied_at is None and row.decided_at is None else None,
        **_found(row),
    }
    return render(request, "fieldwork/rechecks/mine.html", context, status=422 if form.errors else 200)


@policy("fieldwork.decide_recheck", who=DECIDERS)
@require_http_methods(["GET", "POST"])
def decide(request: Asked, recheck_id: int) -> HttpResponse:
    """All of one: what it was aimed by, what was found and answered; decided by somebody who was not there."""
    row = access.find_to_decide(request.actor, recheck_id)
    today = grids.day_of(request.now)
    standing = records_of.standing(row)
    state = rules.state(standing, today)
    which = request.POST.get("form", "")
    form = Decision(request.POST if which == "decide" else None)
    waits = state in {State.TO_VISIT, State.TO_VISIT_AGAIN}
    able = people.cards(actions.able_to_go(row, today)) if waits else {}
    send = SendOther(
        request.POST if which == "send" else None, able=[(key, card.short_name) for key, card in able.items()]
    )
    if which == "decide" and form.is_valid() and _decided(request, row, form):
        messages.success(request, pgettext("re-visit", "Decided. The worker is told."))
        return redirect(f"/desk/rechecks/?community={row.community_id}")
    if which == "send" and send.is_valid() and _sent(request, row, send):
        messages.success(request, pgettext("re-visit", "Asked."))
        return redirect("fieldwork:decide_recheck", row.pk)
    item = queries.items([row], today, language(request))[0]
    context = {
        "row": row,
        "item": item,
        "record": _record(request, row, words_too=True),
        "signals": [words_rechecks.of_signal(one) for one in row.signals],
        "drawn": words_rechecks.DRAWN[row.drawn],
        "form": form if state is State.TO_DECIDE else None,
        "send": send if waits and able else None,
        "nobody": waits and not able,
        "why_not": words_rechecks.FAULTS.get(rules.may_be_false(standing), "")
        if row.found == Found.FALSE
        else "",
        **_found(row),
        "state": words_rechecks.STATES[state],
    }
    wrong = bool(form.errors or send.errors)
    return render(request, "fieldwork/rechecks/decide.html", context, status=422 if wrong else 200)


def _decided(request: Asked, row: Recheck, form: Decision) -> bool:
    try:
        actions.decide(
            actor=request.actor,
            recheck_id=row.pk,
            outcome=Found(form.cleaned_data["outcome"]),
            reason=form.cleaned_data["reason"],
            at=request.now,
        )
    except Refused as refused:
        _told(form, refused)
    except Forbidden:
        form.add_error(None, _("You were there yourself, so somebody else decides."))
    return not form.errors


def _sent(request: Asked, row: Recheck, form: SendOther) -> bool:
    try:
        actions.assign(
            actor=request.actor, recheck_id=row.pk, visitor_id=form.cleaned_data["visitor"], at=request.now
        )
    except Refused as refused:
        _told(form, refused)
    return not form.errors
