"""A small site of our own for the browser tests: the style page, the CSP of the real one, no database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from csp.constants import NONCE, NONE, SELF
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from playwright.sync_api import Browser

from linli.faces.tests.browser import chromium, chromium_of_module

MOMENT = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)  # a Monday, 14:05 in Guiyang


class Moment:
    """Gives every request the same moment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = MOMENT  # type: ignore[attr-defined]
        return self.get_response(request)


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name is the parent's)
        return


SMALL_SITE = override_settings(
    ROOT_URLCONF="linli.faces.urls",
    LINLI_DEMO=True,
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["django.contrib.staticfiles", "django.contrib.messages", "csp", "linli.faces"],
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    SESSION_COOKIE_SECURE=False,
    CSRF_COOKIE_SECURE=False,
    CSRF_COOKIE_NAME="csrf",
    SECURE_SSL_REDIRECT=False,
    MIDDLEWARE=[
        "csp.middleware.CSPMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "linli.faces.tests.conftest.Moment",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    CONTENT_SECURITY_POLICY={
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [SELF, NONCE],
            "style-src": [SELF, NONCE],
            "img-src": [SELF, "data:", "blob:"],
            "connect-src": [SELF],
            "form-action": [SELF],
            "frame-ancestors": [NONE],
            "base-uri": [NONE],
        }
    },
)


class _Threads(ThreadingMixIn, WSGIServer):
    """A browser opens connections it may not use; one of them must not hold up the others."""

    daemon_threads = True


@pytest.fixture
def small_site() -> Iterator[None]:
    """Settings under which faces stands alone."""
    with SMALL_SITE:
        yield


@pytest.fixture
def address(small_site: None) -> Iterator[str]:
    """The small site, served on a free port; its address without a slash."""
    server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), _Threads, _Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


__all__ = ["chromium", "chromium_of_module"]


@pytest.fixture
def chromium_browser(request: pytest.FixtureRequest) -> Browser:
    """A browser without windows."""
    found: Browser = request.getfixturevalue("chromium")
    return found
