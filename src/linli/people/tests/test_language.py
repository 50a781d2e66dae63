"""The language somebody chose goes with their account, from device to device."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from linli.people import models, queries
from linli.people.tests.conftest import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("linli.people.tests.urls")]


def choose(client: Client, language: str) -> None:
    client.post("/faces/language/", {"language": language})


def tongue(client: Client, **headers: str) -> Any:
    page = client.get("/me/", headers=headers).content.decode()
    return page.partition('<html lang="')[2].partition('"')[0]


def test_a_language_chosen_on_one_device_holds_on_the_others(li: models.Account) -> None:
    phone, tablet = Client(), Client()
    sign_in(phone)
    sign_in(tablet)
    choose(phone, "ja")
    assert queries.languages([li.pk]) == {li.pk: "ja"}, "messages follow it"
    assert tongue(phone) == "ja"
    assert tongue(tablet) == "ja"
    assert tablet.cookies["django_language"].value == "ja"
    choose(tablet, "en")
    assert tongue(phone) == "en"
    assert tongue(tablet) == "en"


def test_signing_in_brings_ones_own_language(li: models.Account) -> None:
    somebody_was_here = Client()
    choose(somebody_was_here, "ja")
    assert queries.languages([li.pk]) == {li.pk: "zh-hans"}, "a stranger's choice is not hers"
    sign_in(somebody_was_here)
    assert tongue(somebody_was_here) == "zh-hans"


def test_large_type_goes_with_the_account_too(li: models.Account) -> None:
    phone = Client()
    sign_in(phone)
    phone.post("/faces/elder/", {"on": "1"})
    li.refresh_from_db()
    assert li.elder


def test_a_language_whose_files_are_gone_stops_nobody(li: models.Account) -> None:
    client = Client()
    sign_in(client)
    models.Account.objects.filter(pk=li.pk).update(language="tlh")
    assert tongue(client) == "zh-hans"
