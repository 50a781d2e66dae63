"""What is done on the page of a whistle: answers, arrivals, excuses, the joint conclusion, calling it off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.cases import words
from linli.cases.actions import whistle as acting
from linli.cases.actions.moves import Conflict
from linli.cases.forms import whistle as forms
from linli.cases.pages import whistles
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.pages.whistles import CallFace, Face
from linli.cases.rules.intake import Refused
from linli.cases.rules.whistle import Answer, Answered
from linli.cases.rules.workflow import Verb
from linli.kernel.access import STAFF, NotFound, policy


def _call_of(shown: Face, data: Any) -> CallFace:
    asked = str(data.get("call", ""))
    for one_call in shown.calls:
        if str(one_call.now.call.pk) == asked:
            return one_call
    raise NotFound


@policy("cases.whistle_act", who=STAFF)
@require_POST
def act(request: Asked, whistle_id: int, act: str) -> HttpResponse:
    """One act on a whistle: coming, decline, arrive, leave, arrived (for a body), excuse, conclude, off."""
    doing = ACTS.get(act)
    if doing is None:
        raise NotFound
    made, shown = whistles.find(request, whistle_id)
    if not shown.open:
        messages.warning(request, words.label(words.HINDRANCES, "nobody_called"))
        return redirect("cases:whistle_one", whistle_id)
    try:
        answered = doing(made, shown)
    except Refused as refused:
        wrong = refused.wrongs[0]
        said = words.wrong(wrong.code, field=wrong.field, limit=wrong.limit)
        return whistles.show(made, whistles.find(request, whistle_id)[1], status=422, wrong=said)
    except (Conflict, NotFound) as error:
        code = getattr(error, "code", "nobody_called")
        messages.warning(request, words.label(words.HINDRANCES, code))
        return redirect("cases:whistle_one", whistle_id)
    return answered or redirect("cases:whistle_one", whistle_id)


def _tell(made: Frame, shown: Face, verb: Verb, **said: Any) -> None:
    call = _call_of(shown, made.request.POST)
    acting.tell(
        actor=made.request.actor,
        call_id=call.now.call.pk,
        verb=verb,
        said=Answered(call.now.call.pk, **said),
        at=made.request.now,
    )


def _coming(made: Frame, shown: Face) -> None:
    _tell(made, shown, Verb.ANSWER_CALL, answer=Answer.COMING)
    messages.success(made.request, _("The caller reads that you are coming."))


def _declined(made: Frame, shown: Face) -> HttpResponse | None:
    form = forms.Decline(made.request.POST, auto_id="no-%s")
    call = _call_of(shown, made.request.POST)
    if not form.is_valid():
        return whistles.show(made, shown, status=422, decline=form, opened=call.now.call.pk)
    try:
        _tell(made, shown, Verb.ANSWER_CALL, answer=Answer.DECLINED, **form.cleaned_data)
    except Refused as refused:
        form.say(refused.wrongs)
        return whistles.show(made, shown, status=422, decline=form, opened=call.now.call.pk)
    messages.success(made.request, _("The caller reads that you cannot come, and why."))
    return None


def _arrive(made: Frame, shown: Face) -> None:
    _tell(made, shown, Verb.ARRIVE)
    messages.success(made.request, _("Your arrival is written down."))


def _leave(made: Frame, shown: Face) -> None:
    _tell(made, shown, Verb.ARRIVE, left=True)
    messages.success(made.request, _("Written down."))


def _arrived(made: Frame, shown: Face) -> HttpResponse | None:
    form = forms.ArrivedAt(made.request.POST)
    call = _call_of(shown, made.request.POST)
    if form.is_valid():
        try:
            moment = min(form.cleaned_data["arrived_at"], made.request.now)
            _tell(made, shown, Verb.ARRIVE, arrived_at=max(moment, call.now.call.called_at))
        except Refused as refused:
            form.say(refused.wrongs)
        else:
            messages.success(made.request, _("Written down."))
            return None
    return whistles.show(made, shown, status=422, arrived=form, opened=call.now.call.pk)


def _excuse(made: Frame, shown: Face) -> None:
    _tell(made, shown, Verb.EXCUSE)
    messages.success(made.request, _("This body need not come."))


def _conclude(made: Frame, shown: Face) -> HttpResponse | None:
    form = whistles.conclude_form(made, shown, made.request.POST)
    if form.is_valid():
        try:
            acting.conclude(
                actor=made.request.actor,
                wanted=form.concluded(shown.whistle.pk),
                public_words=form.cleaned_data["answer"],
                at=made.request.now,
            )
        except Refused as refused:
            form.say(refused.wrongs)
        else:
            messages.success(made.request, _("Signed. The next steps are with the bodies."))
            return None
    return whistles.show(made, shown, status=422, conclude=form)


def _off(made: Frame, shown: Face) -> HttpResponse | None:
    form = forms.CallOff(made.request.POST, auto_id="off-%s")
    if not form.is_valid():
        return whistles.show(made, shown, status=422, call_off=form)
    try:
        acting.call_off(
            actor=made.request.actor,
            whistle_id=shown.whistle.pk,
            reason=form.cleaned_data.get("reason") or "",
            note=form.cleaned_data.get("note") or "",
            at=made.request.now,
        )
    except Refused as refused:
        form.say(refused.wrongs)
        return whistles.show(made, shown, status=422, call_off=form)
    messages.success(made.request, _("Called off. The bodies read that they need not come."))
    return None


ACTS: dict[str, Callable[[Frame, Face], HttpResponse | None]] = {
    "coming": _coming,
    "decline": _declined,
    "arrive": _arrive,
    "leave": _leave,
    "arrived": _arrived,
    "excuse": _excuse,
    "conclude": _conclude,
    "off": _off,
}
