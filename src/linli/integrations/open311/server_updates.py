"""Updates of requests: an extension in the form that FixMyStreet and its family use."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse

from linli.integrations.open311.actions import updating
from linli.integrations.open311.queries import requests
from linli.integrations.open311.rules import asking, wire
from linli.integrations.open311.rules.asking import first
from linli.integrations.open311.rules.faults import Refused, unknown, wrong
from linli.integrations.open311.server import form_given
from linli.integrations.open311.speaking import (
    community,
    given_of,
    key_of,
    key_of_reader,
    operation,
    say,
)
from linli.kernel import scope
from linli.kernel.idempotency import KeyReused

LATELY = timedelta(days=1)


@operation("open311.updates", creates=True)
def updates(request: HttpRequest) -> HttpResponse:
    """GET: what happened to public requests. POST: a word more on a request of one's own."""
    return _add(request) if request.method == "POST" else _list(request)


def _list(request: HttpRequest) -> HttpResponse:
    """Between two moments, at most 90 days; without them the last day, of named requests everything."""
    given = given_of(request)
    where = community(given)
    numbers = tuple(filter(None, map(asking.number, asking.listed(given, "service_request_id"))))
    at = request.now  # type: ignore[attr-defined]  # set by site.middleware.Watch
    only = {name: given.get(name, ()) for name in ("start_date", "end_date")}
    asked, faults = asking.read(only, at)
    if asked is None:
        raise Refused(*faults)
    plain = not first(given, "start_date") and not first(given, "end_date")
    since = asked.start_at if numbers or not plain else at - LATELY
    with scope.within([where.id]):
        key = key_of_reader(request, where.id)
        found = requests.happened(where.id, key=key, numbers=numbers, since=since, until=asked.end_at)
    return say(request, wire.updates(found))


def _add(request: HttpRequest) -> HttpResponse:
    given = form_given(request)
    where = community(given)
    number = asking.number(first(given, "service_request_id"))
    with scope.within([where.id]):
        key = key_of(where.id, first(given, "api_key") or request.META.get("HTTP_X_API_KEY", ""), request)
        found = requests.one(where.id, number, key=key)
        if found is None:
            raise Refused(unknown("request_unknown", first(given, "service_request_id")[:40]))
        try:
            updating.add(
                key=key,
                number=number,
                words=first(given, "description"),
                status=first(given, "status").lower(),
                update_id=first(given, "update_id")[:100],
                state=found.state,
                at=request.now,  # type: ignore[attr-defined]  # set by site.middleware.Watch
            )
        except KeyReused as refused:
            raise Refused(wrong("repetition_reused")) from refused
    return say(
        request, wire.updates([{"update_id": first(given, "update_id")[:100], "service_request_id": number}])
    )
