"""Coming in and going out. Known and unknown phones get the same answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from linli.faces import pages as faces
from linli.kernel import access
from linli.people import forms, models, ports, rules, sessions
from linli.people.actions import accounts, codes, pauses, sign_in
from linli.people.pages import ways

PROOF_SALT = "linli.people.proof"
PROOF_SECONDS = 15 * 60
SIGN_IN = models.SignInCode.Purpose.SIGN_IN


@access.policy("people.sign_in", who=access.PUBLIC)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def by_password(request: ways.Asked) -> HttpResponse:
    """Phone and password."""
    goal = ways.wanted(request)
    if request.actor.signed_in and request.method == "GET":
        return HttpResponseRedirect(goal or "/")
    form = forms.SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = sign_in.by_password(
                phone=form.cleaned_data["phone"],
                password=form.cleaned_data["password"],
                network=ways.network(request),
                at=request.now,
            )
        except pauses.Refused as refused:
            wrong = _("Phone or password is not right. Without a password, sign in with a code.")
            return _refused(request, form, refused, "people/sign_in.html", goal, wrong=wrong)
        return ways.enter(request, account, goal)
    return _show(request, "people/sign_in.html", form, goal)


@access.policy("people.sign_in_code", who=access.PUBLIC)
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def by_code(request: ways.Asked) -> HttpResponse:
    """Phone, then the code that came; a phone nobody has leads to a new account."""
    goal = ways.wanted(request)
    if request.method == "GET":
        return _show(request, "people/code_ask.html", forms.AskCode(), goal)
    if "code" not in request.POST:
        return _send(request, goal)
    form = forms.GiveCode(request.POST)
    if not form.is_valid():
        return _show(request, "people/code_give.html", form, goal)
    phone = form.cleaned_data["phone"]
    try:
        came = sign_in.by_code(phone=phone, code=form.cleaned_data["code"], at=request.now)
    except pauses.Refused as refused:
        return _refused(request, form, refused, "people/code_give.html", goal)
    if came.outcome is sign_in.Outcome.SIGNED_IN and came.account:
        return ways.enter(request, came.account, goal, by_code=True)
    if came.outcome is sign_in.Outcome.ASLEEP and came.account:
        proof = _proof(phone, came.account.pk)
        return _show(request, "people/wake.html", forms.Wake(), goal, proof=proof)
    return _show(request, "people/sign_up.html", forms.SignUp(), goal, proof=_proof(phone))


def _send(request: ways.Asked, goal: str) -> HttpResponse:
    form = forms.AskCode(request.POST)
    if not form.is_valid():
        return _show(request, "people/code_ask.html", form, goal)
    phone = form.cleaned_data["phone"]
    try:
        codes.send_code(
            phone=phone,
            purpose=SIGN_IN,
            network=ways.network(request),
            language=ways.language(request),
            at=request.now,
        )
    except codes.TooManyCodes as many:
        form.add_error("phone", wait_words(many.wait_seconds))
        return _show(request, "people/code_ask.html", form, goal, status=429, wait=many.wait_seconds)
    except ports.NotSent:
        form.add_error(
            None, _("The code could not be sent. Please try again in a minute, or use your password.")
        )
        return _show(request, "people/code_ask.html", form, goal, status=503, wait=60)
    return _show(
        request, "people/code_give.html", forms.GiveCode(initial={"phone": phone}), goal, phone=phone
    )


@access.policy("people.sign_up", who=access.PUBLIC)
@sensitive_post_parameters("password", "proof")
@require_http_methods(["GET", "POST"])
def sign_up(request: ways.Asked) -> HttpResponse:
    """A new account for a phone that was proved a moment ago."""
    goal = ways.wanted(request)
    if request.method == "GET":
        return _show(request, "people/code_ask.html", forms.AskCode(), goal, new=True)
    proved = _proved(request)
    if proved is None:
        return _begin_again(request, goal)
    form = forms.SignUp(request.POST)
    if not form.is_valid():
        return _show(request, "people/sign_up.html", form, goal, proof=request.POST["proof"])
    profile = accounts.Profile(
        name=form.cleaned_data["name"],
        language=ways.language(request),
        elder=request.COOKIES.get(faces.ELDER_COOKIE) == "1",
    )
    try:
        account = accounts.sign_up(
            phone=proved[0],
            profile=profile,
            purposes=form.purposes(),
            password=form.cleaned_data["password"] or None,
            at=request.now,
        )
    except accounts.PhoneTaken:
        return _begin_again(request, goal)
    return ways.enter(request, account, goal)


@access.policy("people.wake", who=access.PUBLIC)
@sensitive_post_parameters("proof", "knows")
@require_http_methods(["POST"])
def wake(request: ways.Asked) -> HttpResponse:
    """Back into an account that was silent for 180 days, or a new one for the phone's new holder (T34)."""
    goal = ways.wanted(request)
    proved = _proved(request)
    phone, account_id = proved or ("", None)
    if account_id is None:
        return _begin_again(request, goal)
    if request.POST.get("afresh"):
        try:
            sign_in.start_afresh(account_id=account_id, at=request.now)
        except pauses.Refused:
            return _begin_again(request, goal)
        return _show(request, "people/sign_up.html", forms.SignUp(), goal, proof=_proof(phone))
    form = forms.Wake(request.POST)
    if not form.is_valid():
        return _show(request, "people/wake.html", form, goal, proof=request.POST["proof"])
    try:
        account = sign_in.wake(account_id=account_id, proof=form.cleaned_data["knows"], at=request.now)
    except pauses.Refused as refused:
        return _refused(request, form, refused, "people/wake.html", goal, proof=request.POST["proof"])
    return ways.enter(request, account, goal)


@access.policy("people.sign_out", who=access.PUBLIC)
@require_http_methods(["GET", "POST"])
def sign_out(request: ways.Asked) -> HttpResponse:
    """Leave; a visit by link only asks."""
    if request.method == "GET":
        return render(request, "people/sign_out.html")
    sessions.close_session(request)
    messages.success(request, _("You are signed out."))
    return HttpResponseRedirect("/")


def wait_words(seconds: int) -> str:
    """How long to wait, in words."""
    if seconds < 90:
        return ngettext("Please wait %(n)d second.", "Please wait %(n)d seconds.", seconds) % {"n": seconds}
    minutes = -(-seconds // 60)
    if minutes < 90:
        return ngettext("Please wait %(n)d minute.", "Please wait %(n)d minutes.", minutes) % {"n": minutes}
    hours = -(-minutes // 60)
    return ngettext("Please wait %(n)d hour.", "Please wait %(n)d hours.", hours) % {"n": hours}


def refused_words(refused: pauses.Refused, wrong: str = "") -> str:
    """What to say to somebody who was not let in; the same for known and unknown phones."""
    if refused.code == "paused":
        return _("Too many tries.") + " " + wait_words(refused.wait_seconds)
    if refused.code == "use_code":
        return _("Too many people tried this phone's password. Please sign in with a code.")
    return wrong or _("That is not right. Please check what you typed.")


def _refused(
    request: ways.Asked,
    form: Any,
    refused: pauses.Refused,
    template: str,
    goal: str,
    *,
    wrong: str = "",
    **more: Any,
) -> HttpResponse:
    form.add_error(None, refused_words(refused, wrong))
    wait = refused.wait_seconds if refused.code == "paused" else None
    return _show(request, template, form, goal, status=429 if wait else 422, wait=wait, **more)


def _show(
    request: ways.Asked,
    template: str,
    form: Any,
    goal: str,
    *,
    status: int = 0,
    wait: int | None = None,
    **more: Any,
) -> HttpResponse:
    status = status or (422 if form.errors else 200)
    phone = more.pop("phone", None) or form.data.get("phone")
    if template == "people/sign_in.html":
        more["ways"] = ports.sign_in_ways(ways.language(request))
    context = {"form": form, "next": goal, "phone": phone, **more}
    response = render(request, template, context, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _proof(phone: str, account_id: int | None = None) -> str:
    return signing.dumps([phone, account_id], salt=PROOF_SALT)


def _proved(request: ways.Asked) -> tuple[str, int | None] | None:
    try:
        phone, account_id = signing.loads(
            request.POST.get("proof", ""), salt=PROOF_SALT, max_age=PROOF_SECONDS
        )
    except signing.BadSignature:
        return None
    return rules.normal_phone(phone), account_id


def _begin_again(request: ways.Asked, goal: str) -> HttpResponse:
    messages.warning(request, _("That took too long. Please begin again."))
    return HttpResponseRedirect(ways.via("people:sign_in_code", goal))
