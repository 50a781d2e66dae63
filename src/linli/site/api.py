"""The API: every room's operations under ``/api/v1``, one shape of problem, one OpenAPI document."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.throttling import BaseThrottle

from linli.cases.actions.moves import Conflict
from linli.cases.api import TooMany
from linli.cases.api import router as cases
from linli.cases.queries.queue import BadFilter
from linli.cases.rules.intake import Refused
from linli.grids.api import router as grids
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.api import Unauthenticated
from linli.kernel.idempotency import KeyReused
from linli.kernel.media import MediaRefused
from linli.people.api import router as people
from linli.site.problems import problem

DESCRIPTION = """
Everything the pages do, for programs. Send `Authorization: Bearer <token>`; a token acts as a person, within its scopes.
Times are RFC 3339 in UTC. Creating requests take `Idempotency-Key`; lists give a `cursor`; one case gives an `ETag`
(use `If-None-Match` to read, `If-Match` to move). Refusals are `application/problem+json` with a stable `code`.
"""

api = NinjaAPI(
    title="Linli 邻里",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,
    openapi_extra={
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        "security": [{"bearer": []}, {}],
    },
    throttle=list[BaseThrottle](),
)
api.add_router("", cases)
api.add_router("", grids)
api.add_router("", people)


@api.exception_handler(Unauthenticated)
def _unauthenticated(request: HttpRequest, _error: Unauthenticated) -> HttpResponse:
    return problem(request, 401, "no_token")


@api.exception_handler(Forbidden)
def _forbidden(request: HttpRequest, error: Forbidden) -> HttpResponse:
    return problem(request, 403, error.code)


@api.exception_handler(NotFound)
def _not_found(request: HttpRequest, _error: NotFound) -> HttpResponse:
    return problem(request, 404, "not_found")


@api.exception_handler(Conflict)
def _conflict(request: HttpRequest, error: Conflict) -> HttpResponse:
    return problem(request, 409, error.code)


@api.exception_handler(KeyReused)
def _key_reused(request: HttpRequest, _error: KeyReused) -> HttpResponse:
    return problem(request, 422, "key_reused", "This Idempotency-Key was used for another request.")


@api.exception_handler(BadFilter)
def _bad_filter(request: HttpRequest, error: BadFilter) -> HttpResponse:
    return problem(request, 400, "bad_filter", str(error))


@api.exception_handler(TooMany)
def _too_many(request: HttpRequest, _error: TooMany) -> HttpResponse:
    return problem(request, 429, "too_many")


@api.exception_handler(MediaRefused)
def _media(request: HttpRequest, error: MediaRefused) -> HttpResponse:
    return problem(request, 413 if error.code == "too_large" else 422, f"media_{error.code}")


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    errors = [{"field": one.field, "code": one.code, "limit": one.limit} for one in error.wrongs]
    return problem(request, 422, "refused", errors=errors)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem(request, 422, "invalid", errors=[_plain(one) for one in error.errors])


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, error.status_code, "bad_request", str(error.message))


def _plain(error: dict[str, Any]) -> dict[str, str]:
    """Where and why, without repeating what was sent."""
    return {"field": ".".join(str(part) for part in error["loc"]), "code": str(error["type"]), "limit": ""}
