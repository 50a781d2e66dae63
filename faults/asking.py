"""Asking a web process as a program or a browser does, and what it answered."""

from __future__ import annotations

import http.client
import json
import uuid
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and text; ``status`` 0 when the connection broke before there was an answer."""

    status: int
    headers: Message = field(default_factory=Message)
    text: str = ""

    @property
    def data(self) -> Any:
        """The text as JSON."""
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """The problem's code; empty if it is none."""
        is_problem = self.headers.get("Content-Type", "").startswith("application/problem+json")
        return str(self.data["code"]) if is_problem else ""

    @property
    def says_wait(self) -> bool:
        """Whether it is a 503 that says when to come again."""
        return self.status == 503 and self.headers.get("Retry-After", "").isdigit()


def ask(
    port: int,
    method: str,
    path: str,
    body: object = None,
    *,
    token: str = "",
    key: str = "",
    headers: dict[str, str] | None = None,
    patience: float = PATIENCE_SECONDS,
) -> Answer:
    """One request; bytes are sent as they are, anything else as JSON.

    :raises OSError: nobody listens, or no answer within ``patience`` seconds.
    """
    given = dict(headers or {})
    sent = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    if body is not None and not isinstance(body, bytes):
        given["Content-Type"] = "application/json"
    if token:
        given["Authorization"] = f"Bearer {token}"
    if key:
        given["Idempotency-Key"] = key
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    try:
        connection.request(method, path, sent, given)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode(errors="replace"))
    except http.client.HTTPException:
        return Answer(0)
    finally:
        connection.close()


def report_of(words: str, community: str) -> dict[str, Any]:
    """The body of a report, as comparisons find it again."""
    return {"community": community, "words": words, "kind": "help", "uploads": []}


def form(name: str, data: bytes) -> tuple[bytes, dict[str, str]]:
    """A file as a browser sends it: body and headers."""
    edge = uuid.uuid4().hex
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    body = (
        head.encode()
        + b"Content-Type: application/octet-stream\r\n\r\n"
        + data
        + f"\r\n--{edge}--\r\n".encode()
    )
    return body, {"Content-Type": f"multipart/form-data; boundary={edge}"}
