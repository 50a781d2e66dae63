"""What people and programs see when something cannot be done: one page, one JSON shape, always with the next step."""

from __future__ import annotations

import logging
import sys

import orjson
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from linli.integrations.open311 import speaking
from linli.site import trouble

log = logging.getLogger("linli.web")
OPEN311 = ("/open311/v2/", "/open311/discovery.")
PROGRAMS = ("/api/", *OPEN311)  # who asks here is a program: no cookies, no pages

TITLES = {
    400: "That request cannot be read.",
    401: "Please sign in first.",
    403: "You may not do this.",
    404: "There is nothing here, or it is not for you to see.",
    405: "This cannot be done here.",
    409: "It no longer fits; look again.",
    412: "Somebody was faster; look again.",
    413: "That is too large.",
    415: "That is not the kind of content expected here.",
    422: "Something in the request is not right.",
    429: "Too many requests; wait a little.",
    500: "Something broke on our side.",
    503: "The service is busy; try again in a moment.",
}


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller is a program."""
    return request.path.startswith(PROGRAMS)


def problem(
    request: HttpRequest, status: int, code: str, detail: str = "", errors: list[dict[str, str]] | None = None
) -> HttpResponse:
    """The answer for a refusal: problem+json (RFC 9457) for programs, a page that says what to do next for people.

    Open311 has a form of its own.
    """
    if request.path.startswith(OPEN311):
        return _waits(speaking.house_refusal(request, status, code), status)
    if wants_json(request):
        body: dict[str, object] = {
            "type": f"urn:linli:problem:{code}",
            "title": TITLES.get(status, "Problem"),
            "status": status,
            "code": code,
            "detail": detail,
        }
        if errors:
            body["errors"] = errors
        response = HttpResponse(orjson.dumps(body), status=status, content_type="application/problem+json")
    else:
        response = render(
            request, "faces/problem.html", {"status": status, "code": code, "detail": detail}, status=status
        )
    if status == 401:
        bad = ', error="invalid_token"' if code == "bad_token" else ""
        response["WWW-Authenticate"] = f'Bearer realm="linli"{bad}'
    return _waits(response, status)


def _waits(response: HttpResponse, status: int) -> HttpResponse:
    """The answer, with when to ask again where that helps."""
    if status in {429, 503}:
        response["Retry-After"] = "60" if status == 429 else "5"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's 400 handler."""
    return problem(request, 400, "bad_request")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's 403 handler."""
    return problem(request, 403, "forbidden")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's 404 handler."""
    return problem(request, 404, "not_found")


def passing(request: HttpRequest, exception: BaseException | None) -> HttpResponse | None:
    """The 503 for trouble that passes by itself (database away or busy, disk full); None for anything else."""
    code = trouble.code_of(exception)
    if not code:
        return None
    log.error("trouble that passes", extra={"fault": code}, exc_info=exception)
    if code == "database_unavailable":
        connection.close()
    return problem(request, 503, code)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's 500 handler; says nothing of the cause. Here arrives what struck outside a view, in a middleware."""
    return passing(request, sys.exc_info()[1]) or problem(request, 500, "server_error")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token: the page was open too long, or cookies are off."""
    return problem(request, 403, "csrf")
