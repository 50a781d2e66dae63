"""The demo's chat: a phone on a page, whose lines go through the real callback and the real calls; only in a demo."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.grids.rules.datum import Datum, from_wgs84
from linli.integrations.wechat import accounts
from linli.integrations.wechat.fake import house
from linli.integrations.wechat.fake.platform import No, Platform
from linli.integrations.wechat.models import OfficialAccount
from linli.kernel import access, scope
from linli.notices.actions import choosing
from linli.people.pages.ways import Asked

COOKIE = "linli-demo-wechat"
AGE = 30 * 24 * 3600
MOST_FILE = 10_000_000
SILENCE = b"#!AMR\n" + (b"\x3c" + bytes(31)) * 150  # three seconds, for those who have no recording at hand
#: The faults one may try, and what each does.
FAULTS: dict[str, Callable[[Platform, str, str], None]] = {
    "duplicate": lambda side, app_id, openid: side.fault("duplicate", "1"),
    "lost_answer": lambda side, app_id, openid: side.fault("lost_answer", "2"),
    "wrong_signature": lambda side, app_id, openid: side.fault("wrong_signature", "1"),
    "token": lambda side, app_id, openid: side.kill_tokens(),
    "down": lambda side, app_id, openid: side.fault("down", "3"),
    "window": lambda side, app_id, openid: side.shut_windows(app_id, openid),
}


@dataclass(frozen=True, slots=True)
class Phone:
    """One visitor's phone: which account it looks at, and who it is there."""

    side: Platform
    account: OfficialAccount
    community: PlaceRow
    openid: str

    @property
    def app_id(self) -> str:
        """The account's id at the platform."""
        return self.account.app_id


def _open() -> None:
    if not house.is_open():
        raise access.NotFound


def _phone(request: Asked) -> Phone:
    """The visitor's phone, by a cookie of its own: sessions are emptied when somebody signs in."""
    _open()
    house.settle(request.now)
    held = str(request.get_signed_cookie(COOKIE, default="", salt=COOKIE))
    code, _, openid = held.partition("|")
    communities = places.communities()
    if not communities:
        raise access.NotFound
    wanted = request.GET.get("community") or request.POST.get("community") or code
    community = next((one for one in communities if one.code == wanted), communities[0])
    if not openid or request.POST.get("do") == "somebody_else":
        openid = f"oDemo{secrets.token_urlsafe(16)}"
    with scope.within([community.id]):
        account = OfficialAccount.objects.get(community_id=community.id)
    return Phone(house.other_side(), account, community, openid)


def _keep(response: HttpResponse, phone: Phone, request: Asked) -> HttpResponse:
    response.set_signed_cookie(
        COOKIE,
        f"{phone.community.code}|{phone.openid}",
        salt=COOKIE,
        max_age=AGE,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


@access.policy("wechat.demo", who=access.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def chat(request: Asked) -> HttpResponse:
    """The chat, and everything a phone can send."""
    phone = _phone(request)
    if request.method == "POST":
        _do(request, phone)
        _stay_awake(request, phone)
        return _keep(HttpResponseRedirect(f"{reverse('wechat:demo')}#chat"), phone, request)
    context = {
        "phone": phone,
        "communities": places.communities(),
        "community": phone.community,
        "follows": phone.side.follows(phone.app_id, phone.openid),
        "menu": phone.side.menu(phone.app_id).get("button", []),
        "buildings": places.buildings(phone.community.id),
        "stands_at": request.GET.get("place", ""),
        "templates": phone.side.templates(phone.app_id),
        "consents": phone.side.consents(phone.app_id, phone.openid),
        "faults": [(name, words()) for name, words in FAULT_WORDS.items()],
        "said": _said(phone),
    }
    return _keep(render(request, "wechat/demo.html", context), phone, request)


@access.policy("wechat.demo_part", who=access.PUBLIC)
@require_safe
def part(request: Asked) -> HttpResponse:
    """What was said so far; asked for again and again while the page is open."""
    phone = _phone(request)
    return render(request, "wechat/demo_said.html", {"said": _said(phone)})


def _said(phone: Phone) -> list[dict[str, Any]]:
    return [
        {"number": number, "mine": mine, "kind": kind, "words": words, "event": kind.startswith("event:")}
        for number, mine, kind, words, _ in phone.side.chat(phone.app_id, phone.openid)
        if not (kind.startswith("event:") and kind.endswith("VIEW"))
    ]


def _do(request: Asked, phone: Phone) -> None:
    """One thing that somebody does with the phone."""
    verb = request.POST.get("do", "")
    act = DOES.get(verb)
    if act is not None:
        act(request, phone)


def _stay_awake(request: Asked, phone: Phone) -> None:
    """Who holds this phone looks at it: the news of their case come at any hour."""
    with scope.within([phone.community.id]):
        held = accounts.follower(phone.account, phone.openid)
    if held is not None and held.person_id is not None:
        choosing.without_quiet_hours(held.person_id, request.now)


def _text(request: Asked, phone: Phone) -> None:
    words = request.POST.get("words", "").strip()[:2000]
    if words:
        phone.side.text(phone.app_id, phone.openid, words)


def _picture(request: Asked, phone: Phone) -> None:
    file: UploadedFile[Any] | None = request.FILES.get("picture")
    if file is not None and (file.size or 0) <= MOST_FILE:
        type_ = file.content_type or "image/jpeg"
        phone.side.media(phone.app_id, phone.openid, "image", file.read(), type_, name=_("[picture]"))


def _voice(request: Asked, phone: Phone) -> None:
    file: UploadedFile[Any] | None = request.FILES.get("voice")
    content = file.read() if file is not None and (file.size or 0) <= MOST_FILE else SILENCE
    phone.side.media(phone.app_id, phone.openid, "voice", content, "audio/amr", name=_("[voice message]"))


def _building(request: Asked, phone: Phone) -> PlaceRow | None:
    wanted = request.POST.get("place", "")
    return next((one for one in places.buildings(phone.community.id) if str(one.id) == wanted), None)


def _location(request: Asked, phone: Phone) -> None:
    place = _building(request, phone)
    if place is None or place.lon is None or place.lat is None:
        return
    lon, lat = from_wgs84(place.lon, place.lat, Datum.GCJ02)
    phone.side.location(phone.app_id, phone.openid, lon, lat, f"{phone.community.name_zh}{place.name_zh}")


def _scan(request: Asked, phone: Phone) -> None:
    place = _building(request, phone)
    if place is not None:
        phone.side.scan(phone.app_id, phone.openid, f"building:{place.code}")


def _follow(request: Asked, phone: Phone) -> None:
    phone.side.follow(phone.app_id, phone.openid)


def _unfollow(request: Asked, phone: Phone) -> None:
    phone.side.unfollow(phone.app_id, phone.openid)


def _tap(request: Asked, phone: Phone) -> None:
    key = request.POST.get("key", "")[:64]
    phone.side.click(phone.app_id, phone.openid, key)


def _agree(request: Asked, phone: Phone) -> None:
    template = request.POST.get("template", "")
    if template in {one[0] for one in phone.side.templates(phone.app_id)}:
        phone.side.agree(phone.app_id, phone.openid, template)


def _fault(request: Asked, phone: Phone) -> None:
    act = FAULTS.get(request.POST.get("fault", ""))
    if act is not None:
        act(phone.side, phone.app_id, phone.openid)


DOES: dict[str, Callable[[Asked, Phone], None]] = {
    "text": _text,
    "picture": _picture,
    "voice": _voice,
    "location": _location,
    "scan": _scan,
    "follow": _follow,
    "unfollow": _unfollow,
    "tap": _tap,
    "agree": _agree,
    "fault": _fault,
}
FAULT_WORDS: dict[str, Callable[[], str]] = {
    "duplicate": lambda: _("The next message is delivered twice"),
    "lost_answer": lambda: _("The next two answers are lost on the way; WeChat tries again"),
    "wrong_signature": lambda: _("The next call carries a wrong signature"),
    "token": lambda: _("The access token is no good any more"),
    "down": lambda: _("The next three calls to WeChat fail"),
    "window": lambda: _("48 hours without a word: only notices may be sent"),
}


# --- the platform's own doors -----------------------------------------------------------------------------------------


@csrf_exempt
@access.policy("wechat.demo_platform", who=access.PUBLIC)
@require_http_methods(["GET", "POST"])
def platform(request: Asked, path: str) -> HttpResponse:
    """What the account's server asks of the platform."""
    _open()
    if len(request.body) > MOST_FILE:
        return HttpResponse(status=413)
    try:
        answer = house.other_side().handle(request.method or "", f"/{path}", request.GET.dict(), request.body)
    except ValueError:
        return HttpResponse(
            '{"errcode": 47001, "errmsg": "data format error"}', content_type="application/json"
        )
    return HttpResponse(
        answer.body, status=answer.status, content_type=answer.headers.get("content-type", "text/plain")
    )


@access.policy("wechat.demo_authorize", who=access.PUBLIC)
@require_safe
def authorize(request: Asked) -> HttpResponse:
    """The platform's sign-in page: inside WeChat it asks nothing, it knows whose phone this is."""
    phone = _phone(request)
    try:
        goal = phone.side.authorize(request.GET.dict(), phone.openid)
    except No as no:
        return HttpResponse(f"{no.code} {no.said}", status=400, content_type="text/plain")
    return _keep(HttpResponseRedirect(goal), phone, request)


@access.policy("wechat.demo_confirm", who=access.PUBLIC)
@require_safe
def confirm(request: Asked) -> HttpResponse:
    """The platform's page that asks for consent to one notice."""
    phone = _phone(request)
    told = request.GET.dict()
    titles = {one[0]: one[1] for one in phone.side.templates(str(told.get("appid", "")))}
    title = titles.get(str(told.get("template_id", "")))
    if title is None:
        return HttpResponse("10003", status=400, content_type="text/plain")
    if "answer" not in told:
        context = {"title": title, "account": phone.account, "query": request.GET.urlencode()}
        return render(request, "wechat/demo_confirm.html", context)
    yes = told.pop("answer") == "yes"
    try:
        return redirect(phone.side.confirm(told, phone.openid, yes=yes))
    except No as no:
        return HttpResponse(f"{no.code} {no.said}", status=400, content_type="text/plain")
