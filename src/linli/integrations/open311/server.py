"""GeoReport v2: discovery, services, definitions, requests, tokens. One function for each method of the standard."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.integrations.open311 import words
from linli.integrations.open311.actions import filing as taking
from linli.integrations.open311.queries import catalog, requests
from linli.integrations.open311.rules import asking, filing, questions, times, wire
from linli.integrations.open311.rules.asking import first
from linli.integrations.open311.rules.faults import Fault, Refused, unknown, wrong
from linli.integrations.open311.rules.services import Service
from linli.integrations.open311.speaking import (
    base,
    community,
    given_of,
    key_of,
    key_of_reader,
    operation,
    say,
)
from linli.kernel import scope
from linli.kernel.api import key_of as repetition_of
from linli.kernel.clock import LOCAL
from linli.kernel.idempotency import KeyReused

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
SINCE = datetime(2026, 11, 23, tzinfo=LOCAL)  # this server's own shape
KEPT_SECONDS = 60
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


@operation("open311.discovery")
def discovery(request: HttpRequest) -> HttpResponse:
    """Which endpoints there are and how to get a key."""
    return _discovery(request)


@operation("open311.discovery_beside")
def discovery_beside(request: HttpRequest) -> HttpResponse:
    """The same beside the endpoint, where some clients look."""
    return _discovery(request)


def _discovery(request: HttpRequest) -> HttpResponse:
    at: datetime = request.now  # type: ignore[attr-defined]  # set by site.middleware.Watch
    changed = catalog.changed_at(row.id for row in catalog.communities())
    stamp = times.written(min(max(changed or SINCE, SINCE), at), LOCAL)
    here = base(request)
    told = {
        "changeset": stamp,
        "contact": _("The communities served here, each with its telephone: %(address)s")
        % {"address": f"{here}/open311/"},
        "key_service": _("A community gives a key to an app; how to ask for one: %(address)s")
        % {"address": f"{here}/open311/"},
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": f"{here}/open311/v2",
                "changeset": stamp,
                "type": "test" if settings.LINLI_DEMO else "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return say(request, wire.One("discovery", told), kept_seconds=KEPT_SECONDS)


@operation("open311.services")
def services(request: HttpRequest) -> HttpResponse:
    """What can be reported."""
    where = community(given_of(request))
    found = catalog.services(where.id, _language())
    return say(request, wire.services([one.as_told() for one in found.values()]), kept_seconds=KEPT_SECONDS)


@operation("open311.service")
def service(request: HttpRequest, service_code: str) -> HttpResponse:
    """What is asked beside the description."""
    where = community(given_of(request))
    found = _service(where.id, service_code)
    told = questions.definition(found.code, found.questions)
    return say(request, wire.One("service_definition", told), kept_seconds=KEPT_SECONDS)


def _service(community_id: int, code: str) -> Service:
    found = catalog.services(community_id, _language()).get(code)
    if found is None:
        raise Refused(unknown("service_unknown", code[:60]))
    return found


@operation("open311.requests", creates=True)
def all_requests(request: HttpRequest) -> HttpResponse:
    """GET: the requests that everybody may read. POST: a new one."""
    return _create(request) if request.method == "POST" else _list(request)


def _list(request: HttpRequest) -> HttpResponse:
    given = given_of(request)
    where = community(given)
    asked, faults = asking.read(given, request.now)  # type: ignore[attr-defined]  # set by site.middleware.Watch
    how, odd = asking.how(given)
    if asked is None or odd:
        raise Refused(*faults, *odd)
    _require_known(where.id, asked.service_codes)
    with scope.within([where.id]):
        found = requests.listed(where.id, asked, key=key_of_reader(request, where.id))
    answer = say(request, wire.requests([requests.told(one, where, how, _language()) for one in found]))
    if asked.numbers is None and len(found) == asked.page_size:
        answer["Link"] = _next(request, asked.page + 1, asked.page_size)
    return answer


def _require_known(community_id: int, codes: tuple[str, ...]) -> None:
    """A service that never was is told so; one that is no longer offered still has requests."""
    missing = [code for code in codes if not catalog.name_of(community_id, code, _language())]
    if missing:
        raise Refused(*(unknown("service_unknown", code[:60]) for code in missing))


def _next(request: HttpRequest, page: int, size: int) -> str:
    query = [(name, one) for name, one in request.GET.items() if name not in {"page", "page_size"}]
    query += [("page", str(page)), ("page_size", str(size))]
    return f'<{base(request)}{request.path}?{urlencode(query)}>; rel="next"'


@operation("open311.request")
def one_request(request: HttpRequest, service_request_id: str) -> HttpResponse:
    """One request, as a list of one."""
    given = given_of(request)
    where = community(given)
    how, odd = asking.how(given)
    if odd:
        raise Refused(*odd)
    with scope.within([where.id]):
        key = key_of_reader(request, where.id)
        found = requests.one(where.id, asking.number(service_request_id), key=key)
    if found is None:
        raise Refused(unknown("request_unknown", service_request_id[:40]))
    return say(request, wire.requests([requests.told(found, where, how, _language())]))


@operation("open311.token")
def token(request: HttpRequest, token: str) -> HttpResponse:
    """The number of a request that was answered with a token; empty while a person has still to let it in."""
    where = community(given_of(request))
    with scope.within([where.id]):
        found = requests.number_of(where.id, token[:60])
    if found is None:
        raise Refused(unknown("token_unknown"))
    filed, ready = found
    told = {"service_request_id": filed.number if ready else "", "token": filed.token}
    return say(request, wire.requests([told]))


def _create(request: HttpRequest) -> HttpResponse:
    given = form_given(request)
    wanted, faults = filing.read(given)
    where = _jurisdiction(given, faults)
    with scope.within([where.id]):
        key = key_of(where.id, first(given, "api_key") or request.META.get("HTTP_X_API_KEY", ""), request)
        receipt = _taken(request, key, wanted, faults)
    follow = f"{base(request)}/follow/"
    told: dict[str, Any] = {}
    if receipt.number:
        told["service_request_id"] = receipt.number
    elif receipt.token:
        told["token"] = receipt.token
    told |= {"service_notice": words.notice(receipt.number, receipt.code, follow), "account_id": ""}
    answer = say(request, wire.requests([told]))
    if receipt.again:
        answer["Idempotent-Replayed"] = "true"
    return answer


def _jurisdiction(given: asking.Given, faults: list[Fault]) -> Any:
    try:
        return community(given)
    except Refused as refused:
        raise Refused(*refused.faults, *faults) from None


def _taken(request: HttpRequest, key: Any, wanted: filing.Wanted, faults: list[Fault]) -> taking.Receipt:
    try:
        return taking.file(
            key=key,
            wanted=wanted,
            files=[each for name in request.FILES for each in request.FILES.getlist(name)],
            faults=faults,
            repetition=repetition_of(request),
            at=request.now,  # type: ignore[attr-defined]  # set by site.middleware.Watch
        )
    except KeyReused as refused:
        raise Refused(wrong("repetition_reused")) from refused


def form_given(request: HttpRequest) -> dict[str, list[str]]:
    """The fields of what was posted; the jurisdiction may stand in the address too, as in every other method.

    :raises Refused: another kind of body, or one that is not UTF-8.
    """
    if request.content_type == MULTIPART:
        fields = [(name, one) for name, values in request.POST.lists() for one in values]
    elif request.content_type == FORM or not request.body:
        found = filing.pairs(request.body)
        if found is None:
            raise Refused(wrong("not_utf8"))
        fields = found
    else:
        raise Refused(wrong("not_a_form"))
    given = filing.gathered(fields)
    if not first(given, "jurisdiction_id"):
        given["jurisdiction_id"] = request.GET.getlist("jurisdiction_id")
    return given


def _language() -> str:
    return get_language() or "zh-hans"
