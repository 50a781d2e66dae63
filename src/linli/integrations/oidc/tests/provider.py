"""A real provider for the tests: django-oauth-toolkit in a process of its own, with a database and keys of its own.

``python provider.py PORT FOLDER REDIRECT_URI PHONE CLIENT SECRET`` serves it; the people are ``alice`` (a verified phone
and mail) and ``bob`` (neither), who sign in by their name. ``/rotate`` gives it another key, as providers change theirs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import include, path

PEOPLE: dict[str, dict[str, Any]] = {
    "alice": {"phone_number_verified": True, "amr": ["pwd", "otp"],
              "email": "alice@street.example.gov.cn", "email_verified": True},
    "bob": {"amr": ["pwd"]},
}  # fmt: skip


def private_key() -> str:
    """A fresh RSA key in PEM."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def configure(port: int, folder: Path) -> None:
    """Its settings."""
    settings.configure(
        SECRET_KEY="x" * 50, ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, USE_TZ=True, LOGIN_URL="/login/",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "idp.sqlite3")}},
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider"],
        MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware",
                    "django.contrib.auth.middleware.AuthenticationMiddleware"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", SESSION_COOKIE_NAME="idp", LOGGING_CONFIG=None,
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True, "OIDC_RSA_PRIVATE_KEY": private_key(), "OIDC_ISS_ENDPOINT": f"http://127.0.0.1:{port}/o",
            "SCOPES": {one: one for one in ("openid", "profile", "email", "phone")}, "PKCE_REQUIRED": True,
        },
    )  # fmt: skip
    django.setup()
    urlpatterns.extend(
        [
            path("login/", log_in),
            path("rotate", rotate),
            path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
        ]
    )


def log_in(request: HttpRequest) -> HttpResponse:
    """By name alone: it is a test."""
    from django.contrib.auth import login  # noqa: PLC0415  (needs the settings above)
    from django.contrib.auth.models import User  # noqa: PLC0415  (as above)

    person: Any = User.objects.get(username=request.GET["as"])
    login(request, person)
    return HttpResponseRedirect(request.GET["next"])


def rotate(_request: HttpRequest) -> HttpResponse:
    """Sign with another key from now on."""
    from oauth2_provider.settings import oauth2_settings  # noqa: PLC0415  (needs the settings above)

    held: Any = settings
    held.OAUTH2_PROVIDER["OIDC_RSA_PRIVATE_KEY"] = private_key()
    oauth2_settings.reload()
    tell_claims()
    return HttpResponse("rotated")


urlpatterns: list[Any] = []


def tell_claims() -> None:
    """Let tokens say what `PEOPLE` has."""
    from oauth2_provider.oauth2_validators import OAuth2Validator  # noqa: PLC0415  (needs the settings above)
    from oauth2_provider.settings import oauth2_settings  # noqa: PLC0415  (as above)

    class Validator(OAuth2Validator):  # type: ignore[misc]  # no stubs
        oidc_claim_scope = None

        def get_additional_claims(self, request: Any) -> dict[str, Any]:
            return PEOPLE[request.user.username]

    oauth2_settings.OAUTH2_VALIDATOR_CLASS = Validator


def prepare(redirect: str, client: str, secret: str) -> None:
    """Its tables, people and our client."""
    from django.contrib.auth.models import User  # noqa: PLC0415  (needs the settings above)
    from django.core.management import call_command  # noqa: PLC0415  (as above)
    from oauth2_provider.models import Application  # noqa: PLC0415  (as above)

    call_command("migrate", verbosity=0)
    for name in PEOPLE:
        User.objects.create_user(name)
    Application.objects.create(
        client_id=client, client_secret=secret, client_type="confidential", authorization_grant_type="authorization-code",
        redirect_uris=redirect, skip_authorization=True, algorithm="RS256", name="Linli",
        user=User.objects.get(username="bob"),
    )  # fmt: skip


class Quiet(WSGIRequestHandler):
    """Says nothing."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


class Server(ThreadingMixIn, WSGIServer):
    """Answers several at once."""

    daemon_threads = True


if __name__ == "__main__":
    configure(int(sys.argv[1]), Path(sys.argv[2]))
    prepare(sys.argv[3], *sys.argv[5:7])
    PEOPLE["alice"]["phone_number"] = sys.argv[4]
    tell_claims()
    server = make_server("127.0.0.1", int(sys.argv[1]), get_wsgi_application(), Server, Quiet)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.serve_forever()
