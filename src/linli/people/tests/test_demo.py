from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from linli.kernel import access
from linli.people import demo, models, ports

pytestmark = [pytest.mark.django_db, pytest.mark.urls("linli.people.tests.urls")]


@pytest.fixture
def in_demo(settings: Any, li: models.Account) -> Iterator[models.Account]:
    """A demo in which Li Fang is a synthetic person."""
    settings.LINLI_DEMO = True
    models.Account.objects.filter(pk=li.pk).update(example=True)
    before = ports._sockets.demo_people
    ports.wire(demo_people=lambda _language, _at: [ports.DemoPerson(li.pk, "铝兴社区", "resident", "")])
    yield li
    ports._sockets.demo_people = before


def test_one_tap_signs_in(client: Client, in_demo: models.Account) -> None:
    page = client.get("/demo/")
    path = page.context["communities"][0]["shown"][0][0].path
    assert client.get(path).status_code == 302
    assert client.get("/desk/").wsgi_request.user.pk == in_demo.pk


def test_only_synthetic_people_have_such_a_door(
    client: Client, in_demo: models.Account, wang: models.Account
) -> None:
    assert client.get(demo.sign_in_path(wang)).status_code == 404
    assert client.get("/demo/as/forged/").status_code == 404
    assert client.get(f"/demo/as/{signing.dumps(in_demo.pk, salt='other')}/").status_code == 404


def test_outside_a_demo_the_doors_are_not_there(
    client: Client, in_demo: models.Account, settings: Any
) -> None:
    path = demo.sign_in_path(in_demo)
    settings.LINLI_DEMO = False
    for closed in (path, "/demo/", "/demo/codes/"):
        assert client.get(closed).status_code == 404, closed
    with pytest.raises(access.NotFound):
        demo.sign_in_path(in_demo)


def test_the_page_of_codes_shows_what_the_sender_remembers(client: Client, in_demo: models.Account) -> None:
    before = ports._sockets.last_codes
    ports.wire(last_codes=lambda: [ports.SentCode("138****0001", "654321")])
    try:
        assert "654321" in client.get("/demo/codes/").content.decode()
    finally:
        ports._sockets.last_codes = before


class Broken:
    """A carrier that is down."""

    def send(self, phone: str, code: str, language: str) -> None:
        raise ports.NotSent


def test_when_the_carrier_fails_the_page_says_what_to_do(client: Client, li: models.Account) -> None:
    ports.wire(code_sender=Broken())
    response = client.post("/sign-in/code/", {"phone": "13811110001"})
    assert response.status_code == 503
    assert 'role="alert"' in response.content.decode()
