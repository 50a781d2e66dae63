"""Middlewares that only pages need, let past by the API: cookies, sessions and templates cost it a third of its time."""

from __future__ import annotations

from typing import Any

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.middleware.gzip import GZipMiddleware
from django.middleware.locale import LocaleMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware

from linli.faces.pages import remember
from linli.site import problems, trouble
from linli.site.problems import wants_json


class _PagesOnly:
    """Steps aside for requests of programs."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if wants_json(request):
            answer: HttpResponseBase = self.get_response(request)
            return answer
        page: HttpResponseBase = super().__call__(request)  # type: ignore[misc]  # the middleware behind this mixin
        return page


class Gzip(_PagesOnly, GZipMiddleware):
    """Pages travel compressed, also without a web server in front."""


class Static(_PagesOnly, WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise has no types
    """Serves the built assets."""


class Csp(_PagesOnly, CSPMiddleware):
    """Content-Security-Policy with a nonce."""


class Session(_PagesOnly, SessionMiddleware):
    """The session of the cookie. Where the disk is full people still read: only the note of their visit is lost."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keep the session, if it can be kept."""
        try:
            return super().process_response(request, response)
        except Exception as error:  # Django tells trouble of the database as a session that was interrupted
            if request.method in {"GET", "HEAD"} and trouble.code_of(error) == "no_space":
                return response
            answer = problems.passing(request, error)
            if answer is None:
                raise
            return answer


class Language(_PagesOnly, LocaleMiddleware):
    """The language chosen on this device, or on another one with the same account; else what the browser asks for."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Tell the browser of what was chosen elsewhere."""
        told: HttpResponseBase = super().process_response(request, response)
        elsewhere = getattr(request, "language_from_elsewhere", "")
        if elsewhere and isinstance(told, HttpResponse):
            remember(told, request, settings.LANGUAGE_COOKIE_NAME, elsewhere)
        return told


class Common(_PagesOnly, CommonMiddleware):
    """Trailing slashes for pages."""


class Authentication(_PagesOnly, AuthenticationMiddleware):
    """The account of the session."""


class Messages(_PagesOnly, MessageMiddleware):
    """Words left for the next page."""
