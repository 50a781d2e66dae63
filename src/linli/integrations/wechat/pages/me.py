"""My WeChat: which official accounts know me, tying one, letting one go; and agreeing to be told."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.cases.pages import here
from linli.integrations.wechat import accounts, platform, words
from linli.integrations.wechat.actions import binding, consent, keys
from linli.integrations.wechat.actions.keys import Trip
from linli.integrations.wechat.models import Follower, NoticeTemplate, OfficialAccount, Subscription
from linli.integrations.wechat.pages import sign_in
from linli.integrations.wechat.rules import signing
from linli.kernel import access, scope
from linli.people.pages import ways
from linli.people.pages.ways import Asked


@access.policy("wechat.me", who=access.SIGNED_IN)
@require_http_methods(["GET", "POST"])
@ways.strong
def me(request: Asked) -> HttpResponse:
    """What is tied, what waits to be tied, and where one may begin."""
    if request.method == "POST":
        return _act(request)
    held = binding.bindings(request.actor)
    waiting = sign_in.waiting(request)
    tied = {row.account_id for row in held}
    if waiting is not None and waiting.person_id == request.actor.account_id:
        waiting = None
    context = {
        "held": held,
        "waiting": waiting,
        "open": [one for one in _accounts(request) if one.pk not in tied],
        "tab": "me",
    }
    return here.show(request, "wechat/me.html", context)


def _accounts(request: Asked) -> list[OfficialAccount]:
    with scope.within(request.actor.communities):
        return list(OfficialAccount.objects.filter(on=True).order_by("community_id"))


def _act(request: Asked) -> HttpResponse:
    verb = request.POST.get("verb", "")
    try:
        if verb == "begin":
            account = accounts.by_key(request.POST.get("key", ""))
            return sign_in.leave(request, account, Trip(account.key, "bind", "", request.actor.account_id))
        if verb == "bind":
            return _bind(request)
        if verb == "unbind" and request.POST.get("id", "").isdigit():
            binding.unbind(actor=request.actor, follower_id=int(request.POST["id"]), at=request.now)
            messages.success(request, _("Untied. What you reported stays with your account."))
    except access.Forbidden as no:
        messages.error(request, words.hindrance(no.code))
    return redirect("wechat:me")


def _bind(request: Asked) -> HttpResponse:
    follower = sign_in.waiting(request)
    if follower is None:
        messages.warning(request, _("That took too long; please begin again."))
    elif request.POST.get("answer") == "yes":
        binding.bind(actor=request.actor, follower=follower, at=request.now)
        messages.success(request, _("Tied. What you wrote in the chat stands under “My things” now."))
    response = redirect("wechat:me")
    keys.forget(response)
    return response


# --- agreeing to be told ------------------------------------------------------------------------------------------


@access.policy("wechat.notices", who=access.SIGNED_IN)
@require_http_methods(["GET", "POST"])
def notices(request: Asked, key: str) -> HttpResponse:
    """What one may agree to be told by WeChat, and how often that is still covered."""
    account = accounts.by_key(key)
    follower = _mine(request, account)
    if request.method == "POST" and follower is not None:
        return _ask(request, account, follower)
    with scope.within([account.community_id]):
        rows = list(NoticeTemplate.objects.filter(account=account).order_by("kind"))
        held = (
            {row.template_id: row for row in Subscription.objects.filter(follower=follower)}
            if follower
            else {}
        )
    context = {
        "account": account,
        "follower": follower,
        "templates": [_shown(template, held) for template in _by_template(rows)],
        "tab": "me",
    }
    return here.show(request, "wechat/notices.html", context)


def _by_template(rows: list[NoticeTemplate]) -> list[tuple[NoticeTemplate, list[str]]]:
    """One template may carry several kinds."""
    found: dict[str, tuple[NoticeTemplate, list[str]]] = {}
    for row in rows:
        found.setdefault(row.template_id, (row, []))[1].append(words.kind(row.kind))
    return list(found.values())


def _shown(template: tuple[NoticeTemplate, list[str]], held: dict[str, Subscription]) -> dict[str, Any]:
    row, kinds = template
    mine = held.get(row.template_id)
    return {
        "id": row.template_id,
        "kinds": kinds,
        "left": mine.left if mine else 0,
        "for_good": bool(mine and mine.for_good),
    }


def _mine(request: Asked, account: OfficialAccount) -> Follower | None:
    with scope.within([account.community_id]):
        return Follower.objects.filter(account=account, person_id=request.actor.account_id).first()


def _ask(request: Asked, account: OfficialAccount, follower: Follower) -> HttpResponse:
    wanted = request.POST.get("template", "")
    with scope.within([account.community_id]):
        if not NoticeTemplate.objects.filter(account=account, template_id=wanted).exists():
            raise access.NotFound
    trip = Trip(account.key, wanted, reverse("wechat:notices", args=[account.key]), request.actor.account_id)
    back = f"{platform.own_base()}{reverse('wechat:agreed', args=[account.key])}"
    query = {
        "action": "get_confirm",
        "appid": account.app_id,
        "scene": str(secrets.randbelow(10000)),
        "template_id": wanted,
        "redirect_url": back,
        "reserved": keys.depart(request.session, trip, at=request.now),
    }
    return HttpResponseRedirect(f"{platform.base('mp')}/mp/subscribemsg?{urlencode(query)}#wechat_redirect")


@access.policy("wechat.agreed", who=access.SIGNED_IN)
@require_safe
def agreed(request: Asked, key: str) -> HttpResponse:
    """Back from WeChat's own page that asks for consent."""
    account = accounts.by_key(key)
    trip = keys.arrive(request.session, request.GET.get("reserved", ""), key=key, at=request.now)
    follower = _mine(request, account)
    if trip is None or follower is None or trip.account_id != request.actor.account_id:
        messages.warning(request, _("That took too long; please begin again."))
    elif request.GET.get("action") == "confirm" and request.GET.get("openid", "") == follower.openid:
        with scope.within([account.community_id]):
            consent.give(follower, trip.purpose, at=request.now)
        messages.success(request, _("Noted: you will be told once. Each further time is asked for again."))
    else:
        messages.info(request, _("All right, no notices by WeChat. You find everything under “My things”."))
    return redirect("wechat:notices", key=key)


# --- pages that use the platform's script -------------------------------------------------------------------------


@access.policy("wechat.page_json", who=access.PUBLIC)
@require_safe
def page_json(request: Asked, key: str) -> HttpResponse:
    """What a page of ours needs to use the platform's script (scan a code, send a position, ask for consent).

    Only addresses of ours are signed. Pages work without it.
    """
    account = accounts.by_key(key)
    url = request.GET.get("url", "")
    ours = {urlsplit(platform.own_base()).netloc, request.get_host()}
    if len(url) > 1000 or urlsplit(url).scheme not in {"https", "http"} or urlsplit(url).netloc not in ours:
        return JsonResponse({"code": "not_ours"}, status=400)
    try:
        with scope.within([account.community_id]):
            ticket = platform.page_ticket(account, at=request.now)
    except platform.Refused as refused:
        return JsonResponse({"code": refused.code}, status=503)
    nonce, timestamp = secrets.token_hex(8), int(request.now.timestamp())
    signed = signing.page_signature(ticket=ticket, nonce=nonce, timestamp=timestamp, url=url)
    return JsonResponse(
        {"appId": account.app_id, "timestamp": timestamp, "nonceStr": nonce, "signature": signed}
    )
