from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.test import Client, override_settings

from linli.faces import style

TEMPLATES = Path(__file__).parents[1] / "templates"
STATIC = Path(__file__).parents[1] / "static"
WEIGHT = 40 * 1024  # bytes compressed, a resident's page before pictures (docs/design.md, section 5)


@pytest.fixture
def client(small_site: None) -> Client:
    return Client()


def test_choosing_a_language_is_remembered_and_leads_back(client: Client) -> None:
    answer = client.post("/faces/language/", {"language": "en", "next": "/faces/?page=2"})
    assert answer["Location"] == "/faces/?page=2"
    assert client.cookies["django_language"].value == "en"
    assert 'lang="en"' in client.get("/faces/").content.decode()


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    assert client.post("/faces/language/", {"language": "xx"}).status_code == 302
    assert "django_language" not in client.cookies


def test_large_type_is_turned_on_and_off(client: Client) -> None:
    client.post("/faces/elder/", {"on": "1"})
    assert "<html" in (page := client.get("/faces/").content.decode())
    assert re.search(r"<html[^>]* data-elder>", page)
    client.post("/faces/elder/", {"on": "0"})
    assert not re.search(r"<html[^>]* data-elder>", client.get("/faces/").content.decode())


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "", "/\\evil.example"]
)
def test_the_way_back_never_leaves_the_site(client: Client, wanted: str) -> None:
    assert client.post("/faces/elder/", {"on": "1", "next": wanted})["Location"] == "/"


def test_the_switches_need_the_forms_token(small_site: None) -> None:
    assert Client(enforce_csrf_checks=True).post("/faces/elder/", {"on": "1"}).status_code == 403


def test_the_switches_answer_to_post_only(client: Client) -> None:
    assert client.get("/faces/elder/").status_code == 405
    assert client.get("/faces/language/").status_code == 405


def test_the_style_page_is_shown_in_a_demo_only(client: Client) -> None:
    assert client.get("/faces/").status_code == 200
    with override_settings(LINLI_DEMO=False):
        assert client.get("/faces/").status_code == 404


def test_a_sheet_that_does_not_exist_is_absent(client: Client) -> None:
    assert client.get("/faces/nothing/").status_code == 404


@pytest.mark.parametrize("sheet", sorted(style.SHEETS))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_sheet_obeys_the_csp(client: Client, sheet: str, language: str) -> None:
    client.cookies["django_language"] = language
    answer = client.get(f"/faces/{sheet}/")
    page = answer.content.decode()
    nonce = re.search(r"'nonce-([^']+)'", answer["Content-Security-Policy"])
    assert nonce
    for tag in re.findall(r"<(?:script|link rel=\"stylesheet\")[^>]*>", page):
        assert f'nonce="{nonce[1]}"' in tag
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)


def test_no_template_carries_inline_style_or_handlers() -> None:
    wrong = [
        path.name
        for path in TEMPLATES.rglob("*.html")
        if re.search(
            r"<style|\sstyle=|\son(?:click|load|change|submit|input)=|hx-on", path.read_text("utf-8")
        )
    ]
    assert wrong == []


def test_every_part_is_named_in_the_guide() -> None:
    guide = (TEMPLATES.parent / "README.md").read_text(encoding="utf-8")
    inner = {"mark", "crumb", "tools", "tabs", "account", "keys", "clock"}  # the bases include these
    parts = {path.stem for path in (TEMPLATES / "faces" / "parts").glob("*.html")} - inner
    assert {part for part in parts if f"`{part}`" not in guide and f"parts/{part}" not in guide} == set()


def test_every_template_compiles() -> None:
    for path in TEMPLATES.rglob("*.html"):
        get_template(str(path.relative_to(TEMPLATES)))


@pytest.mark.parametrize("sheet", ["report", "case"])
def test_a_residents_page_weighs_at_most_forty_kilobytes(client: Client, sheet: str) -> None:
    page = client.get(f"/faces/{sheet}/").content
    asked = re.findall(r'(?:href|src)="/static/([^"?]+)', page.decode())
    files = [Path(str(finders.find(name))).read_bytes() for name in asked]
    weight = sum(len(gzip.compress(body, 6)) for body in [page, *files])
    assert weight <= WEIGHT, f"{weight / 1024:.1f} KB: {asked}"


def test_nothing_is_fetched_from_elsewhere() -> None:
    for path in [one for one in (STATIC / "linli").iterdir() if one.suffix != ".png"]:
        found = re.findall(r"https?://[^\s'\")]+", path.read_text(encoding="utf-8"))
        assert [url for url in found if not url.startswith("http://www.w3.org/")] == [], path.name
