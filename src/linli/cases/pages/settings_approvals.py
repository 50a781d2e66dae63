"""Settings: whom it takes to grant more time, who rules on second returns, who heads a body."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.cases import words, words_chasing
from linli.cases.actions.settings import approvals as keeping
from linli.cases.actions.settings import keeping as beats
from linli.cases.forms.chasing import ApprovalForm, NamedForm
from linli.cases.models import ApprovalRow
from linli.cases.pages import desk_frame, settings
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.queries import chasing
from linli.cases.rules.intake import Refused
from linli.cases.rules.requests import Ask
from linli.cases.rules.workflow import DESK
from linli.faces import words as face_words
from linli.grids import queries as places
from linli.kernel.access import policy
from linli.kernel.worktime import UNIT_SECONDS, Unit
from linli.people import queries as people

LIMITS = {"extend": "extend_times", "pause": "pause_times", "hang": "hang_times"}


@policy("cases.settings_approvals", who=settings.KEEPERS)
@require_http_methods(["GET", "POST"])
def approvals(request: Asked) -> HttpResponse:
    """The paths of approval and the people named; a form for a new version of a path."""
    made = desk_frame.keeper_frame(request)
    form = ApprovalForm(
        request.POST or None, initial={"kind": "extend", "decider": "dispatcher", **request.GET.dict()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            keeping.set_approval(
                actor=request.actor, community_id=made.community_id, wanted=form.wanted(), at=request.now
            )
        except Refused as refused:
            form.say(refused.wrongs)
        else:
            messages.success(request, _("Saved. What waits already keeps its path."))
            return redirect("cases:settings_approvals")
    return _show(made, form, _named_form(made, None))


@policy("cases.settings_named", who=settings.KEEPERS)
@require_POST
def name(request: Asked) -> HttpResponse:
    """Name somebody."""
    made = desk_frame.keeper_frame(request)
    form = _named_form(made, request.POST)
    if form.is_valid():
        try:
            keeping.appoint(
                actor=request.actor, community_id=made.community_id, at=request.now, **form.cleaned_data
            )
        except Refused as refused:
            form.say(refused.wrongs)
        else:
            messages.success(request, _("Saved."))
            return redirect("cases:settings_approvals")
    return _show(made, ApprovalForm(initial={"kind": "extend", "decider": "dispatcher"}), form)


def _named_form(made: Frame, data: Any) -> NamedForm:
    duties = places.duties(made.community_id, beats.today(made.request.now))
    fit = {duty.account_id for duty in duties if duty.role in DESK | chasing.BODY_ROLES}
    names = people.names(fit)
    roles = {duty.account_id: words.role(duty.role) for duty in duties if duty.account_id in fit}
    persons = [
        (one, f"{names.get(one, '')} · {roles[one]}")
        for one in sorted(fit, key=lambda one: (roles[one], one))
    ]
    bodies = [(body, made.body_name(body)) for body in made.bodies]
    return NamedForm(data, auto_id="named-%s", initial={"what": "arbiter"}, people=persons, bodies=bodies)


def _show(made: Frame, form: ApprovalForm, named: NamedForm) -> HttpResponse:
    today, at = beats.today(made.request.now), made.request.now
    context = {
        "form": form,
        "named": named,
        "groups": _groups(made),
        "people": _people(made),
        "leaders": sorted(people.names(chasing.arbiters(made.community_id, today)).values()),
        "limits": [
            (words.label(words.REQUESTS, kind), places.setting(made.community_id, key, at))
            for kind, key in LIMITS.items()
        ],
        "today": today,
    }
    status = 422 if form.errors or named.errors else 200
    return settings.show(made, "cases/desk/settings/approvals.html", "approvals", context, status=status)


def _groups(made: Frame) -> list[dict[str, Any]]:
    today = beats.today(made.request.now)
    rows = [
        row
        for row in ApprovalRow.objects.filter(community_id=made.community_id).order_by("up_to", "valid_from")
        if row.valid_to is None or row.valid_to >= today
    ]
    return [
        {
            "kind": words.label(words.REQUESTS, kind.value),
            "code": kind.value,
            "rows": [
                {
                    "row": row,
                    "up_to": _up_to(row.up_to),
                    "decider": words.label(words_chasing.DECIDERS, row.decider),
                    "later": row.valid_from > today,
                }
                for row in rows
                if row.kind == kind
            ],
        }
        for kind in Ask
        if any(row.kind == kind for row in rows)
    ]


def _up_to(days: Decimal | None) -> str:
    if days is None:
        return _("any size")
    length = face_words.span(int(days * UNIT_SECONDS[Unit.WORKING_DAY]), Unit.WORKING_DAY.value)
    return _("up to %(length)s") % {"length": length}


def _people(made: Frame) -> list[dict[str, Any]]:
    today = beats.today(made.request.now)
    rows = [one for one in chasing.named(made.community_id) if one.valid_to is None or one.valid_to >= today]
    names = people.names({one.account_id for one in rows})
    return [
        {
            "row": one,
            "key": str(one.id),
            "what": words.label(words_chasing.NAMED_FOR, one.what),
            "body": made.body_name(one.organisation_id),
            "name": names.get(one.account_id, ""),
            "later": one.valid_from > today,
        }
        for one in sorted(rows, key=lambda one: (one.what, one.organisation_id or 0, one.valid_from))
    ]


@policy("cases.settings_approvals_begin", who=settings.KEEPERS)
@require_POST
def begin(request: Asked) -> HttpResponse:
    """Begin with the shipped example."""
    made = desk_frame.keeper_frame(request)
    try:
        keeping.begin_with_examples(actor=request.actor, community_id=made.community_id, at=request.now)
    except Refused:
        messages.warning(request, _("There are paths of approval already."))
    else:
        messages.success(request, _("The example is in force. Change what does not fit here."))
    return redirect("cases:settings_approvals")


@policy("cases.settings_approval_end", who=settings.KEEPERS)
@require_POST
def end(request: Asked, row_id: int) -> HttpResponse:
    """End a path of approval after a day."""
    return settings.end(request, "cases:settings_approvals", partial(keeping.end_approval, row_id=row_id))


@policy("cases.settings_named_end", who=settings.KEEPERS)
@require_POST
def dismiss(request: Asked, row_id: int) -> HttpResponse:
    """End that somebody is named, after a day."""
    return settings.end(request, "cases:settings_approvals", partial(keeping.dismiss, row_id=row_id))
