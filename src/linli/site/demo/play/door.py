"""The API as the played people use it: JSON over one connection, and what was refused."""

from __future__ import annotations

import http.client
import json
import uuid
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

TRIES = 3
BOUNDARY = "linli-play"


class Refused(Exception):
    """The API said no: its status, and the code of the problem."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


class Unreachable(Exception):
    """Nobody answers at the address."""


class Door(Protocol):
    """What carries a request to the API and brings back the answer's status and body."""

    def __call__(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes]: ...


@dataclass
class Http:
    """A keep-alive connection to the address of a demo; a broken one is made anew."""

    address: str
    _connection: http.client.HTTPConnection | None = field(default=None, init=False)

    def __call__(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        """Carry one request.

        :raises Unreachable: after three tries.
        """
        for _ in range(TRIES):
            if self._connection is None:
                self._connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=20)
            try:
                self._connection.request(method, path, body, headers)
                answer = self._connection.getresponse()
                return answer.status, answer.read()
            except (OSError, http.client.HTTPException):
                self._connection.close()
                self._connection = None
        raise Unreachable(self.address)


@dataclass(frozen=True, slots=True)
class Api:
    """`/api/v1`, as the person whose token it is."""

    door: Door
    token: str

    def get(self, path: str, **query: Any) -> Any:
        """Read something.

        :raises Refused: for any answer that is no success.
        """
        asked = f"?{urlencode(query)}" if query else ""
        return self._ask("GET", path + asked, None, {})

    def post(self, path: str, body: Any) -> Any:
        """Write something; sent again after a broken line it is still written once.

        :raises Refused: for any answer that is no success.
        """
        headers = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        return self._ask("POST", path, json.dumps(body).encode(), headers)

    def upload(self, community: str, picture: bytes) -> str:
        """Send a picture; returns its ticket.

        :raises Refused: for any answer that is no success.
        """
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="example.jpg"\r\n'
            "Content-Type: image/jpeg\r\n\r\n"
        )
        body = head.encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return str(self._ask("POST", f"/uploads?community={community}", body, headers)["ticket"])

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Any:
        whose = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        status, answer = self.door(method, f"/api/v1{path}", body, {**whose, **headers})
        told = json.loads(answer) if answer else {}
        if status >= 400:
            raise Refused(status, str(told.get("code", "")))
        return told
