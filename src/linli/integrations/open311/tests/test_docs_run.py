"""Every curl line of docs/integrations.md is run, in its order, as it stands there."""

from __future__ import annotations

import io
import json
import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.cases.models import Category
from linli.cases.queries import reference
from linli.cases.tests.cast import AT, FROM, Cast
from linli.integrations.open311.models import Question
from linli.integrations.open311.tests.apps import FORM, HERE, App

pytestmark = [pytest.mark.django_db]
PAGE = Path(__file__).parents[5] / "docs" / "integrations.md"
STREETLIGHT = "facilities.streetlight"


def lines() -> list[str]:
    """The lines one can copy."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


def run(line: str, words: dict[str, str]) -> Any:
    """What curl would do with this line, against the server in this process."""
    for name, value in words.items():
        line = line.replace(f"${name}", value)
    address, fields = "", list[tuple[str, str]]()
    headers, parts = dict[str, str](), dict[str, Any]()
    command, *left = shlex.split(line)
    assert command == "curl"
    while left:
        word = left.pop(0)
        if word == "-H":
            name, _, value = left.pop(0).partition(": ")
            headers[name] = value
        elif word == "--data-urlencode":
            name, _, value = left.pop(0).partition("=")
            fields.append((name, value))
        elif word == "-F":
            name, _, value = left.pop(0).partition("=")
            parts[name] = picture() if value.startswith("@") else value
        else:
            assert not word.startswith("-"), word
            address = word
    assert address.startswith("/open311/v2/"), address
    if fields:
        return Client().post(address, urlencode(fields), content_type=FORM, headers=headers)
    return Client().post(address, parts, headers=headers) if parts else Client().get(address, headers=headers)


def picture() -> SimpleUploadedFile:
    """What lamp.jpg holds."""
    held = io.BytesIO()
    Image.new("RGB", (40, 30), "grey").save(held, "JPEG")
    return SimpleUploadedFile("lamp.jpg", held.getvalue(), "image/jpeg")


def test_every_line_that_can_be_copied_works_as_it_stands(cast: Cast, app: App) -> None:
    Category.objects.create(
        community_id=cast.here.id, code=STREETLIGHT, name_zh="路灯照明", name_en="Street lights", keywords=[],
        order=99, valid_from=FROM,
    )  # fmt: skip
    Question.objects.create(
        community_id=cast.here.id, category_code=STREETLIGHT, code="lamp_number", order=1, datatype="string",
        description_zh="灯杆编号", changed_at=AT,
    )  # fmt: skip
    reference.forget()
    words = {"BASE": "/open311/v2", "CITY": HERE, "KEY": app.key}
    told = lines()
    assert len(told) >= 12
    for line in told:
        answer = run(line, words)
        wanted = 404 if "000000000000" in line else 200
        assert answer.status_code == wanted, (line, answer.content.decode())
        if "requests.json" in line and "lamp_number" in line:
            words["NUMBER"] = json.loads(answer.content)[0]["service_request_id"]
    with cast.inside():
        assert cast.case(words["NUMBER"]).moves.get(verb="add").answer == "旁边那盏也不亮了"
