"""The person's own page: name, language, large type, phone, password, sessions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel import access, clock, sealed
from linli.people import access as doors
from linli.people import forms, models, ports, queries, sessions, words
from linli.people.actions import accounts, codes, pauses
from linli.people.pages import ways
from linli.people.pages.sign_in import refused_words, wait_words

CHANGE = models.SignInCode.Purpose.CHANGE_PHONE


@access.policy("people.me", who=access.SIGNED_IN)
@require_safe
def me(request: ways.Asked) -> HttpResponse:
    """Who I am here, and the way to everything I can change."""
    account = doors.own_account(request.actor)
    level = queries.level_today(account, request.now.astimezone(clock.LOCAL).date())
    roles = sorted({grant.role for grant in request.actor.grants if grant.role != "resident"})
    context = {
        "account": account,
        "phone": sealed.mask_phone(account.phone or ""),
        "level": words.LEVELS[level],
        "roles": [words.ROLES[role] for role in roles],
        "tab": "me",
    }
    return render(request, "people/me.html", context)


@access.policy("people.profile", who=access.SIGNED_IN)
@require_http_methods(["GET", "POST"])
def profile(request: ways.Asked) -> HttpResponse:
    """Name, language, large type."""
    account = doors.own_account(request.actor)
    held = {"name": account.name, "language": account.language, "elder": account.elder}
    form = forms.Profile(request.POST or None, initial=held)
    if request.method == "POST" and form.is_valid():
        account = accounts.describe(
            account_id=account.pk, profile=accounts.Profile(**form.cleaned_data), at=request.now
        )
        messages.success(request, _("Saved."))
        return ways.wear(redirect("people:me"), request, account)
    return show(request, "people/profile.html", form)


@access.policy("people.password", who=access.SIGNED_IN)
@sensitive_post_parameters()
@ways.strong
@require_http_methods(["GET", "POST"])
def password(request: ways.Asked) -> HttpResponse:
    """A new password; every other session ends."""
    account = doors.own_account(request.actor)
    ask = account.has_usable_password() and not sessions.came_by_code(request, at=request.now)
    form = forms.NewPassword(request.POST or None, account=account, ask_present=ask)
    if request.method == "POST" and form.is_valid() and _may_set(request, account, form, ask=ask):
        account = accounts.set_password(
            account_id=account.pk, password=form.cleaned_data["password"], at=request.now
        )
        sessions.keep_after_epoch(request, account)
        messages.success(request, _("The password is changed. You are signed out everywhere else."))
        return redirect("people:me")
    return show(request, "people/password.html", form, account=account)


def _may_set(request: ways.Asked, account: models.Account, form: forms.NewPassword, *, ask: bool) -> bool:
    return not ask or knows_password(request, account, form, "present")


@access.policy("people.phone", who=access.SIGNED_IN)
@sensitive_post_parameters()
@ways.strong
@require_http_methods(["GET", "POST"])
def phone(request: ways.Asked) -> HttpResponse:
    """Another phone: proved by its code, and by the password or a code to the present phone."""
    account = doors.own_account(request.actor)
    if request.method == "GET":
        return show(request, "people/phone.html", forms.NewPhone())
    if "code" not in request.POST:
        return _send_both(request, account)
    form = forms.ProveNewPhone(request.POST, account=account)
    if form.is_valid() and _knows(request, account, form):
        try:
            account = accounts.change_phone(
                account_id=account.pk,
                phone=form.cleaned_data["phone"],
                code=form.cleaned_data["code"],
                at=request.now,
            )
        except accounts.WrongCode:
            form.add_error("code", _("That is not right. Please check what you typed."))
        except accounts.PhoneTaken:
            form.add_error(None, _("Another account has this phone. Sign in there, or ask at the committee."))
        else:
            sessions.keep_after_epoch(request, account)
            messages.success(request, _("Your phone is changed. You are signed out everywhere else."))
            return redirect("people:me")
    return show(request, "people/phone_prove.html", form)


def _send_both(request: ways.Asked, account: models.Account) -> HttpResponse:
    form = forms.NewPhone(request.POST)
    if not form.is_valid():
        return show(request, "people/phone.html", form)
    wanted = form.cleaned_data["phone"]
    also = [] if account.has_usable_password() else [account.phone or ""]
    try:
        for number in (wanted, *also):
            codes.send_code(
                phone=number,
                purpose=CHANGE,
                network=ways.network(request),
                language=account.language,
                at=request.now,
            )
    except codes.TooManyCodes as many:
        form.add_error("phone", wait_words(many.wait_seconds))
        return show(request, "people/phone.html", form, status=429)
    except ports.NotSent:
        form.add_error(None, _("The code could not be sent. Please try again in a minute."))
        return show(request, "people/phone.html", form, status=503)
    prove = forms.ProveNewPhone(initial={"phone": wanted}, account=account)
    return show(request, "people/phone_prove.html", prove, sent_to=sealed.mask_phone(wanted))


def _knows(request: ways.Asked, account: models.Account, form: forms.ProveNewPhone) -> bool:
    if account.has_usable_password():
        return knows_password(request, account, form, "password")
    right = codes.check_code(
        phone=account.phone or "", purpose=CHANGE, code=form.cleaned_data["old_code"], at=request.now
    )
    if not right:
        form.add_error("old_code", _("That is not right. Please check what you typed."))
    return right


def knows_password(request: ways.Asked, account: models.Account, form: Any, field: str) -> bool:
    """Whether the present password was given, with the same growing pauses as at the door; says so in the
    form.
    """
    if not account.has_usable_password():
        return True
    tried = f"me:{account.pk}"
    try:
        pauses.claim_try(tried, at=request.now)
    except pauses.Refused as refused:
        form.add_error(field, refused_words(refused))
        return False
    if not account.check_password(form.cleaned_data[field]):
        form.add_error(field, _("That is not right. Please check what you typed."))
        return False
    pauses.forget(tried)
    return True


@access.policy("people.end_sessions", who=access.SIGNED_IN)
@require_POST
def end_sessions(request: ways.Asked) -> HttpResponse:
    """Sign out everywhere, here as well."""
    account = doors.own_account(request.actor)
    accounts.end_all_sessions(account_id=account.pk, at=request.now)
    sessions.close_session(request)
    messages.success(request, _("You are signed out everywhere."))
    return HttpResponseRedirect("/sign-in/")


def show(request: ways.Asked, template: str, form: Any, *, status: int = 0, **more: Any) -> HttpResponse:
    """A page of my own with one form."""
    context = {"form": form, "tab": "me", **more}
    return render(request, template, context, status=status or (422 if form.errors else 200))
