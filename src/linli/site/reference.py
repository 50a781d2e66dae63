"""The API's reference for people: the OpenAPI document as one page that needs no script and nothing from outside."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from linli.faces import assets
from linli.kernel.access import PUBLIC, policy
from linli.site import openapi

CSP = (
    "default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)
_MARKED = re.compile(r"(`[^`]+`|\*\*[^*]+\*\*)")


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a field of a body."""

    name: str
    kind: str
    needed: bool
    words: str


@dataclass(frozen=True, slots=True)
class Sample:
    """An example with its heading."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation as the page shows it."""

    id: str
    method: str
    path: str
    short: str
    summary: str
    words: list[SafeString]
    fields: list[Field]
    body: list[Field]
    samples: list[Sample]
    answers: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Chapter:
    """The operations of one tag."""

    name: str
    words: str
    entries: list[Entry]


@policy("api.reference", who=PUBLIC)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The whole reference; it changes only with the product."""
    response = HttpResponse(_page())
    response["Content-Security-Policy"] = CSP
    return response


@functools.cache
def _page() -> str:
    document = openapi.document()
    styles = [assets.url(path) for path in ("linli/tokens.css", "site/reference.css")]
    context = {
        "title": document["info"]["title"],
        "intro": [marked(paragraph) for paragraph in document["info"]["description"].split("\n\n")],
        "chapters": chapters(document),
        "styles": styles,
        "icon": assets.url("linli/mark.svg"),
    }
    return render_to_string("site/reference.html", context)


def chapters(document: dict[str, Any]) -> list[Chapter]:
    """The document's operations by tag, in the order of their paths."""
    found: dict[str, list[Entry]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            found[told["tags"][0]].append(_entry(path, method, told, document))
    return [Chapter(tag["name"], tag["description"], found[tag["name"]]) for tag in document["tags"]]


def marked(text: str) -> SafeString:
    """Plain words with `code` and **weight** as the document writes them; everything else is escaped."""
    return format_html_join("", "{}", ((_part(part),) for part in _MARKED.split(text)))


def _part(part: str) -> str:
    if len(part) > 2 and part[0] == part[-1] == "`":
        return format_html("<code>{}</code>", part[1:-1])
    if len(part) > 4 and part.startswith("**") and part.endswith("**"):
        return format_html("<strong>{}</strong>", part[2:-2])
    return part


def _entry(path: str, method: str, told: dict[str, Any], document: dict[str, Any]) -> Entry:
    schemas = document["components"]["schemas"]
    body = told.get("requestBody", {}).get("content", {})
    return Entry(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        short=path.removeprefix(openapi.ROOT),
        summary=told["summary"],
        words=[marked(paragraph) for paragraph in told["description"].split("\n\n")],
        fields=[_parameter(one, schemas) for one in told["parameters"]],
        body=[field for media in body.values() for field in _fields(media["schema"], schemas)],
        samples=[*_samples("Request", body), *_answers_samples(told)],
        answers=[(status, answer["description"]) for status, answer in sorted(told["responses"].items())],
    )


def _parameter(one: dict[str, Any], schemas: dict[str, Any]) -> Field:
    words = one.get("description", "")
    return Field(
        f"{one['name']}", f"{one['in']} · {_kind(one['schema'], schemas)}", one.get("required", False), words
    )


def _fields(schema: dict[str, Any], schemas: dict[str, Any]) -> list[Field]:
    found = openapi.resolved(schema, schemas)
    needed = set(found.get("required", ()))
    return [
        Field(name, _kind(field, schemas), name in needed, field.get("description", ""))
        for name, field in found.get("properties", {}).items()
    ]


def _kind(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    """What a value is, in a few words."""
    found = openapi.resolved(schema, schemas)
    if "anyOf" in found:
        return " or ".join(dict.fromkeys(_kind(one, schemas) for one in found["anyOf"]))
    if "enum" in found:
        return " ".join(str(value) or '""' for value in found["enum"])
    if "const" in found:
        return str(found["const"]) or '""'
    if found.get("type") == "array":
        return f"list of {_kind(found['items'], schemas)}"
    return str(found.get("format") or found.get("type") or "any")


def _samples(title: str, content: dict[str, Any]) -> list[Sample]:
    return [
        Sample(title, json.dumps(one["value"], ensure_ascii=False, indent=2))
        for media in content.values()
        for one in media.get("examples", {}).values()
    ]


def _answers_samples(told: dict[str, Any]) -> list[Sample]:
    for status, answer in told["responses"].items():
        if status.startswith("2"):
            return _samples(f"Answer {status}", answer.get("content", {}))
    return []
