"""How tests use the residents' pages: scan a door, say something, read what comes back."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.cases.tests.cast import Cast
from linli.cases.tests.ground import picture_bytes

WORDS = "8 栋门口的路灯不亮，晚上看不见路"


def photo(name: str = "photo.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_bytes() if data is None else data, "image/jpeg")


def body(response: Any) -> str:
    return str(response.content.decode())


def key_of(response: Any) -> str:
    found = re.search(r'name="idempotency_key" value="([0-9a-f]{32})"', body(response))
    assert found
    return found.group(1)


def at_building(client: Client, cast: Cast) -> Client:
    assert client.get(f"/p/{cast.building.qr_code}/").status_code == 302
    return client


def say(client: Client, words: str = WORDS, **more: Any) -> Any:
    key = key_of(client.get("/report/"))
    return client.post("/report/", {"words": words, "kind": "help", "idempotency_key": key, **more})


def all_the_way(client: Client, **last: Any) -> Any:
    """Steps 1 to 3 at the scanned place; the answer to the last one."""
    assert say(client).status_code == 302
    assert client.post("/report/place/", {"how": "here"}).status_code == 302
    key = key_of(client.get("/report/send/"))
    given = {"who": "anonymous", "idempotency_key": key, **last}
    return client.post("/report/send/", given)


def number_in(response: Any) -> str:
    return str(response["Location"]).rstrip("/").rpartition("/")[2]


def code_in(response: Any) -> str:
    found = re.search(r"\b([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})\b", body(response))
    assert found
    return found.group(1)
