"""The OpenAPI 3.1 document: ninja's, completed by what each operation declares, with examples made from the fields' own."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterator
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from linli.kernel.access import PUBLIC, Policy, policy
from linli.kernel.api import JSON, READS, Told, held, not_modified
from linli.kernel.api_types import Problem
from linli.site.api import api

ROOT = "/api/v1"
PROBLEM = "application/problem+json"
TAGS = {
    "cases": "Reporting, lists, one case with its story, moves, files, following with a receipt.",
    "notices": "What you were told, by which road, and how you want to be told; how deliveries went.",
    "triage": "Machine help: hot topics, problems that keep coming back, lasting fixes.",
    "assessment": "How work in the grids is measured: indicators, schemes, runs, scores and their rows, appeals.",
    "publishing": "What a community tells everybody at a place and below it.",
    "figures": "Figures with their formulas, the cases behind them, how rates are counted, cases left out.",
    "settings": "What a community decides: categories, promises, routing, calendar, saved views, settings.",
    "places": "The tree of places, locating, outlines, who serves where.",
    "people": "Organisations, and finding somebody by phone.",
    "fieldwork": "The daily work in the grids: visits, what care plans asked for, patrols, hand-overs.",
    "groups": "The residents' chat groups of a place, their counts, and how many households they reach.",
    "training": "The handbook of grid work, courses with their tests, and whether a certificate holds.",
    "wechat": "The official account: how it is set up, its codes with a scene, its words.",
    "webhooks": "Where facts are sent, what was sent, the events and their schemas.",
    "clients": "Programs with keys of their own, and how much they ask.",
    "me": "Who the token acts as, and what is yours.",
}
STATUS_WORDS = {
    400: "It cannot be read as JSON.",
    401: "A token is needed, or the one sent is unknown, ended or revoked.",
    403: "The token lacks the scope, or its person may not do this.",
    404: "Nothing there, or not for you to see.",
    409: "It no longer fits; `code` says why.",
    412: "`If-Match` does not hold: somebody was faster.",
    413: "Too large.",
    415: "Not the kind of content expected.",
    422: "Something in the request is wrong; `errors` names the fields.",
    429: "Over a limit; `Retry-After` says when to come again.",
    503: "Busy, or closed for a moment; try again.",
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Makes repeating safe: any text of your own, a new one for each thing to be made; kept for 7 days.",
    "schema": {"type": "string", "maxLength": 200},
    "example": "5b0d1c9e-2f3a-4c77-9e0b-6f1f6a0d2f11",
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag you have; 304 while it still holds.",
    "schema": {"type": "string", "maxLength": 200},
    "example": '"6-in_time"',
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag you read; 412 if it no longer holds.",
    "schema": {"type": "string", "maxLength": 200},
    "example": '"6-in_time"',
}


def _header(description: str, example: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}, "example": example}


ETAG = _header("What this version is called.", '"6-in_time"')
LINK = _header("The next page, if there is one.", '</api/v1/cases?cursor=WyIy…>; rel="next"')
LOCATION = _header("Where it is read.", "/api/v1/cases/261123048213")
REPLAYED = _header("`true` when the key was used before.", "true")
RETRY = _header("Seconds to wait.", "60")
RATE = _header("What is left of the allowance (IETF draft).", '"api";r=598;t=41')
RATE_POLICY = _header("The allowance (IETF draft).", '"api";q=600;w=60')


class Schema(OpenAPISchema):
    """Ninja's, but two different things may not share a name in it."""

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        """Take these definitions in.

        :raises ValueError: one of them means something else already.
        """
        for name, told in definitions.items():
            if self.schemas.setdefault(name, told) != told:
                raise ValueError(f"two things are called {name}")


@functools.cache
def document() -> dict[str, Any]:
    """The whole document as plain values."""
    made = dict(Schema(api, f"{ROOT.strip('/')}/"))
    schemas = made["components"]["schemas"]
    schemas["Problem"] = _problem_schema(schemas)
    for path, method, operation in operations():
        _complete(made["paths"][path][method], operation, schemas, method)
    made["paths"] = {path: _in_order(made["paths"][path]) for path in sorted(made["paths"])}
    made["servers"] = [{"url": "/"}]
    made["tags"] = [{"name": name, "description": words} for name, words in TAGS.items()]
    made["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    made["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "A token of the page “My tokens”."}
    }
    made["security"] = [{"bearer": []}]
    return made


def _in_order(methods: dict[str, Any]) -> dict[str, Any]:
    return {
        method: methods[method] for method in ("get", "post", "put", "patch", "delete") if method in methods
    }


def operations() -> Iterator[tuple[str, str, Operation]]:
    """Every operation with its path and method as the document has them."""
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            shown = ROOT + re.sub(r"{[^}:]+:", "{", path)
            for operation in view.operations:
                for method in operation.methods:
                    yield shown, method.lower(), operation


def declared(operation: Operation) -> tuple[Policy, Told]:
    """What an operation says of itself.

    :raises AttributeError: it says nothing, which a test forbids.
    """
    view: Any = operation.view_func
    return view.linli_policy, view.linli_told


def _problem_schema(schemas: dict[str, Any]) -> dict[str, Any]:
    made = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    schemas.update(made.pop("$defs", {}))
    return made


def _complete(told: dict[str, Any], operation: Operation, schemas: dict[str, Any], method: str) -> None:
    rule, more = declared(operation)
    told["operationId"] = rule.name.replace(".", "_")
    told["security"] = _security(rule)
    told["description"] = f"{told.get('description', '')}\n\n{_who(rule)}".strip()
    told["parameters"] = [*told.get("parameters", []), *_headers_in(more)]
    for parameter in told["parameters"]:
        if parameter.get("required") is False:
            del parameter["required"]
        if isinstance(parameter.get("examples"), list):  # a schema's way; a parameter has one
            parameter["example"] = parameter.pop("examples")[0]
    body = told.get("requestBody")
    for media in (body or {"content": {}})["content"].values():
        media["examples"] = _named(_examples(media["schema"], schemas))
    for status, response in told["responses"].items():
        _complete_answer(response, int(status), more, schemas, method)
    told["responses"] = {str(status): response for status, response in told["responses"].items()}
    if more.tagged and method.upper() in READS:
        told["responses"]["304"] = {"description": "Nothing has changed.", "headers": {"ETag": ETAG}}
    for status in _statuses(rule, more, method, has_body=body is not None):
        told["responses"][str(status)] = _problem(status)


def _security(rule: Policy) -> list[dict[str, list[str]]]:
    """What must be sent; the scope stands beside the scheme, as 3.1 allows for roles."""
    needed: list[dict[str, list[str]]] = [{"bearer": [str(rule.scope)] if rule.scope else []}]
    return [*needed, {}] if rule.who.kind == "public" else needed


def _who(rule: Policy) -> str:
    said = {
        "public": "For everybody.",
        "signed_in": "For every person with a token.",
        "staff": "For people who serve in a community.",
        "roles": f"For {', '.join(f'`{role}`' for role in sorted(rule.who.roles))}.",
        "superuser": "For the platform's own administrators.",
    }[rule.who.kind]
    return f"{said} Scope `{rule.scope}`." if rule.scope else said


def _headers_in(more: Told) -> list[dict[str, Any]]:
    wanted = (
        (more.creates, KEY),
        (more.tagged and not more.guarded, IF_NONE_MATCH),
        (more.guarded, IF_MATCH),
    )
    return [dict(header) for is_wanted, header in wanted if is_wanted]


def _complete_answer(
    response: dict[str, Any], status: int, more: Told, schemas: dict[str, Any], method: str
) -> None:
    response["description"] = {200: "As asked.", 201: "Made.", 204: "Done."}.get(status, "As asked.")
    if more.gives != JSON:
        content = response.pop("content", {JSON: {"schema": {}}})
        response["content"] = {more.gives: next(iter(content.values()))}
    for kind, media in response.get("content", {}).items():
        if not kind.startswith("image/"):
            media["examples"] = _named(_examples(media["schema"], schemas))
    headers = {
        "ETag": (more.tagged or more.guarded, ETAG),
        "Link": (more.paged, LINK),
        "Location": (status == 201, LOCATION),
        "Idempotent-Replayed": (more.creates, REPLAYED),
        "RateLimit": (more.counted, RATE),
        "RateLimit-Policy": (more.counted, RATE_POLICY),
    }
    response["headers"] = {name: header for name, (is_given, header) in headers.items() if is_given}


def _statuses(rule: Policy, more: Told, method: str, *, has_body: bool) -> Iterator[int]:
    yield from (400, 413, 415) if has_body else ()
    yield from (401, 403, 404, 422, 429, 503)
    yield from (409,) if method != "get" else ()
    yield from (412,) if more.guarded else ()


def _problem(status: int) -> dict[str, Any]:
    code, errors = EXAMPLE_CODES.get(status, "unreadable"), []
    if status == 422:
        errors = [{"field": "words", "code": "too_short", "limit": "2"}]
    example = {
        "type": f"urn:linli:problem:{code}",
        "title": STATUS_WORDS[status],
        "status": status,
        "code": code,
        "detail": "",
        "errors": errors,
    }
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": _named([example])}}
    told: dict[str, Any] = {"description": STATUS_WORDS[status], "content": content}
    if status in {429, 503}:
        told["headers"] = {"Retry-After": RETRY}
    return told


EXAMPLE_CODES = {
    401: "bad_token",
    403: "scope_missing",
    404: "not_found",
    409: "wrong_state",
    412: "version",
    413: "too_large",
    415: "wrong_type",
    422: "refused",
    429: "too_many",
    503: "busy",
}


# -- examples ----------------------------------------------------------------------------------------------


def _named(examples: list[Any]) -> dict[str, Any]:
    return {f"example{number or ''}": {"value": value} for number, value in enumerate(examples)}


def _examples(schema: dict[str, Any], schemas: dict[str, Any]) -> list[Any]:
    """The examples written down for a schema, or one composed of its fields'."""
    found = resolved(schema, schemas)
    return list(found["examples"]) if "examples" in found else [example(schema, schemas)]


def example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """An example of a schema: its own, else composed of what it is made of."""
    found = resolved(schema, schemas)
    for key in ("examples", "enum"):
        if found.get(key):
            return found[key][0]
    for key in ("const", "default"):
        if key in found:
            return found[key]
    for key in ("anyOf", "oneOf", "allOf"):
        if key in found:
            return example(found[key][0], schemas)
    return _of_type(found, schemas)


def _of_type(found: dict[str, Any], schemas: dict[str, Any]) -> Any:
    kind = found.get("type")
    if kind == "object":
        fields = found.get("properties", {})
        return {name: example(field, schemas) for name, field in fields.items()}
    if kind == "array":
        return [example(found["items"], schemas)]
    plain = {"boolean": False, "integer": 1, "number": 1.0, "null": None, "string": "…"}
    return plain.get(str(kind))


def resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """What a reference points at, unless it brings examples of its own."""
    while "$ref" in schema and "examples" not in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    return schema


# -- the door ----------------------------------------------------------------------------------------------


@functools.cache
def _bytes() -> tuple[bytes, str]:
    body = orjson.dumps(document())
    return body, f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


@policy("api.document", who=PUBLIC)
def openapi_json(request: HttpRequest) -> HttpResponse:
    """The document itself."""
    body, tag = _bytes()
    response = (
        not_modified(tag) if held(request, tag) else HttpResponse(body, content_type="application/json")
    )
    response["ETag"] = tag
    return response
