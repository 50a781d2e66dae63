"""Coming in by WeChat: there with a state of this session, back with a code; the first time it asks who one is."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.grids import queries as places
from linli.integrations.wechat import accounts, platform
from linli.integrations.wechat.actions import binding, keys
from linli.integrations.wechat.actions.keys import Trip
from linli.integrations.wechat.models import Follower, OfficialAccount
from linli.integrations.wechat.rules.errors import Reaction
from linli.kernel import access, scope
from linli.people import queries as people
from linli.people.pages import ways
from linli.people.pages.ways import Asked

log = logging.getLogger("linli.wechat")


def leave(request: Asked, account: OfficialAccount, trip: Trip) -> HttpResponse:
    """Off to WeChat, with a state that only this session knows."""
    state = keys.depart(request.session, trip, at=request.now)
    back = f"{platform.own_base()}{reverse('wechat:back', args=[account.key])}"
    query = {
        "appid": account.app_id,
        "redirect_uri": back,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": state,
    }
    url = f"{platform.base('open')}/connect/oauth2/authorize?{urlencode(query)}#wechat_redirect"
    return HttpResponseRedirect(url)


@access.policy("wechat.sign_in", who=access.PUBLIC)
@require_safe
def sign_in(request: Asked, key: str) -> HttpResponse:
    """Sign in by WeChat and go on; whoever is signed in already goes on at once."""
    account = accounts.by_key(key)
    goal = ways.wanted(request) or "/"
    if request.actor.signed_in:
        return HttpResponseRedirect(goal)
    return leave(request, account, Trip(key, "sign_in", goal, None))


@access.policy("wechat.back", who=access.PUBLIC)
@require_safe
def back(request: Asked, key: str) -> HttpResponse:
    """Back from WeChat."""
    account = accounts.by_key(key)
    trip = keys.arrive(request.session, request.GET.get("state", ""), key=key, at=request.now)
    code = request.GET.get("code", "")
    if trip is None:
        return _stop(
            request, account, _("This way in was not begun in this browser, or it took too long."), 400
        )
    if not code or len(code) > 200:
        return _stop(request, account, _("WeChat did not tell who you are."), 400, trip.goal)
    try:
        openid = platform.exchange(account, code, at=request.now)
    except platform.Refused as refused:
        log.warning("a sign-in by WeChat failed", extra={"code": refused.code})
        used = refused.reaction is Reaction.LOG_IN
        said = _("This way in was used already.") if used else _("WeChat does not answer at the moment.")
        return _stop(request, account, said, 400 if used else 503, trip.goal)
    follower = binding.known(account, openid, at=request.now)
    return _arrived(request, follower, trip)


def _arrived(request: Asked, follower: Follower, trip: Trip) -> HttpResponse:
    if trip.purpose == "bind":
        if request.actor.account_id is None or request.actor.account_id != trip.account_id:
            raise access.Forbidden("nobody")
        return _keep(request, follower, reverse("wechat:me"))
    person = people.account(follower.person_id) if follower.person_id else None
    if person is not None:
        return ways.enter(request, person, trip.goal)
    return _keep(request, follower, f"{reverse('wechat:first', args=[trip.key])}?next={quote(trip.goal)}")


def _keep(request: Asked, follower: Follower, goal: str) -> HttpResponse:
    response = HttpResponseRedirect(goal)
    keys.wait(response, follower.pk, follower.community_id, secure=request.is_secure())
    return response


def _stop(request: Asked, account: OfficialAccount, said: str, status: int, goal: str = "") -> HttpResponse:
    context = {"said": said, "key": account.key, "next": goal}
    return render(request, "wechat/stopped.html", context, status=status)


def waiting(request: Asked) -> Follower | None:
    """The WeChat identity that was proved in this browser and waits to be bound."""
    held = keys.waiting(request)
    if held is None:
        return None
    with scope.within([held[1]]):
        return Follower.objects.select_related("account").filter(pk=held[0]).first()


@access.policy("wechat.first", who=access.PUBLIC)
@require_http_methods(["GET", "POST"])
def first(request: Asked, key: str) -> HttpResponse:
    """The first time: with the account of one's phone, or by WeChat alone."""
    account = accounts.by_key(key)
    goal = ways.wanted(request)
    follower = waiting(request)
    if follower is None or follower.account_id != account.pk:
        return _stop(
            request, account, _("This way in was not begun in this browser, or it took too long."), 400, goal
        )
    context: dict[str, Any] = {"account": account, "next": goal, "me": reverse("wechat:me")}
    if request.method == "POST" and request.POST.get("agree"):
        return _open(request, follower, goal)
    context["missing"] = request.method == "POST"
    context["community"] = places.place(account.community_id)
    return render(request, "wechat/first.html", context, status=422 if context["missing"] else 200)


def _open(request: Asked, follower: Follower, goal: str) -> HttpResponse:
    try:
        held: int | None = binding.open_for(
            follower,
            language=ways.language(request),
            notices=bool(request.POST.get("notices")),
            at=request.now,
        )
    except access.Forbidden:  # a second tap: it is open already
        with scope.within([follower.community_id]):
            held = Follower.objects.get(pk=follower.pk).person_id
    person = people.account(held or 0)
    if person is None:
        raise access.NotFound
    response = ways.enter(request, person, goal or "/")
    keys.forget(response)
    return response
