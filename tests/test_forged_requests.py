"""Forged requests (T19): no page takes a form that does not carry our token, whatever cookies come along."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from linli.site import problems

pytestmark = pytest.mark.django_db
#: Where another system speaks: no cookies count there, and each is known by a proof of its own.
MACHINES = {
    "demo/hotline/api/x1": "the demo's hotline: a token",
    "demo/wechat/platform/x1": "the demo's platform: its own tokens; there is none outside a demo",
    "hotline/x1/orders": "a hotline: the line's secret, shown or used to sign",
    "notices/receipts/sms/": "a carrier of SMS: the secret it was given",
    "wechat/x1/": "the official account: its signature",
}
SAMPLES = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000"}
BEYOND = ("admin/", "api/")  # Django's own tests · takes no cookies
PROGRAMS = tuple(one.lstrip("/") for one in problems.PROGRAMS)


def routes(found: URLResolver, before: str = "") -> Iterator[str]:
    """Every page's address, with something in the place of its parameters."""
    for one in found.url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if not path.startswith(BEYOND):
                yield from routes(one, path)
        elif isinstance(one, URLPattern):
            yield re.sub(r"<(?:(\w+):)?\w+>", lambda part: SAMPLES.get(part[1] or "", "x1"), path)


EVERY = sorted(one for one in set(routes(get_resolver())) if not one.startswith(PROGRAMS))
ADDRESSES = [one for one in EVERY if one not in MACHINES]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_form_without_our_token_is_refused(address: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(f"/{address}", {"words": "路灯不亮"})
    assert answer.status_code == 403, address
    assert "csrf" in answer.content.decode()


@pytest.mark.parametrize("address", MACHINES)
def test_where_machines_speak_nothing_is_taken_without_their_proof(address: str) -> None:
    assert address in EVERY
    answer = Client(enforce_csrf_checks=True).post(f"/{address}", b"{}", content_type="application/json")
    assert answer.status_code in {401, 403, 404}, answer.content


def test_the_api_knows_nobody_by_cookie() -> None:
    answer = Client(enforce_csrf_checks=True).get("/api/v1/me", headers={"Cookie": "linli=x"})
    assert answer.status_code == 401
