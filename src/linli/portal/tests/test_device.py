"""The installed page: its manifest in each language, its icons, and what the service worker may keep."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from linli.portal import device

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[4]


def text(response: Any) -> str:
    return str(response.content.decode())


def constant(script: str, name: str) -> Any:
    found = re.search(rf"^const {name} = (.+);$", script, re.MULTILINE)
    assert found
    return json.loads(found.group(1))


@pytest.mark.parametrize(("language", "name"), [("zh-hans", "邻里"), ("en", "Linli")])
def test_the_manifest_is_in_the_language_of_the_page_that_names_it(
    client: Client, language: str, name: str
) -> None:
    client.cookies["django_language"] = language
    page = text(client.get("/"))
    found = re.search(r'<link rel="manifest" href="([^"]+)">', page)
    assert found
    answer = Client().get(found.group(1))
    said = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert (said["short_name"], said["lang"], said["start_url"]) == (name, language, "/")
    assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}
    assert {icon["sizes"] for icon in said["icons"]} == {"192x192", "512x512"}
    for address in [icon["src"] for icon in said["icons"]] + [one["url"] for one in said["shortcuts"]]:
        assert Client().get(address).status_code == 200, address


def test_there_is_no_manifest_in_a_language_we_do_not_speak(client: Client) -> None:
    assert client.get("/manifest/tlh.webmanifest").status_code == 404


def test_the_icons_are_what_the_tool_draws_from_the_mark() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "icons.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_worker_is_asked_for_anew_and_answers_for_every_page(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "connect-src 'self'" in answer["Content-Security-Policy"]
    assert not answer.cookies


def test_the_worker_keeps_files_alone_and_all_that_its_page_needs(client: Client) -> None:
    script = text(client.get("/sw.js"))
    kept = constant(script, "SHELL")
    assert all(address.startswith("/static/") for address in kept)
    page = text(client.get(constant(script, "PAGE")))
    asked = set(re.findall(r'(?:href|src)="(/static/[^"]+?\.(?:css|m?js|svg)[^"]*)"', page))
    later = set(re.findall(r'data-(?:outbox|offline|voice)="([^"]+)"', page))
    assert asked | later <= set(kept)
    for address in kept:
        assert client.get(address).status_code == 200, address


def test_a_changed_file_makes_another_worker(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    device._script.cache_clear()
    before = constant(text(client.get("/sw.js")), "VERSION")
    monkeypatch.setattr(device, "SHELL", device.SHELL[:-1])
    device._script.cache_clear()
    after = constant(text(client.get("/sw.js")), "VERSION")
    device._script.cache_clear()
    assert before != after
