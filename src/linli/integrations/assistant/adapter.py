"""Any endpoint that speaks the OpenAI chat protocol, as the assistant of the desk.

One request, no redirect, one deadline for all of it, a bounded answer. The key and the texts are never logged.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from linli.kernel import outside
from linli.triage.ports import Completion, Unavailable
from linli.triage.rules.assisting import MOST_OUT, Material, messages

MOST_BYTES = 256 * 1024
_WHY = {"timeout": "timeout", "too_long": "too_long"}


class BadEndpoint(ValueError):
    """The address cannot be used; the message says why."""


class HttpAssistant:
    """Fills ``triage.ports.Assistant``.

    :param url: the address before ``/chat/completions``; https, or http to what ``LINLI_OUTSIDE_PRIVATE`` lists.
    :param seconds: for the whole call.
    :raises BadEndpoint: another kind of address, one with a user in it, or no model.
    """

    def __init__(self, *, url: str, model: str, key: str = "", seconds: float = 20.0) -> None:
        wrong = outside.usable(url)
        if wrong == "plain_http":
            raise BadEndpoint(
                "LINLI_ASSISTANT_URL must begin with https:// (http only to hosts listed in LINLI_OUTSIDE_PRIVATE)."
            )
        if wrong or urlsplit(url).query:
            raise BadEndpoint("LINLI_ASSISTANT_URL must be an address without user, query or fragment.")
        if not model:
            raise BadEndpoint("Set LINLI_ASSISTANT_MODEL.")
        self.version = model
        self._url = f"{url.rstrip('/')}/chat/completions"
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
        try:
            answer = outside.ask(
                "POST",
                self._url,
                headers=self._headers(),
                body=body,
                seconds=self._seconds,
                most_bytes=MOST_BYTES,
            )
        except outside.Unreached as error:
            raise Unavailable(_WHY.get(error.code, "failed")) from error
        _require_success(answer.status)
        return _read(answer.body)

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
