"""How pages of people lead on: in by a fresh session, back to where one came from, through the second factor
first.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language

from linli.faces import pages as faces
from linli.kernel import access
from linli.people import models, ports, rules, sessions
from linli.people.actions import accounts, second_factors

DESK = "/desk/"


class Asked(HttpRequest):
    """A request as the middleware leaves it: with its moment and its actor."""

    now: datetime
    actor: access.Actor


View = TypeVar("View", bound=Callable[..., HttpResponse])


def wanted(request: Asked) -> str:
    """Where the reader wanted to go; empty when nowhere in particular, or nowhere safe."""
    return rules.safe_next(request.POST.get("next") or request.GET.get("next"), default="")


def network(request: Asked) -> str:
    """The network the request comes from, for limits."""
    return rules.network_of(request.META.get("REMOTE_ADDR", ""))


def language(request: Asked) -> str:
    """The language the page is in now, as accounts keep it."""
    return get_language() or settings.LANGUAGE_CODE


def via(name: str, goal: str) -> str:
    """The address of a page that leads on to a goal."""
    return reverse(name) + (f"?{urlencode({'next': goal})}" if goal else "")


def enter(
    request: Asked, account: models.Account, goal: str, *, by_code: bool = False, second_factor: bool = False
) -> HttpResponse:
    """Open the session and go on: to the second factor if the person has or needs one, else to the goal.

    :param second_factor: whoever vouches for the person has asked for one already.
    """
    staff = ports.is_staff(account.pk, request.now)
    sessions.open_session(request, account, at=request.now, staff=staff, by_code=by_code)
    goal = goal or (DESK if staff else "/")
    if second_factor:
        sessions.mark_second_factor(request, at=request.now)
    elif second_factors.has_factor(account.pk):
        goal = via("people:second_factor_check", goal)
    elif staff and settings.LINLI_STAFF_MFA:
        goal = via("people:second_factor", goal)
    return wear(HttpResponseRedirect(goal), request, account)


def wear(response: HttpResponse, request: HttpRequest, account: models.Account) -> HttpResponse:
    """Give the browser the person's own language and size of type."""
    sessions.note_language(request, account.language)
    faces.remember(response, request, settings.LANGUAGE_COOKIE_NAME, account.language)
    return faces.remember(response, request, faces.ELDER_COOKIE, "1" if account.elder else "0")


def keep(request: HttpRequest, name: str, value: str) -> None:
    """What somebody chose with the switches at the head of a page goes with their account, if they are signed in."""
    actor: access.Actor = getattr(request, "actor", access.ANONYMOUS)
    if not actor.signed_in:
        return
    if name == "language":
        accounts.wear(account_id=actor.person_id, language=value)
        sessions.note_language(request, value)
    else:
        accounts.wear(account_id=actor.person_id, elder=value == "1")


def strong(view: View) -> View:
    """Ask for the second factor first, if the person has one: for pages that could give the account away."""

    @wraps(view)
    def checked(request: Asked, *args: Any, **kwargs: Any) -> HttpResponse:
        if not sessions.passed_second_factor(request) and second_factors.has_factor(
            request.actor.account_id or 0
        ):
            return HttpResponseRedirect(via("people:second_factor_check", request.path))
        return view(request, *args, **kwargs)

    return checked  # type: ignore[return-value]  # the same shape, wrapped
