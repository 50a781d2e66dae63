"""A phone that changed hands (T34): the carrier gave the number to somebody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.people import models, queries, rules
from linli.people.actions import pauses, sign_in
from linli.people.tests.conftest import AT, LI_PHONE, Outbox
from linli.people.tests.test_sign_in import ask_code, give_code, who

pytestmark = [pytest.mark.django_db, pytest.mark.urls("linli.people.tests.urls")]


def make_silent(account: models.Account, days: int) -> None:
    long_ago = AT - timedelta(days=days)
    models.Account.objects.filter(pk=account.pk).update(
        phone_proved_at=long_ago, last_seen_at=long_ago, level=3, level_until_date=None
    )


def asleep_page(client: Client, outbox: Outbox, account: models.Account) -> Any:
    make_silent(account, 400)
    ask_code(client, LI_PHONE)
    return give_code(client, outbox, LI_PHONE)


def test_a_code_alone_does_not_open_an_account_that_slept(
    client: Client, li: models.Account, outbox: Outbox
) -> None:
    page = asleep_page(client, outbox, li)
    assert page.templates[0].name == "people/wake.html"
    assert "李" not in page.content.decode()
    assert client.get("/desk/").status_code == 302


def test_its_person_comes_back_at_the_phones_level(
    client: Client, li: models.Account, outbox: Outbox
) -> None:
    proof = asleep_page(client, outbox, li).context["proof"]
    assert client.post("/sign-in/again/", {"proof": proof, "knows": "王芳"}).status_code == 422
    assert client.post("/sign-in/again/", {"proof": proof, "knows": "李 芳"}).status_code == 302
    assert who(client) == li.pk
    li.refresh_from_db()
    assert li.level == rules.Level.PHONE


def test_the_phones_new_holder_gets_an_empty_account(
    client: Client, li: models.Account, outbox: Outbox
) -> None:
    proof = asleep_page(client, outbox, li).context["proof"]
    page = client.post("/sign-in/again/", {"proof": proof, "afresh": "1"})
    given = {"proof": page.context["proof"], "name": "钱进", "grown": "on", "account": "on"}
    client.post("/sign-up/", given)
    assert who(client) not in (None, li.pk)
    li.refresh_from_db()
    assert li.phone is None
    assert li.name == "李芳"
    assert li.is_active


def test_an_account_in_use_cannot_be_pushed_off_its_phone(li: models.Account) -> None:
    with pytest.raises(pauses.Refused):
        sign_in.start_afresh(account_id=li.pk, at=AT)
    assert queries.account_by_phone(LI_PHONE) is not None
