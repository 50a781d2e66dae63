"""Reports that a phone kept because there was no net: the page that is kept on the device, and the door they come in by.

What belongs to whom is decided here as well as there: every report carries the mark of its writer (`pocket.owner`),
and one that another person's session brings is not taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.cases.forms.report import Offline, say
from linli.cases.pages import here, pocket, sending, taking
from linli.cases.pages.drafts import Draft, File
from linli.cases.pages.here import Asked, Here
from linli.cases.queries import reference
from linli.cases.rules.intake import MAX_PICTURES, MAX_SOUNDS, Refused, clean_words
from linli.grids import access as doors
from linli.grids import queries as places
from linli.kernel import numbering
from linli.kernel.access import ANONYMOUS, PUBLIC, Forbidden, NotFound, policy
from linli.kernel.idempotency import KeyReused
from linli.people import queries as people

MOST_FILES = MAX_PICTURES + MAX_SOUNDS


@policy("cases.report_offline", who=PUBLIC)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page that a phone keeps for when there is no net. The same for everybody: it asks no session."""
    nobody = {"owner": "", "mine_count": 0, "unread": 0, "actor": ANONYMOUS, "tab": "report"}
    return render(request, "cases/resident/report_offline.html", {**nobody, "form": Offline()})


class _Turned(Exception):
    """Why a report was not taken: a code for the program on the phone, words for its person."""

    def __init__(self, status: int, code: str, words: str, errors: Sequence[str] = ()) -> None:
        super().__init__(code)
        self.status = status
        self.said = {"code": code, "words": words, "errors": list(errors)}

    def answer(self) -> HttpResponse:
        """As the phone reads it."""
        return _json(self.said, self.status)


def _json(said: dict[str, Any], status: int = 200) -> HttpResponse:
    return JsonResponse(said, status=status, json_dumps_params={"ensure_ascii": False})


@policy("cases.outbox", who=PUBLIC)
@require_http_methods(["GET", "POST"])
def outbox(request: Asked) -> HttpResponse:
    """Asked first: whose session this is, and a fresh token. Then each report that waited, once."""
    if request.method == "GET":
        return _json(
            {
                "owner": pocket.marked(request),
                "signed_in": request.actor.signed_in,
                "token": get_token(request),
            }
        )
    if request.POST.get("owner", "") != pocket.marked(request):
        return _Turned(
            409, "other_owner", _("Somebody else wrote this report on this phone. It was not sent.")
        ).answer()
    number = pocket.became_of(request, request.POST.get("idempotency_key", ""))
    try:
        return _taken(number or _take(request))
    except _Turned as turned:
        return turned.answer()


def _taken(number: str) -> HttpResponse:
    shown = numbering.pretty_number(number)
    said = {
        "number": shown,
        "url": reverse("cases:receipt", args=[number]),
        "words": _("Your report was sent. Its number is %(number)s.") % {"number": shown},
    }
    return _json(said, 201)


def place_of(request: Asked, code: str) -> Here | None:
    """The place a form names; where the reader is when it names none; None when neither is a place in force."""
    if not code:
        return here.find(request)
    try:
        return Here(tuple(places.ancestors(doors.find_public(code))))
    except NotFound:
        return None


def _take(request: Asked) -> str:
    """The number of a report that waited, taken in now.

    :raises _Turned: it was not taken, and nothing was written.
    """
    where, form = _read(request)
    account = people.account(request.actor.account_id) if request.actor.account_id else None
    try:
        return sending.hand_in(request, _draft(where, form), form.cleaned_data, account).number
    except Refused as refused:
        if any(wrong.code == "unknown_ticket" for wrong in refused.wrongs):
            raise _Turned(409, "files_gone", taking.in_words(refused.wrongs[0])) from refused
        for wrong in say(form, refused.wrongs):
            form.add_error(None, taking.in_words(wrong))
        raise _wrong(form) from refused
    except KeyReused as reused:
        words = _(
            "It was sent already with other words. Look under “My things”, or send this one as a new report."
        )
        raise _Turned(409, "key_reused", words) from reused
    except Forbidden as forbidden:
        words = _("Your community takes reports of people who have signed in. Sign in, and it is sent.")
        raise _Turned(403, "sign_in", words) from forbidden


def _read(request: Asked) -> tuple[Here, Offline]:
    """Where it is sent, and the form, which is complete.

    :raises _Turned: no such place, or something is missing.
    """
    form = Offline(request.POST)
    valid = form.is_valid()
    where = place_of(request, form.cleaned_data.get("place", ""))
    if where is None:
        words = _("The place of this report is no longer there. Open it again and say where it is.")
        raise _Turned(409, "place_gone", words)
    if reference.publishing(where.community.id) == "never":
        form.cleaned_data["publish"] = False
    if not valid:
        raise _wrong(form)
    return where, form


def _wrong(form: Offline) -> _Turned:
    said = [str(error) for errors in form.errors.values() for error in errors]
    return _Turned(422, "refused", _("Something in it has to be changed first."), said)


def _draft(where: Here, form: Offline) -> Draft:
    given = form.cleaned_data
    how = given["how"]
    pin = (given.get("lon"), given.get("lat")) if how == "elsewhere" else (None, None)
    whole = None not in pin
    return Draft(
        key=given["idempotency_key"],
        community_id=where.community.id,
        words=clean_words(given["words"]),
        kind=given["kind"],
        danger=given["danger"],
        files=tuple(File(ticket, "", False) for ticket in given["tickets"][:MOST_FILES]),
        how=how,
        place_id=where.place.id if how == "here" and where.place.id != where.community.id else None,
        address=given["address"] if how == "elsewhere" else "",
        lon=pin[0] if whole else None,
        lat=pin[1] if whole else None,
    )
