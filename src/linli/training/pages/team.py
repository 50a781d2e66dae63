"""Who of the team holds what and lacks what, for those who lead; a certificate revoked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.grids.queries import day_of
from linli.kernel.access import policy
from linli.people import queries as people
from linli.people import words as people_words
from linli.people.pages.ways import Asked
from linli.training import access, showing, words
from linli.training.actions import certifying
from linli.training.forms import Revoke
from linli.training.pages.asked import KEEPERS, done, keeping
from linli.training.pages.certificates import course_of
from linli.training.queries import courses, held
from linli.training.rules.certificates import Revoking, State


@policy("training.team", who=KEEPERS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """Of whom something is expected or who holds something; failed tests are nobody's affair but their own."""
    community, kept = keeping(request)
    offered = courses.courses(community.id)
    members = [one for one in held.team(community.id, request.now) if one.expected or one.held]
    wanted = request.GET.get("show", "")
    titles = {row.code: showing.spoken(row.course.title) for row in courses.courses(community.id, every=True)}
    context = {
        "community": community,
        "kept": kept,
        "offered": offered,
        "lacking": wanted == "lacking",
        "some_lack": sum(bool(one.lacks) for one in members),
        "count": len(members),
        "members": [
            {
                "name": one.name,
                "roles": [people_words.ROLES[role] for role in one.roles],
                "cells": [(titles[row.code], _cell(one, row.code)) for row in offered],
            }
            for one in members
            if one.lacks or wanted != "lacking"
        ],
        "titles": titles,
    }
    return render(request, "training/team.html", context)


def _cell(member: held.Member, code: str) -> dict[str, object]:
    mine = [row for row in member.held if row.course == code]
    best = next((row for row in mine if row.state is State.VALID), mine[0] if mine else None)
    return {"row": best, "lacks": code in member.lacks, "said": words.STATES[best.state] if best else ""}


@policy("training.revoke", who=KEEPERS)
@require_http_methods(["GET", "POST"])
def revoke(request: Asked, certificate_id: int) -> HttpResponse:
    """One certificate of somebody who serves: let it hold no longer."""
    row = access.find_kept(request.actor, certificate_id)
    form = Revoke(request.POST or None)
    if request.method == "POST" and done(
        form,
        lambda: certifying.revoke(
            actor=request.actor,
            certificate_id=row.pk,
            why=Revoking(form.cleaned_data["why"]),
            words=form.cleaned_data["words"],
            at=request.now,
        ),
    ):
        messages.success(
            request, _("Revoked. Its holder reads why; whoever has its code reads that it holds no longer.")
        )
        return redirect(f"{reverse('training:team')}?community={row.community_id}")
    shown = held.certificate_row(row, day_of(request.now))
    context = {
        "row": shown,
        "course": course_of(row),
        "community_id": row.community_id,
        "name": people.names([row.account_id]).get(row.account_id, ""),
        "state": words.STATES[shown.state],
        "own": row.account_id == request.actor.account_id,
        "form": form,
        "why": words.REVOKING[Revoking(row.revoked_why)] if row.revoked_why else "",
    }
    return render(request, "training/revoke.html", context, status=422 if form.errors else 200)
