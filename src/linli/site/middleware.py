"""What happens around every request: watching, headers, language, and who asks."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DataError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation

from linli.faces.languages import is_spoken
from linli.grids import queries as places
from linli.kernel import access, clock, logs, metrics, scope
from linli.kernel.api import Unauthenticated
from linli.people import queries as people
from linli.people import rules as people_rules
from linli.site import problems

log = logging.getLogger("linli.web")
Handler = Callable[[HttpRequest], HttpResponse]

HEADERS = {
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(self), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}


class Watch:
    """Gives the request its id and its moment, turns known errors into problems, logs and counts the outcome."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        given = request.headers.get("X-Request-Id", "")
        ours = given if given.isalnum() and len(given) <= 32 else secrets.token_hex(8)
        logs.set_request_id(ours)
        try:
            return self._watched(request, ours, started)
        finally:
            logs.set_request_id("")  # the thread serves others next

    def _watched(self, request: HttpRequest, ours: str, started: float) -> HttpResponse:
        scope.leave()
        request.now = clock.now()  # type: ignore[attr-defined]  # the door's one reading of the clock
        before = getattr(connection, "linli_statements", 0)
        response = self.get_response(request)
        response["X-Request-Id"] = ours
        route = request.resolver_match.route if request.resolver_match else "unmatched"
        statements = getattr(connection, "linli_statements", 0) - before
        metrics.observe_request(
            route=route,
            method=request.method or "",
            status=response.status_code,
            seconds=time.perf_counter() - started,
            statements=statements,
        )
        if response.status_code >= 500:
            log.error("request failed", extra={"route": route, "status": response.status_code})
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Known refusals become problems; anything else is a 500 with its trace in the log."""
        if isinstance(exception, Unauthenticated):  # the guard stands around ninja's own handlers
            return problems.problem(request, 401, "no_token")
        if isinstance(exception, access.NotFound):
            return problems.problem(request, 404, "not_found")
        if isinstance(exception, access.Forbidden):
            return problems.problem(request, 403, exception.code)
        if isinstance(exception, RequestDataTooBig):
            return problems.problem(request, 413, "too_large")
        if isinstance(exception, DataError):  # a NUL, a number beyond its column: input no check had foreseen
            log.warning("input that the database cannot hold")
            return problems.problem(request, 400, "bad_request")
        return problems.passing(request, exception)


class Headers:
    """The browser's safety belt on every answer, and no caching of what is not declared public."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        if problems.wants_json(request):
            response.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        if not request.path.startswith(settings.STATIC_URL):
            response.setdefault("Cache-Control", "private, no-store")
        return response


class Who:
    """Finds out who asks, enters their communities, and keeps those out whom the route does not admit."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Enforce the view's declared policy."""
        if getattr(view, "linli_open", False):
            return None
        if problems.wants_json(request) and people_rules.carries_token(request.GET):
            return problems.problem(request, 400, "token_in_query")
        actor = actor_of(request)
        request.actor = actor  # type: ignore[attr-defined]
        scope.enter(actor.communities)
        if problems.wants_json(request):
            return None  # each API operation carries its own policy, enforced by site.api
        if actor.signed_in:
            follow_language(request, actor)
        policy = access.policy_of(view)
        if policy is None:
            raise LookupError(f"{view.__module__}.{getattr(view, '__name__', view)} declares no policy")
        return refusal(request, actor, policy)


def follow_language(request: HttpRequest, actor: access.Actor) -> None:
    """A language chosen on another device holds here too, from this page on."""
    if not people.language_changed_elsewhere(request, actor.language) or not is_spoken(actor.language):
        return
    people.note_language(request, actor.language)
    translation.activate(actor.language)
    request.LANGUAGE_CODE = actor.language
    request.language_from_elsewhere = actor.language  # type: ignore[attr-defined]  # for the cookie: site.roads


def actor_of(request: HttpRequest) -> access.Actor:
    """The one who asks: by bearer token on the API, by session elsewhere."""
    if problems.wants_json(request):
        header = request.headers.get("Authorization", "")
        if not header.startswith("Bearer "):
            return access.ANONYMOUS
        found = places.actor_by_token(people.token_digest(header[7:].strip()), at=request.now)  # type: ignore[attr-defined]
        return found or access.ANONYMOUS
    user = request.user
    if not user.is_authenticated or user.pk is None:
        return access.ANONYMOUS
    return places.actor(user.pk, at=request.now, mfa=people.passed_second_factor(request)) or access.ANONYMOUS  # type: ignore[attr-defined]


def refusal(request: HttpRequest, actor: access.Actor, policy: access.Policy) -> HttpResponse | None:
    """Why this actor may not enter, as an answer; None when it may."""
    if policy.who.admits(actor):
        if policy.who.kind in {"staff", "roles", "superuser"} and settings.LINLI_STAFF_MFA and not actor.mfa:
            return HttpResponseRedirect(f"{people.SECOND_FACTOR_PATH}?next={quote(request.get_full_path())}")
        return None
    if not actor.signed_in:
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?next={quote(request.get_full_path())}")
    return problems.problem(request, 403, "not_your_door")
