"""About my data: who looked, what I agreed to, take it away, delete my account."""

from __future__ import annotations

from typing import Any

import orjson
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel import access
from linli.people import access as doors
from linli.people import forms, ports, queries, rules, sessions, words
from linli.people.actions import consents, erasure
from linli.people.actions import my_data as taking
from linli.people.pages import ways
from linli.people.pages.me import knows_password

LOOKS_SHOWN = 100


@access.policy("people.my_data", who=access.SIGNED_IN)
@ways.strong
@require_safe
def my_data(request: ways.Asked) -> HttpResponse:
    """Everything about my data on one page."""
    account = doors.own_account(request.actor)
    in_force = {
        consent.purpose: consent for consent in queries.consents_of(account.pk) if not consent.withdrawn_at
    }
    context = {
        "looks": _looks(request, account.pk),
        "purposes": [
            {
                "code": purpose.value,
                "words": words.PURPOSES[purpose.value],
                "given": in_force.get(purpose.value),
                "needed": purpose in rules.NEEDED,
            }
            for purpose in rules.Purpose
        ],
        "past": [consent for consent in queries.consents_of(account.pk) if consent.withdrawn_at],
        "purpose_words": words.PURPOSES,
        "tab": "me",
    }
    return render(request, "people/my_data.html", context)


def _looks(request: ways.Asked, account_id: int) -> list[dict[str, Any]]:
    looks = queries.looks_at(account_id, limit=LOOKS_SHOWN)
    readers = queries.cards(look.reader_id for look in looks)
    communities = ports.community_names(sorted({look.community_id for look in looks}), ways.language(request))
    comma = ", " if ways.language(request) == "en" else "、"
    return [
        {
            "at": look.at,
            "reader": readers[look.reader_id].short_name if look.reader_id in readers else "",
            "roles": [words.ROLES.get(role, role) for role in look.reader_role.split(",") if role],
            "community": communities[look.community_id],
            "fields": comma.join(str(words.FIELDS.get(field, field)) for field in look.fields),
            "why": words.REASONS.get(look.purpose, look.purpose),
            "task": look.task,
        }
        for look in looks
    ]


@access.policy("people.consent", who=access.SIGNED_IN)
@require_POST
def consent(request: ways.Asked, purpose: str) -> HttpResponse:
    """Agree to one purpose, or no longer."""
    account = doors.own_account(request.actor)
    try:
        meant = rules.Purpose(purpose)
    except ValueError as error:
        raise access.NotFound from error
    if request.POST.get("give") == "1":
        consents.give_consent(account_id=account.pk, purpose=meant, at=request.now)
        messages.success(request, _("Thank you. You can withdraw this at any time."))
        return redirect("people:my_data")
    try:
        consents.withdraw_consent(account_id=account.pk, purpose=meant, at=request.now)
    except consents.NeededConsent:
        messages.warning(request, _("Without this we cannot keep your account. You can delete it below."))
    else:
        messages.success(request, _("Withdrawn. It stops from this moment."))
    return redirect("people:my_data")


@access.policy("people.export", who=access.SIGNED_IN)
@ways.strong
@require_POST
def export(request: ways.Asked) -> HttpResponse:
    """Make a ticket; the next page takes the file with it, once."""
    try:
        ticket = taking.ask_export(
            account_id=doors.own_account(request.actor).pk,
            session_key=request.session.session_key or "",
            at=request.now,
        )
    except taking.TooManyExports:
        messages.warning(request, _("You have taken your data three times today. Please come back tomorrow."))
        return redirect("people:my_data")
    return render(request, "people/export.html", {"ticket": ticket, "tab": "me"})


@access.policy("people.export_take", who=access.SIGNED_IN)
@ways.strong
@require_POST
def take(request: ways.Asked) -> HttpResponse:
    """The file itself."""
    data = taking.take_export(
        account_id=doors.own_account(request.actor).pk,
        session_key=request.session.session_key or "",
        ticket=request.POST.get("ticket", ""),
        at=request.now,
    )
    body = orjson.dumps(data, option=orjson.OPT_INDENT_2)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="linli-my-data.json"'
    return response


@access.policy("people.delete_account", who=access.SIGNED_IN)
@sensitive_post_parameters()
@ways.strong
@require_http_methods(["GET", "POST"])
def delete(request: ways.Asked) -> HttpResponse:
    """Two steps: what will be gone; then the box, the password, and it is gone."""
    account = doors.own_account(request.actor)
    if request.method == "GET":
        return render(request, "people/delete.html", {"tab": "me"})
    if request.POST.get("step") != "last":
        return render(
            request, "people/delete_last.html", {"form": forms.DeleteAccount(account=account), "tab": "me"}
        )
    form = forms.DeleteAccount(request.POST, account=account)
    if form.is_valid() and knows_password(request, account, form, "password"):
        try:
            erasure.erase_account(account_id=account.pk, at=request.now)
        except access.Forbidden:
            form.add_error(
                None, _("You still hold a duty. Ask the community leader to end it; then you can leave.")
            )
        else:
            sessions.close_session(request)
            messages.success(request, _("Your account is deleted. Thank you for having been here."))
            return HttpResponseRedirect("/")
    return render(request, "people/delete_last.html", {"form": form, "tab": "me"}, status=422)
