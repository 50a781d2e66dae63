"""Any endpoint that speaks the OpenAI chat protocol, as the assistant of the desk.

One request, no redirect, one deadline for all of it, a bounded answer. The key and the texts are never logged.
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
from typing import Any
from urllib.parse import urlsplit

from linli.triage.ports import Completion, Unavailable
from linli.triage.rules.assisting import MOST_OUT, Material, messages

MOST_BYTES = 256 * 1024
CHUNK = 16 * 1024
HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class BadEndpoint(ValueError):
    """The address cannot be used; the message says why."""


class HttpAssistant:
    """Fills ``triage.ports.Assistant``.

    :param url: the address before ``/chat/completions``; https, or http to this machine where ``local`` allows it.
    :param seconds: for the whole call.
    :raises BadEndpoint: another kind of address, one with a user in it, or no model.
    """

    def __init__(
        self, *, url: str, model: str, key: str = "", seconds: float = 20.0, local: bool = False
    ) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme != "https" and not (local and parts.scheme == "http" and host in HERE):
            raise BadEndpoint(
                "LINLI_ASSISTANT_URL must begin with https:// (http only to this machine, with LINLI_ASSISTANT_LOCAL=1)."
            )
        if not host or parts.username or parts.password or parts.query or parts.fragment:
            raise BadEndpoint("LINLI_ASSISTANT_URL must be an address without user, query or fragment.")
        if not model:
            raise BadEndpoint("Set LINLI_ASSISTANT_MODEL.")
        self.version = model
        self._host, self._port, self._tls = host, parts.port, parts.scheme == "https"
        self._path = f"{parts.path.rstrip('/')}/chat/completions"
        self._key, self._seconds = key, seconds

    def summarise(self, material: Material, *, language: str) -> Completion:
        """As the port says."""
        return self._ask(messages("summary", material, language=language))

    def draft_answer(self, material: Material, *, language: str) -> Completion:
        """As the port says."""
        return self._ask(messages("answer", material, language=language))

    def _ask(self, wanted: list[dict[str, str]]) -> Completion:
        body = json.dumps(
            {
                "model": self.version,
                "messages": wanted,
                "max_tokens": MOST_OUT,
                "temperature": 0.2,
                "stream": False,
            },
            ensure_ascii=False,
        ).encode()
        until = time.monotonic() + self._seconds
        connection = self._connect()
        try:
            connection.request("POST", self._path, body=body, headers=self._headers())
            answer = connection.getresponse()
            _require_success(answer.status)
            return _read(_bytes(answer, connection, until))
        except TimeoutError as error:
            raise Unavailable("timeout") from error
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable("failed") from error
        finally:
            connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        if self._tls:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self._host, self._port, timeout=self._seconds, context=context)
        return http.client.HTTPConnection(self._host, self._port, timeout=self._seconds)

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
        return headers | ({"Authorization": f"Bearer {self._key}"} if self._key else {})


def _require_success(status: int) -> None:
    """Nothing, for 200.

    :raises Unavailable: busy for 429 and 503, refused for what our setting is at fault in, failed for everything else.
    """
    if status == 200:
        return
    if status in {429, 503}:
        raise Unavailable("busy")
    raise Unavailable("refused" if status in {400, 401, 403, 404} else "failed")


def _bytes(answer: http.client.HTTPResponse, connection: http.client.HTTPConnection, until: float) -> bytes:
    """The body, in time and within bounds: a slow trickle ends at the deadline too."""
    held = bytearray()
    while True:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left)
        piece = answer.read1(CHUNK)
        if not piece:
            return bytes(held)
        held += piece
        if len(held) > MOST_BYTES:
            raise Unavailable("too_long")


def _read(body: bytes) -> Completion:
    try:
        told: Any = json.loads(body)
        said = told["choices"][0]["message"]["content"]
        used = told.get("usage") or {}
        counts = [used.get(name) for name in ("prompt_tokens", "completion_tokens")]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise Unavailable("garbled") from error
    if not isinstance(said, str) or not said.strip():
        raise Unavailable("garbled")
    whole = [one if isinstance(one, int) and 0 <= one < 10**7 else 0 for one in counts]
    return Completion(said, whole[0], whole[1])
