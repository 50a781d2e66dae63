"""The other end of the line, for tests: our own server in another community, and servers that fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.test import Client

from linli.kernel import scope
from linli.kernel.outside import Answer, Unreached

URL = "https://311.other.example/open311/v2"


@dataclass
class OurServer:
    """A line that ends at our own server."""

    asked: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    def __call__(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        seconds: float = 10.0,
    ) -> Answer:
        """Ask the server as a stranger would, over its address."""
        parts = urlsplit(url)
        assert f"{parts.scheme}://{parts.netloc}" == "https://311.other.example"
        self.asked.append(f"{method} {parts.path}")
        given = dict(headers or {})
        self.headers.append(given)
        kind = given.pop("Content-Type", "")
        target = f"{parts.path}?{parts.query}"
        held = scope.communities()  # the server works in this very thread, and leaves what it finds entered
        kind = kind or "text/plain"
        answer = Client().generic(method, target, body or b"", content_type=kind, headers=given)
        scope.enter(held)
        return Answer(answer.status_code, {"content-type": answer.headers["Content-Type"]}, answer.content)


@dataclass
class Server:
    """A line to a server that says what a test wants: by the end of the path and method, else 404."""

    says: dict[str, Answer | Unreached]
    asked: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def __call__(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        seconds: float = 10.0,
    ) -> Answer:
        """One answer, or none."""
        name = f"{method} {urlsplit(url).path.rpartition('/v2/')[2] or url}"
        self.asked.append(name)
        self.bodies.append(body or b"")
        found = self.says.get(name, Answer(404))
        if isinstance(found, Unreached):
            raise found
        return found


def xml(text: str, status: int = 200) -> Answer:
    """An answer in XML."""
    return Answer(
        status, {"content-type": "text/xml"}, f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode()
    )


SERVICES = xml(
    "<services><service><service_code>L1</service_code><service_name>Lamp</service_name>"
    "<metadata>false</metadata><type>realtime</type></service></services>"
)
TAKEN = xml(
    "<service_requests><request><service_request_id>77</service_request_id></request></service_requests>"
)


def standing(status: str, notes: str = "", number: str = "77") -> Answer:
    """How request 77 stands."""
    return xml(
        f"<service_requests><request><service_request_id>{number}</service_request_id><status>{status}</status>"
        f"<status_notes>{notes}</status_notes><agency_responsible>Works</agency_responsible>"
        "<expected_datetime>2026-12-01T00:00:00Z</expected_datetime></request></service_requests>"
    )
