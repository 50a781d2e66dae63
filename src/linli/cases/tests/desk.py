"""A colleague at the workbench, for tests: signs in, opens pages, makes moves as the pages would."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.cases.tests.cast import AT, Cast, Person, sign_in
from linli.kernel import clock

LIGHTING = "facilities.lighting"
ENTRY = {
    "key": "k1",
    "channel": "desk",
    "words": "8 栋门口的路灯不亮，老人晚上不敢下楼",
    "kind": "help",
    "building": "8 栋",
}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def monday_morning(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The doors' clock stands at the cast's moment: a Monday at ten, offices open."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    return AT


@dataclass
class Colleague:
    """Somebody signed in at the workbench."""

    cast: Cast
    client: Client

    def get(self, path: str, **query: str) -> Any:
        """A page."""
        return self.client.get(path, query)

    def part(self, path: str, **query: str) -> Any:
        """A part of a page, as htmx asks for it."""
        return self.client.get(path, query, headers=HTMX)

    def case(self, number: str) -> Any:
        """The page of a case."""
        return self.client.get(f"/desk/case/{number}/")

    def move(
        self, number: str, verb: str, *, version: int | None = None, by_htmx: bool = False, **form: Any
    ) -> Any:
        """A move, with the version the page would carry."""
        held = self.cast.case(number).version if version is None else version
        headers = HTMX if by_htmx else {}
        return self.client.post(
            f"/desk/case/{number}/{verb}/", {"version": held, "as_is": "1", **form}, headers=headers
        )


def at_desk(cast: Cast, person: Person) -> Colleague:
    """This person, signed in."""
    return Colleague(cast, sign_in(Client(), person))


def text(answer: Any) -> str:
    """What the page says."""
    return str(answer.content.decode())


def photo(name: str = "after.png") -> SimpleUploadedFile:
    """A small real picture."""
    held = io.BytesIO()
    Image.new("RGB", (40, 30), (90, 120, 60)).save(held, "PNG")
    return SimpleUploadedFile(name, held.getvalue(), content_type="image/png")


def buttons(page: str) -> set[str]:
    """The verbs that a page offers."""
    return set(re.findall(r"/desk/case/\d+/([a-z_]+)/", page)) - {"map", "reveal", "clock"}
