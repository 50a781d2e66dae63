"""The second factor: pass it, set it up, lose it."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel import access, sealed
from linli.people import access as doors
from linli.people import forms, models, ports, sessions
from linli.people.actions import pauses, second_factors
from linli.people.pages import ways
from linli.people.pages.sign_in import refused_words

STATE = "linli.key_state"
SECRET = "linli.app_secret"  # noqa: S105  (the name of a session entry; the value in it is sealed)


def _host(request: ways.Asked) -> str:
    return request.get_host().partition(":")[0]


@access.policy("people.second_factor_check", who=access.SIGNED_IN)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def check(request: ways.Asked) -> HttpResponse:
    """Pass the second factor with the app, a recovery code or a key; whoever has none is led to set one
    up.
    """
    goal = ways.wanted(request)
    account = doors.own_account(request.actor)
    if not second_factors.has_factor(account.pk):
        return HttpResponseRedirect(ways.via("people:second_factor", goal))
    by_key = bool(request.POST.get("answer"))
    form: Any = forms.SecondCode()
    if request.method == "POST":
        form = forms.KeyAnswer(request.POST) if by_key else forms.SecondCode(request.POST)
        if form.is_valid() and _passes(request, account, form, by_key=by_key):
            sessions.mark_second_factor(request, at=request.now)
            staff = ports.is_staff(account.pk, request.now)
            return HttpResponseRedirect(goal or (ways.DESK if staff else "/me/"))
    return _ask(request, account, form, goal)


def _passes(request: ways.Asked, account: models.Account, form: Any, *, by_key: bool) -> bool:
    state = request.session.pop(STATE, None) if by_key else None
    try:
        if by_key:
            second_factors.check_key(
                account_id=account.pk,
                host=_host(request),
                state=state,
                answer=form.cleaned_data["answer"],
                at=request.now,
            )
        else:
            second_factors.check_code(account_id=account.pk, code=form.cleaned_data["code"], at=request.now)
    except second_factors.WrongFactor:
        form.add_error(None, _("That is not right. Wait for the next code, or use a recovery code."))
    except pauses.Refused as refused:
        form.add_error(None, refused_words(refused))
    return not form.errors


def _ask(request: ways.Asked, account: models.Account, form: Any, goal: str) -> HttpResponse:
    begun = second_factors.begin_check(account_id=account.pk, host=_host(request))
    options = None
    if begun:
        options, request.session[STATE] = begun
    context = {
        "form": form if isinstance(form, forms.SecondCode) else forms.SecondCode(),
        "refusals": form.non_field_errors(),
        "next": goal,
        "options": options and options["publicKey"],
    }
    return render(request, "people/second_check.html", context, status=422 if form.errors else 200)


@access.policy("people.second_factor", who=access.SIGNED_IN)
@ways.strong
@require_http_methods(["GET"])
def overview(request: ways.Asked) -> HttpResponse:
    """What I have, and how to add or remove it."""
    account = doors.own_account(request.actor)
    held = list(models.SecondFactor.objects.filter(account=account).order_by("pk"))
    context = {
        "factors": [factor for factor in held if factor.kind != "recovery"],
        "has_app": any(factor.kind == "totp" for factor in held),
        "recovery_left": sum(factor.kind == "recovery" for factor in held),
        "needed": ports.is_staff(account.pk, request.now),
        "next": ways.wanted(request),
        "tab": "me",
    }
    return render(request, "people/second_factor.html", context)


@access.policy("people.second_factor_app", who=access.SIGNED_IN)
@sensitive_post_parameters()
@ways.strong
@require_http_methods(["GET", "POST"])
def app(request: ways.Asked) -> HttpResponse:
    """Set up an authenticator app: scan, type the first code. The secret waits sealed in the session."""
    account = doors.own_account(request.actor)
    goal = ways.wanted(request)
    secret = _pending_secret(request, account)
    form = forms.AppCode(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tried = f"app:{account.pk}"
        try:
            pauses.claim_try(tried, at=request.now)
            codes = second_factors.add_app(
                account_id=account.pk, secret=secret, code=form.cleaned_data["code"], at=request.now
            )
        except second_factors.WrongFactor:
            form.add_error("code", _("That is not right. Is the phone's clock set by itself?"))
        except second_factors.HasOne:
            form.add_error(None, _("You have an app already. Remove it first."))
        except pauses.Refused as refused:
            form.add_error(None, refused_words(refused))
        else:
            pauses.forget(tried)
            request.session.pop(SECRET, None)
            return _done(request, codes, goal)
    context = {"form": form, "secret": _grouped(secret), "picture": _picture(secret, account), "next": goal}
    return render(
        request, "people/second_app.html", {**context, "tab": "me"}, status=422 if form.errors else 200
    )


def _pending_secret(request: ways.Asked, account: models.Account) -> str:
    place: dict[str, Any] = {
        "table": "django_session",
        "column": "app_secret",
        "row": account.seal_id,
        "community_id": None,
    }
    held = request.session.get(SECRET)
    if held and request.method == "POST":
        return sealed.open_(bytes.fromhex(held), **place)
    secret = second_factors.new_secret()
    request.session[SECRET] = sealed.seal(secret, **place).hex()
    return secret


def _grouped(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _picture(secret: str, account: models.Account) -> str:
    query = urlencode({"secret": secret, "issuer": "Linli"})
    label = account.short_name or account.pk
    return str(segno.make(f"otpauth://totp/Linli:{label}?{query}", micro=False).svg_data_uri(scale=5))


@access.policy("people.second_factor_key", who=access.SIGNED_IN)
@ways.strong
@require_http_methods(["GET", "POST"])
def key(request: ways.Asked) -> HttpResponse:
    """Set up a security key, a phone or the computer itself."""
    account = doors.own_account(request.actor)
    goal = ways.wanted(request)
    form = forms.KeyAnswer(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_factors.add_key(
                account_id=account.pk,
                host=_host(request),
                state=request.session.pop(STATE, None),
                answer=form.cleaned_data["answer"],
                name=form.cleaned_data["name"],
                at=request.now,
            )
            return _done(request, codes, goal)
        except second_factors.WrongFactor:
            form.add_error(None, _("The key did not answer as asked. Please try again."))
        except second_factors.HasOne:
            form.add_error(None, _("You have this key already, or eight of them."))
    options, request.session[STATE] = second_factors.begin_key(account=account, host=_host(request))
    context = {"form": form, "options": options["publicKey"], "next": goal, "tab": "me"}
    return render(request, "people/second_key.html", context, status=422 if form.errors else 200)


def _done(request: ways.Asked, codes: list[str], goal: str) -> HttpResponse:
    """The factor was just used, so it counts as passed; new recovery codes are shown, once."""
    sessions.mark_second_factor(request, at=request.now)
    if codes:
        return render(request, "people/recovery.html", {"codes": codes, "next": goal, "tab": "me"})
    messages.success(request, _("Your second factor is set up."))
    return HttpResponseRedirect(goal or "/me/second-factor/")


@access.policy("people.second_factor_remove", who=access.SIGNED_IN)
@ways.strong
@require_POST
def remove(request: ways.Asked, factor_id: int) -> HttpResponse:
    """Forget an app or a key."""
    account = doors.own_account(request.actor)
    second_factors.remove_factor(account_id=account.pk, factor_id=factor_id, at=request.now)
    messages.success(request, _("Removed."))
    return redirect("people:second_factor")


@access.policy("people.recovery_codes", who=access.SIGNED_IN)
@ways.strong
@require_POST
def recovery(request: ways.Asked) -> HttpResponse:
    """Ten new recovery codes, shown once."""
    account = doors.own_account(request.actor)
    try:
        codes = second_factors.renew_recovery_codes(account_id=account.pk, at=request.now)
    except second_factors.WrongFactor:
        return redirect("people:second_factor")
    return render(request, "people/recovery.html", {"codes": codes, "next": "", "tab": "me"})
