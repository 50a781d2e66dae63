"""How every answer is given: the suffix's notation, the reader's language, refusals as the standard has them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from linli.faces.languages import reads_english
from linli.grids.rows import PlaceRow
from linli.integrations.open311 import words
from linli.integrations.open311.actions import keys
from linli.integrations.open311.models import AppKey
from linli.integrations.open311.queries import catalog
from linli.integrations.open311.rules import wire
from linli.integrations.open311.rules.asking import Given, first
from linli.integrations.open311.rules.faults import Fault, Refused, unknown, wrong
from linli.integrations.open311.rules.wire import CONTENT_TYPES, Form
from linli.kernel import access, api_limits
from linli.kernel.api import actor_of, network

View = Callable[..., HttpResponse]
READS = ("GET", "HEAD")
KEY_HEADER = "HTTP_X_API_KEY"
#: The words for what the house refuses before a view of ours is reached.
HOUSE = {404: "not_found", 405: "method", 413: "too_large", 429: "too_often", 503: "busy", 500: "failed"}


def operation(name: str, *, creates: bool = False) -> Callable[[View], View]:
    """A method of the standard: open to everybody, counted, answered in the notation of its suffix."""

    def mark(view: View) -> View:
        @functools.wraps(view)
        def spoken(request: HttpRequest, **route: Any) -> HttpResponse:
            language = tongue(request)
            with translation.override(language):
                return _answered(view, request, route, creates=creates)

        return access.policy(name, who=access.PUBLIC)(csrf_exempt(spoken))

    return mark


def _answered(view: View, request: HttpRequest, route: dict[str, Any], *, creates: bool) -> HttpResponse:
    form = form_of(request.path)
    try:
        if "form" in route and route.pop("form") not in set(Form):
            raise Refused(unknown("form_unknown"))
        if request.method not in READS and not (creates and request.method == "POST"):
            return refusal(form, [Fault(405, "method")], status=405)
        room = api_limits.take(actor_of(request), network(request)) if request.method in READS else None
        answer = view(request, **route)
        for header, value in (room.headers() if room else {}).items():
            answer[header] = value
        return answer
    except Refused as refused:
        return refusal(form, list(refused.faults), status=refused.status)
    except api_limits.TooOften as full:
        answer = refusal(form, [Fault(429, "too_often")], status=429)
        for header, value in full.room.headers().items():
            answer[header] = value
        answer["Retry-After"] = str(full.room.reset_seconds)
        return answer


def form_of(path: str) -> Form:
    """The notation an address asks for; XML where it does not say, for XML is the one every client reads."""
    return Form.JSON if path.rstrip("/").endswith(".json") else Form.XML


def tongue(request: HttpRequest) -> str:
    """The reader's language: Chinese unless they ask for English."""
    return "en" if reads_english(translation.get_language_from_request(request)) else "zh-hans"


def say(request: HttpRequest, document: wire.Many | wire.One, *, kept_seconds: int = 0) -> HttpResponse:
    """An answer. :param kept_seconds: how long anybody may keep it."""
    form = form_of(request.path)
    answer = _written(document, form, 200)
    if kept_seconds:
        answer["Cache-Control"] = f"public, max-age={kept_seconds}"
    return answer


def refusal(form: Form, faults: list[Fault], *, status: int) -> HttpResponse:
    """Everything wrong, in the standard's form: a list also when it is one."""
    said = [{"code": fault.status, "description": words.fault(fault)} for fault in faults]
    return _written(wire.errors(said), form, status)


def house_refusal(request: HttpRequest, status: int, code: str) -> HttpResponse:
    """What the house refuses around our views (no such address, too large, busy), in the standard's form too."""
    language = tongue(request)
    with translation.override(language):
        known = code if code in words.FAULTS else HOUSE.get(status, "failed")
        return refusal(form_of(request.path), [Fault(status, known)], status=status)


def _written(document: wire.Many | wire.One, form: Form, status: int) -> HttpResponse:
    answer = HttpResponse(wire.written(document, form), status=status, content_type=CONTENT_TYPES[form])
    answer["Content-Language"] = translation.get_language() or ""
    answer["Access-Control-Allow-Origin"] = "*"  # what is read here is for everybody; no cookie ever counts
    patch_vary_headers(answer, ["Accept-Language"])
    return answer


def base(request: HttpRequest) -> str:
    """The address of this house, as others reach it."""
    return (settings.LINLI_BASE_URL or request.build_absolute_uri("/")).rstrip("/")


def community(given: Given) -> PlaceRow:
    """The jurisdiction asked for; where there is only one it need not be named.

    :raises Refused: none named where there are several, or one that is not here.
    """
    known, code = catalog.communities(), first(given, "jurisdiction_id")
    if not code and len(known) == 1:
        return known[0]
    if not code:
        raise Refused(wrong("jurisdiction_required"))
    for row in known:
        if row.code == code:
            return row
    raise Refused(unknown("jurisdiction_unknown", code[:40]))


def key_of_reader(request: HttpRequest, community_id: int) -> AppKey | None:
    """The app that reads, by a header, for keys do not belong into addresses; None for anybody. Within the scope.

    :raises Refused: a key that does not hold.
    """
    secret = request.META.get(KEY_HEADER, "").strip()
    return key_of(community_id, secret, request) if secret else None


def key_of(community_id: int, secret: str, request: HttpRequest) -> AppKey:
    """The app of this key.

    :raises Refused: 403, none or one that does not hold.
    """
    if not secret:
        raise Refused(Fault(403, "key_required"))
    found = keys.find(community_id, secret, at=request.now)  # type: ignore[attr-defined]  # set by site.middleware.Watch
    if found is None:
        raise Refused(Fault(403, "key_wrong"))
    return found


def given_of(request: HttpRequest) -> dict[str, list[str]]:
    """The arguments of an address."""
    return {name: [one.replace("\x00", "") for one in values] for name, values in request.GET.lists()}
