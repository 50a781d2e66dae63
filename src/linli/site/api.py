"""The API: every room's operations under ``/api/v1``, one shape of problem, one OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation, PathView
from ninja.parser import Parser
from ninja.throttling import BaseThrottle

from linli.assessment.api import routers as assessment
from linli.cases.actions.moves import Conflict
from linli.cases.actions.reveal import TooManyReveals
from linli.cases.api import refusals
from linli.cases.api import routers as cases
from linli.cases.queries.queue import BadFilter
from linli.cases.rules.intake import Refused
from linli.controlroom.api import routers as controlroom
from linli.fieldwork.api import routers as fieldwork
from linli.grids.actions.duties import BadDuty, DutyHeld
from linli.grids.api import routers as grids
from linli.groups.api import routers as groups
from linli.integrations.clients.api import routers as clients
from linli.integrations.webhooks.api import routers as webhooks
from linli.integrations.wechat.api import routers as wechat
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.api import FieldRefused, ScopeMissing, TooMany, Unauthenticated, Unreadable
from linli.kernel.api_limits import TooOften
from linli.kernel.idempotency import KeyReused
from linli.kernel.refusals import Outdated
from linli.notices.api import routers as notices
from linli.people.actions.my_data import TooManyExports
from linli.people.actions.organisations import NameTaken
from linli.people.api import routers as people
from linli.people.rules import BadPhone
from linli.publishing.api import routers as publishing
from linli.site.problems import problem
from linli.training.api import routers as training
from linli.triage.api import routers as triage

DESCRIPTION = """
Everything the pages do, for programs. `Authorization: Bearer <token>` acts as the person who made the token (on the page
“My tokens”), within its scopes and, if it was made for one community, only there. A few operations work without a token.

**Scopes**: `cases:read` `cases:write` `places:read` `people:read` `admin` (settings, duties, organisations).

**Bodies** are JSON in UTF-8. Unknown fields and unknown parameters are refused. Times are RFC 3339: any zone in, UTC with
`Z` out. Days are local.

**Creating** requests take an `Idempotency-Key`, kept for 7 days: the same key with the same request gives what the first
one made (`Idempotent-Replayed: true`); with another request it is 422. A move of a case needs none: `If-Match` does it.

**Reading**: one resource gives an `ETag`; send it as `If-None-Match` and get 304 while nothing has changed. Lists give a
`cursor` and a `Link` with `rel="next"`.

**Changing**: send the ETag you read as `If-Match`; if somebody was faster you get 412 and nothing is changed.

**Refusals** are `application/problem+json` (RFC 9457) with a stable `code`, and with `errors` for each field that is wrong.
What is hidden from you and what does not exist look the same: 404.

**Limits**: a token asks 600 times in a minute, a connected system as often as its entry says, a network without a token
reads 60 times, of each web process; `RateLimit` and `RateLimit-Policy` tell what is left.
Over a limit you get 429 with `Retry-After`. Reports are never refused for their
number: over their limit they are quarantined, and somebody reads them.
"""


class JsonParser(Parser):
    """Reads bodies as JSON and nothing else: no NaN, no lone surrogates, no bottomless nesting."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as plain values."""
        return orjson.loads(request.body)


class Api(NinjaAPI):
    """Ninja's, with one step from an address to its operation, HEAD beside GET, and problems for wrong methods."""

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        for router in self._get_bound_routers():
            for view in router.path_operations.values():
                view.get_view = _viewer(view)  # type: ignore[method-assign]  # each address has its own
        return super()._get_urls()

    def get_operation_url_name(self, operation: Operation, router: Router) -> str:
        """Each operation by the name of its policy: function names repeat."""
        declared: Any = operation.view_func
        return str(declared.linli_policy.name)


def _viewer(view: PathView) -> Callable[[], Callable[..., HttpResponseBase]]:
    runs = {method: operation.run for operation in view.operations for method in operation.methods}
    if "GET" in runs:
        runs.setdefault("HEAD", runs["GET"])

    def run(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        chosen = runs.get(request.method or "")
        return chosen(request, **kwargs) if chosen else _not_allowed(request, view)

    run.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie signs anybody in here
    return lambda: run


def _not_allowed(request: HttpRequest, view: PathView) -> HttpResponse:
    methods = {method for operation in view.operations for method in operation.methods}
    response = problem(request, 405, "method_not_allowed")
    response["Allow"] = ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
    return response


api = Api(
    title="Linli 邻里",
    version="1",
    description=DESCRIPTION.strip(),
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
    parser=JsonParser(),
    throttle=list[BaseThrottle](),
)
ROUTERS = (
    *cases,
    *controlroom,
    *triage,
    *notices,
    *grids,
    *people,
    *publishing,
    *assessment,
    *groups,
    *fieldwork,
    *training,
    *webhooks,
    *wechat,
    *clients,
)
for router in ROUTERS:
    api.add_router("", router)


@api.exception_handler(Unauthenticated)
def _unauthenticated(request: HttpRequest, error: Unauthenticated) -> HttpResponse:
    return problem(request, 401, error.code)


@api.exception_handler(Forbidden)
def _forbidden(request: HttpRequest, error: Forbidden) -> HttpResponse:
    if not isinstance(error, ScopeMissing):
        return problem(request, 403, error.code)
    response = problem(request, 403, error.code, f"The token needs the scope {error.scope}.")
    response["WWW-Authenticate"] = f'Bearer realm="linli", error="insufficient_scope", scope="{error.scope}"'
    return response


@api.exception_handler(NotFound)
def _not_found(request: HttpRequest, _error: NotFound) -> HttpResponse:
    return problem(request, 404, "not_found")


@api.exception_handler(Unreadable)
def _unreadable(request: HttpRequest, error: Unreadable) -> HttpResponse:
    errors = (
        [_field(error.field, "unknown" if error.field.startswith("query") else "wrong")]
        if error.field
        else []
    )
    return problem(request, error.status, error.code, error.detail, errors)


@api.exception_handler(Outdated)
def _outdated(request: HttpRequest, _error: Outdated) -> HttpResponse:
    return problem(request, 412, "version")


@api.exception_handler(Conflict)
@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    found = refusals.of(error)
    return problem(request, found.status, found.code, errors=found.errors)


@api.exception_handler(FieldRefused)
def _field_refused(request: HttpRequest, error: FieldRefused) -> HttpResponse:
    return problem(request, 422, "refused", errors=[_field(error.field, error.code, error.limit)])


@api.exception_handler(BadDuty)
def _bad_duty(request: HttpRequest, error: BadDuty) -> HttpResponse:
    return problem(request, 422, "refused", errors=[_field(DUTY_FIELDS.get(error.code, "role"), error.code)])


DUTY_FIELDS = {
    "organisation_missing": "organisation_id",
    "organisation_elsewhere": "organisation_id",
    "ends_before_it_begins": "until_date",
    "nobody_named": "account_id",
}


@api.exception_handler(BadPhone)
def _bad_phone(request: HttpRequest, _error: BadPhone) -> HttpResponse:
    return problem(request, 422, "refused", errors=[_field("phone", "not_a_phone")])


@api.exception_handler(NameTaken)
def _name_taken(request: HttpRequest, _error: NameTaken) -> HttpResponse:
    return problem(request, 409, "name_taken", errors=[_field("name_zh", "name_taken")])


@api.exception_handler(DutyHeld)
def _duty_held(request: HttpRequest, _error: DutyHeld) -> HttpResponse:
    return problem(request, 409, "duty_held")


@api.exception_handler(KeyReused)
def _key_reused(request: HttpRequest, _error: KeyReused) -> HttpResponse:
    return problem(request, 422, "key_reused", "This Idempotency-Key was used for another request.")


@api.exception_handler(BadFilter)
def _bad_filter(request: HttpRequest, error: BadFilter) -> HttpResponse:
    return problem(request, 422, "invalid", errors=[_field(f"query.{error}", "unknown")])


@api.exception_handler(TooOften)
def _too_often(request: HttpRequest, error: TooOften) -> HttpResponse:
    response = problem(request, 429, "too_many")
    response["Retry-After"] = str(error.room.reset_seconds)
    for header, value in error.room.headers().items():
        response[header] = value
    return response


@api.exception_handler(TooMany)
@api.exception_handler(TooManyReveals)
@api.exception_handler(TooManyExports)
def _too_many(request: HttpRequest, error: Exception) -> HttpResponse:
    response = problem(request, 429, "too_many")
    response["Retry-After"] = "86400" if isinstance(error, TooManyExports) else "3600"
    return response


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        _field(_where(one["loc"]), str(one["type"]), _limit(one.get("ctx", {}))) for one in error.errors[:50]
    ]
    return problem(request, 422, "invalid", errors=errors)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, error.status_code, "unreadable", str(error.message))


def _where(loc: tuple[Any, ...]) -> str:
    """Where something is wrong, without repeating what was sent: an unknown field's name is cut short."""
    source, *rest = loc
    if source in {"body", "form", "file"} and rest[:1] == ["body"]:
        rest = rest[1:]
    path = ".".join(str(part)[:60] for part in rest)
    return path if source in {"body", "form", "file"} else f"{source}.{path}"


def _limit(context: dict[str, Any]) -> str:
    """The figure that was not met."""
    for name in ("ge", "gt", "le", "lt", "min_length", "max_length", "expected"):
        if name in context:
            return str(context[name])[:200]
    return ""


def _field(field: str, code: str, limit: str = "") -> dict[str, str]:
    return {"field": field, "code": code, "limit": limit}
