"""A program that uses the API: every answer it gets is held against the OpenAPI document."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from jsonschema import Draft202012Validator

ROOT = "/api/v1"
PROBLEM = "application/problem+json"


@functools.cache
def document() -> dict[str, Any]:
    """The document as it is served."""
    answer = Client().get(f"{ROOT}/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.content)
    return found


@functools.cache
def template(path: str) -> str:
    """The document's path that an address belongs to; fixed parts before parameters."""
    hits = [known for known in document()["paths"] if _pattern(known).fullmatch(path)]
    assert hits, f"{path} is not in the document"
    return str(min(hits, key=lambda known: known.count("{")))


@functools.cache
def _pattern(known: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"{[^}]+}", "[^/]+", known))


@functools.cache
def _validator(path: str, method: str, status: str, kind: str) -> Draft202012Validator:
    told = document()["paths"][path][method]["responses"]
    assert status in told, f"{method} {path} does not tell of {status}"
    content = told[status].get("content", {})
    assert kind in content, f"{method} {path} {status} gives {kind!r}, the document says {sorted(content)}"
    schema = {**content[kind]["schema"], "components": document()["components"]}
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def check(method: str, path: str, answer: Any) -> None:
    """The answer is one the document tells of, and its times are in UTC."""
    known, status = template(path), str(answer.status_code)
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if kind.startswith(("image/", "audio/", "video/")):
        return
    if answer.status_code in {204, 304}:
        assert not answer.content
        assert status in document()["paths"][known][method.lower()]["responses"]
        return
    body = json.loads(answer.content)
    faults = [
        f"{list(fault.absolute_path)}: {fault.message[:300]}"
        for fault in _validator(known, method.lower(), status, kind).iter_errors(body)
    ]
    assert not faults, faults
    assert b"+08:00" not in answer.content


@dataclass
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: Any
    raw: bytes

    @property
    def code(self) -> str:
        """Of a problem."""
        return str(self.body["code"])

    @property
    def fields(self) -> dict[str, str]:
        """Of a problem: the fields that are wrong, with their codes."""
        return {one["field"]: one["code"] for one in self.body.get("errors", [])}


@dataclass
class Program:
    """Somebody's program, with a token or without."""

    token: str = ""
    client: Client = field(default_factory=Client)

    def ask(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, **query: Any
    ) -> Answer:
        """One request; ``path`` without the root."""
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        more: dict[str, Any] = {}
        if body is not None:
            data = body if isinstance(body, (str, bytes)) else json.dumps(body)
            more = {"data": data, "content_type": "application/json"}
        answer = self.client.generic(
            method, f"{ROOT}{path}", query_params=query or None, headers={**sent, **(headers or {})}, **more
        )
        return self.read(method, path, answer)

    def read(self, method: str, path: str, answer: Any) -> Answer:
        """The answer, held against the document."""
        raw = b"".join(answer) if answer.streaming else answer.content
        if not answer.streaming:
            check(method, ROOT + path.partition("?")[0], answer)
        is_json = "json" in answer.headers.get("Content-Type", "")
        return Answer(answer.status_code, json.loads(raw) if raw and is_json else None, answer.headers, raw)

    def get(self, path: str, *, headers: dict[str, str] | None = None, **query: Any) -> Answer:
        """Read."""
        return self.ask("GET", path, headers=headers, **query)

    def post(
        self, path: str, body: Any = None, *, key: str = "", tag: str = "", headers: Any = None, **query: Any
    ) -> Answer:
        """Make or do; ``key`` is the Idempotency-Key, ``tag`` the If-Match."""
        return self.ask("POST", path, body, headers={**_asking(key, tag), **(headers or {})}, **query)

    def put(self, path: str, body: Any, *, tag: str = "", **query: Any) -> Answer:
        """Replace."""
        return self.ask("PUT", path, body, headers=_asking("", tag), **query)

    def patch(self, path: str, body: Any, *, tag: str = "", **query: Any) -> Answer:
        """Change in part."""
        return self.ask("PATCH", path, body, headers=_asking("", tag), **query)

    def delete(self, path: str, **query: Any) -> Answer:
        """Remove."""
        return self.ask("DELETE", path, **query)


def _asking(key: str, tag: str) -> dict[str, str]:
    return {name: value for name, value in {"Idempotency-Key": key, "If-Match": tag}.items() if value}
