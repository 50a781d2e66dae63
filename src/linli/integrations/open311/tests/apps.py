"""An app of another maker, for tests: it reads XML and JSON, and reports with a key."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from linli.cases.queries import reference
from linli.cases.tests.cast import AT, Cast, Community
from linli.integrations.open311.actions import keys
from linli.integrations.open311.models import Shows

HERE, ELSEWHERE = "520113008006", "310105005025"
LIGHTING = "facilities.lighting"
ROOT = "/open311/v2"
FORM = "application/x-www-form-urlencoded"


@dataclass
class App:
    """Somebody's app."""

    key: str = ""
    jurisdiction: str = HERE
    client: Client = field(default_factory=Client)

    def get(self, path: str, *, mine: bool = False, language: str = "", **query: Any) -> Any:
        """Read."""
        headers = {"X-Api-Key": self.key} if mine else {}
        headers |= {"Accept-Language": language} if language else {}
        query = {"jurisdiction_id": self.jurisdiction, **query}
        return self.client.get(f"{ROOT}{path}", query, headers=headers)

    def json(self, path: str, **more: Any) -> Any:
        """Read as JSON; the status is 200."""
        answer = self.get(f"{path}.json", **more)
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    def xml(self, path: str, **more: Any) -> ET.Element:
        """Read as XML; the status is 200."""
        answer = self.get(f"{path}.xml", **more)
        assert answer.status_code == 200, answer.content
        return parsed(answer)

    def post(self, fields: dict[str, Any] | None = None, *, form: str = "json", **more: Any) -> Any:
        """Report; ``fields`` over a request that can be taken. A field that is None is left out."""
        given = {
            "api_key": self.key,
            "jurisdiction_id": self.jurisdiction,
            "service_code": LIGHTING,
            "lat": "26.655",
            "long": "106.652",
            "description": "8 栋门口的路灯三天不亮了",
        } | (fields or {})
        kept = {name: value for name, value in given.items() if value is not None}
        headers = more.pop("headers", {})
        body = urlencode(kept, doseq=True)
        return self.client.post(f"{ROOT}/requests.{form}", body, content_type=FORM, headers=headers)

    def filed(self, fields: dict[str, Any] | None = None) -> str:
        """Report, and the number that came back."""
        answer = self.post(fields)
        assert answer.status_code == 200, answer.content
        return str(json.loads(answer.content)[0]["service_request_id"])


def parsed(answer: Any) -> ET.Element:
    """The XML of an answer."""
    return ET.fromstring(answer.content)  # noqa: S314 (our own answer)


def faults(answer: Any) -> list[tuple[int, str]]:
    """What an error says, from either notation."""
    if "json" in answer.headers["Content-Type"]:
        return [(one["code"], one["description"]) for one in json.loads(answer.content)]
    root = parsed(answer)
    assert root.tag == "errors"
    return [
        (int(one.findtext("code") or 0), one.findtext("description") or "") for one in root.findall("error")
    ]


def key_for(community: Community, shows: Shows = Shows.NOW, name: str = "随手拍 App") -> str:
    """A key of an app in a community."""
    _, secret = keys.issue(
        actor=community.people["leader"].actor(),
        community_id=community.id,
        wanted=keys.Wanted(name, shows.value),
        at=AT,
    )
    return secret


@pytest.fixture
def fresh_catalog() -> None:
    """Nothing is kept of what communities offered in another test."""
    reference.forget()


@pytest.fixture
def app(cast: Cast, monday_morning: Any, fresh_catalog: None) -> App:
    """An app whose requests are public at once."""
    with cast.inside():
        return App(key_for(cast.here))
