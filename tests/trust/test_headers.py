"""The browser's safety belt (P15) where no door is; that every door wears it, for everybody, is seen by test_matrix.py."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from linli.cases.tests import cast as casting
from tests.trust import pages
from tests.trust.belts import check
from tests.trust.stage import Stage, fresh


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nowhere/", 404), ("/api/v1/nowhere", 404), ("/static/nowhere.css", 404), ("/desk/case/x/", 302),
        ("/my/x/forget/", 405), ("/healthz", 200), ("/readyz", 200), ("/metrics", 200), ("/api/v1/openapi.json", 200),
        ("/api/v1/", 404), ("/faces", 301),
    ],
)  # fmt: skip
def test_answers_without_a_page_wear_it_too(stage: Stage, address: str, status: int) -> None:
    response = fresh().get(address)
    assert response.status_code == status
    found = check(response, address)
    if address.startswith("/static/"):
        found = [one for one in found if "may be kept" not in one]
    assert found == []


def test_a_broken_page_says_nothing_of_the_cause_and_wears_its_belt(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise ValueError("CANARY secret cause")

    monkeypatch.setattr("linli.portal.pages.here.show", fail, raising=False)
    monkeypatch.setattr("linli.portal.pages.render", fail, raising=False)
    response = fresh().get("/")
    assert response.status_code == 500
    assert b"CANARY" not in response.content
    assert check(response, "/") == []


def test_each_answer_has_a_nonce_of_its_own() -> None:
    seen = {fresh().get("/sign-in/").headers["Content-Security-Policy"] for _ in range(5)}
    assert len(seen) == 5


def test_a_secure_connection_is_remembered() -> None:
    response = fresh().get("/sign-in/", secure=True)
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


class TestCookies:
    """Sent to us alone, over a secure connection, out of reach of programs in the page."""

    @pytest.mark.parametrize("who", ["anonymous", "resident", "dispatcher"])
    def test_every_cookie_is_shut_in(self, stage: Stage, who: str) -> None:
        browser = stage.client(who)
        for address in ("/sign-in/", "/", "/report/", "/me/", "/desk/"):
            browser.get(address, secure=True)
        browser.post("/faces/elder/", {"on": "1"}, secure=True)
        browser.post("/faces/language/", {"language": "en"}, secure=True)
        set_now = [morsel for name, morsel in browser.cookies.items() if morsel["path"]]
        assert {morsel.key for morsel in set_now} >= {"linli-elder", "django_language"}
        for morsel in set_now:
            assert (morsel["secure"], morsel["httponly"], morsel["samesite"]) == (True, True, "Lax"), (
                morsel.key
            )
            assert (morsel["path"], morsel["domain"]) == ("/", ""), morsel.key

    def test_the_session_has_a_name_that_browsers_guard(self, stage: Stage) -> None:
        browser = fresh()
        browser.get("/sign-in/", secure=True)
        assert {name for name in browser.cookies} <= {"__Host-linli", "__Host-linli-csrf"}
        casting.sign_in(browser, stage.cast.resident)
        assert "__Host-linli" in browser.cookies

    def test_the_api_sets_none(self, stage: Stage) -> None:
        for who in ("anonymous", "dispatcher"):
            response = stage.ask(who, "GET", "/api/v1/communities", program=True)
            assert not response.cookies


ELSEWHERE = (
    "https://evil.example/", "//evil.example/", "///evil.example", "////evil.example", "/\\evil.example",
    "\\\\evil.example", "/\\/evil.example", "\\/evil.example", "http:evil.example", "https:/evil.example",
    "https:///evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", " https://evil.example",
    "\thttps://evil.example", "\n//evil.example", "/\t/evil.example", "/\n/evil.example",
    "https://testserver@evil.example/", "https://testserver.evil.example/", "http://testserver:80@evil.example",
    "//testserver@evil.example", "data:text/html,x", "ftp://evil.example", "//evil.example/%2f..", "https:evil.example",
    "/%09/evil.example", "//%65vil.example", "https://evil。example/", "//[::1]/", "",
)  # fmt: skip


@pytest.mark.parametrize("goal", ELSEWHERE)
def test_nobody_is_led_to_another_site(stage: Stage, goal: str) -> None:
    resident = stage.client("resident")
    answers = [
        resident.get("/sign-in/", {"next": goal}),
        resident.post("/faces/language/", {"language": "en", "next": goal}),
        resident.post("/faces/elder/", {"on": "1", "next": goal}),
        fresh().get("/sign-in/", {"next": goal}),
        stage.client("superuser").get("/me/second-factor/check/", {"next": goal}),
    ]
    for answer in answers:
        leads = answer.headers.get("Location", "/")
        assert re.match(r"/(?![/\\\s])[\x21-\x7e]*$|/$", leads), leads
        assert not re.search(r"^/[\t\n\r]", leads)
        hidden = re.findall(r'name="next" value="([^"]*)"', answer.content.decode())
        assert all(not one or re.match(r"/(?![/\\\s])", one) for one in hidden), hidden


def test_django_itself_finds_nothing_to_improve(tmp_path: Path) -> None:
    """``check --deploy`` as a real server would have it."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LINLI_", "DATABASE_"))}
    env |= {
        "LINLI_HOME": str(tmp_path), "LINLI_SECRET_KEY": "kq3v" * 16 + "9!xZ-_", "LINLI_ALLOWED_HOSTS": "linli.example",
        "DJANGO_SETTINGS_MODULE": "linli.site.settings", "PYTHONPATH": os.pathsep.join(sys.path),
    }  # fmt: skip
    checked = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>go()</script>", '<script nonce="other">go()</script>', '<p onclick="go()">', '<a style="color:red">',
        "<style>p{}</style>", '<a href=" javascript:go()">', '<form method="post"></form>', "<iframe>", "<base href='/'>",
        '<img src="//evil.example/">', "<svg/onload=go()>",
    ],
)  # fmt: skip
def test_a_hostile_page_is_noticed(hostile: str) -> None:
    assert pages.read(f"<html><body>{hostile}</body></html>", nonce="own").faults


def test_an_honest_page_is_not_suspected() -> None:
    token = '<input name="csrfmiddlewaretoken" value="x">'
    honest = (
        f'<script nonce="own">go()</script><script src="/a.js"></script><form method="POST">{token}</form>'
    )
    assert pages.read(honest, nonce="own").faults == []
