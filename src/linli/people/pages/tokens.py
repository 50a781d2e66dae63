"""API tokens of staff: list, make, end."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel import access
from linli.people import forms, ports, queries, words
from linli.people.actions import tokens as making
from linli.people.pages import ways


@access.policy("people.tokens", who=access.STAFF)
@ways.strong
@require_http_methods(["GET", "POST"])
def tokens(request: ways.Asked) -> HttpResponse:
    """My tokens, and a form for a new one; the secret is on the page once, right after it was made."""
    communities = ports.community_names(sorted(request.actor.staff_communities), ways.language(request))
    form = forms.NewToken(request.POST or None, communities=communities)
    secret = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            _token, secret = making.issue_token(
                actor=request.actor,
                name=given["name"],
                scopes=given["scopes"],
                community_id=given["community"],
                lives=timedelta(days=given["days"]),
                at=request.now,
            )
            form = forms.NewToken(communities=communities)
        except access.Forbidden as refused:
            only_admins = refused.code == "admin_only"
            form.add_error(
                "scopes" if only_admins else None,
                _("Only administrators may give this right.") if only_admins else _("You may not do this."),
            )
    rows = queries.tokens_of(request.actor.account_id or 0)
    context = {
        "form": form,
        "secret": secret,
        "rows": [(row, [words.SCOPES[scope] for scope in row.scopes]) for row in rows],
        "communities": communities,
        "tab": "me",
    }
    return render(request, "people/tokens.html", context, status=422 if form.errors else 200)


@access.policy("people.token_revoke", who=access.STAFF)
@ways.strong
@require_POST
def revoke(request: ways.Asked, token_id: int) -> HttpResponse:
    """End a token of mine."""
    making.revoke_token(actor=request.actor, token_id=token_id, at=request.now)
    messages.success(request, _("The token no longer works."))
    return redirect("people:tokens")
