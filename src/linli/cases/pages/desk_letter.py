"""A letter of supervision as paper: number, to whom, what for, until when, the answer, what came of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.cases import words, words_chasing
from linli.cases.models import Supervision
from linli.cases.pages import desk, desk_case, desk_offers, telling
from linli.cases.pages.here import Asked
from linli.cases.queries import chasing
from linli.kernel.access import STAFF, NotFound, policy
from linli.people import queries as people


@policy("cases.desk_letter", who=STAFF)
@require_safe
def letter(request: Asked, number: str, letter_id: int) -> HttpResponse:
    """One letter of a case, to read or to print."""
    made, case = desk.find(request, number)
    one = chasing.letter(case, letter_id)
    if one is None:
        raise NotFound
    held = (one.supervisor_id, one.handler_id, one.opened_by_id, one.answered_by_id, one.ended_by_id)
    names = people.names({account_id for account_id in held if account_id})
    context: dict[str, Any] = {
        "case": case,
        "letter": one,
        "name": desk_offers.letter_name(one),
        "kind": words.label(words_chasing.LETTERS, one.kind),
        "title": telling.headline(case),
        "body": made.body_name(one.organisation_id)
        or names.get(one.handler_id or 0, "")
        or _("The dispatch desk"),
        "supervisor": names.get(one.supervisor_id or 0, "") or _("The community's leader"),
        "opened_by": names.get(one.opened_by_id or 0, ""),
        "answered_by": names.get(one.answered_by_id or 0, ""),
        "ended_by": names.get(one.ended_by_id or 0, ""),
        "ended": words.label(words_chasing.LETTERS_ENDED, one.ended_how) if one.ended_how else "",
        "demand": demand(one),
        "where": desk_case.where(made, case),
    }
    return render(request, "cases/desk/letter.html", made.context(**context))


def demand(one: Supervision) -> str:
    """What is demanded: the supervisor's words, or for a letter of the ladder why it was written."""
    if one.words:
        return one.words
    stage = words.label(words.STAGES, one.stage)
    said = {"stage": stage, "level": one.level}
    if one.kind == Supervision.Kind.TALK:
        return (
            _(
                "The promise “%(stage)s” was broken and the case is still not settled (level %(level)s of the ladder)."
                " The head of the body comes to a talk about the reasons and the next steps."
            )
            % said
        )
    return (
        _(
            "The promise “%(stage)s” was broken and the case is still not settled (level %(level)s of the ladder)."
            " Say in writing what was done, what is left and until when it will be settled."
        )
        % said
    )
