from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from linli.kernel import access, scope
from linli.kernel.models import AccessLog, AuditEntry
from linli.people import models, queries, rules
from linli.people.actions import (
    accounts,
    codes,
    consents,
    contact,
    erasure,
    my_data,
    pauses,
    second_factors,
    sweeps,
    tokens,
)
from linli.people.tests.conftest import AT, LI_PHONE, PASSWORD, Outbox, Roster, resident, sign_in
from linli.people.tests.test_second_factor import code_now

pytestmark = [pytest.mark.django_db, pytest.mark.urls("linli.people.tests.urls")]
HERE, ELSEWHERE = 7, 8


def staff(account_id: int = 99, role: str = "dispatcher", community_id: int = HERE) -> access.Actor:
    grant = access.Grant(
        role=role, community_id=community_id, place_id=community_id, place_path=f"{community_id}."
    )
    return access.Actor(account_id=account_id, grants=(grant,), communities=frozenset({community_id}))


def reveal(account_id: int, actor: access.Actor, community_id: int = HERE) -> contact.Contact:
    return contact.reveal_contact(
        actor=actor,
        account_id=account_id,
        community_id=community_id,
        why=contact.WhyRead.HANDLE_CASE,
        task="case:261123000001",
        at=AT,
    )


def test_a_reveal_gives_the_contact_and_leaves_a_row(li: models.Account) -> None:
    with scope.within([HERE]):
        seen = reveal(li.pk, staff())
        assert (seen.name, seen.phone) == ("李芳", LI_PHONE)
        row = AccessLog.objects.get()
        assert (row.reader_id, row.subject_account_id, row.fields) == (99, li.pk, ["name", "phone"])
        looks = queries.looks_at(li.pk, limit=10)
        assert [(look.purpose, look.task, look.reader_role) for look in looks] == [
            ("handle_case", "case:261123000001", "dispatcher")
        ]


def test_no_row_no_data(li: models.Account) -> None:
    """Outside the community's scope the row cannot be written, so nothing is read."""
    with scope.within([ELSEWHERE]), pytest.raises(Exception, match="row-level security"):
        reveal(li.pk, staff())


def test_only_staff_of_the_community_may_look(li: models.Account) -> None:
    with scope.within([HERE, ELSEWHERE]):
        for outsider in (access.Actor(account_id=5), staff(role="resident"), staff(community_id=ELSEWHERE)):
            with pytest.raises(access.Forbidden):
                reveal(li.pk, outsider)
        assert not AccessLog.objects.exists()


def test_the_eleventh_look_within_an_hour_is_refused(li: models.Account) -> None:
    with scope.within([HERE]):
        for _ in range(10):
            reveal(li.pk, staff())
        with pytest.raises(contact.TooManyReveals):
            reveal(li.pk, staff())
        reveal(li.pk, staff(account_id=98))


def test_the_page_shows_what_was_agreed_and_lets_it_go(client: Client, li: models.Account) -> None:
    sign_in(client)
    assert client.get("/me/data/").status_code == 200
    client.post("/me/data/consents/contact/", {"give": "0"})
    assert not queries.has_consent(li.pk, rules.Purpose.CONTACT)
    client.post("/me/data/consents/contact/", {"give": "1"})
    client.post("/me/data/consents/contact/", {"give": "1"})
    rows = list(queries.consents_of(li.pk).filter(purpose="contact"))
    assert [row.withdrawn_at is None for row in rows] == [True, False]
    assert client.post("/me/data/consents/selling/", {"give": "1"}).status_code == 404


def test_the_needed_consent_ends_only_with_the_account(client: Client, li: models.Account) -> None:
    sign_in(client)
    client.post("/me/data/consents/account/", {"give": "0"})
    assert queries.has_consent(li.pk, rules.Purpose.ACCOUNT)
    with pytest.raises(consents.NeededConsent):
        consents.withdraw_consent(account_id=li.pk, purpose=rules.Purpose.ACCOUNT, at=AT)


# Taking it away


def test_the_export_holds_what_every_room_holds_and_is_taken_once(client: Client, li: models.Account) -> None:
    rules.exporters.register("tests", lambda account_id: {"things": [account_id]})
    try:
        sign_in(client)
        ticket = client.post("/me/data/export/").context["ticket"]
        response = client.post("/me/data/export/take/", {"ticket": ticket})
    finally:
        del rules.exporters._by_room["tests"]
    data = json.loads(response.content)
    assert data["people"]["name"] == "李芳"
    assert data["people"]["phone"] == LI_PHONE
    assert {consent["purpose"] for consent in data["people"]["consents"]} == {"account", "contact"}
    assert data["tests"] == {"things": [li.pk]}
    assert response["Content-Disposition"].startswith("attachment")
    assert client.post("/me/data/export/take/", {"ticket": ticket}).status_code == 404


def test_the_ticket_is_good_for_this_session_this_person_and_a_quarter_of_an_hour(
    li: models.Account, wang: models.Account
) -> None:
    def take(account_id: int, session: str, at: datetime) -> dict[str, object]:
        return my_data.take_export(account_id=account_id, session_key=session, ticket=ticket, at=at)

    ticket = my_data.ask_export(account_id=li.pk, session_key="here", at=AT)
    for wrong in ((wang.pk, "here", AT), (li.pk, "there", AT), (li.pk, "here", AT + timedelta(minutes=15))):
        with pytest.raises(access.NotFound):
            take(*wrong)
    assert take(li.pk, "here", AT + timedelta(minutes=14))["account"] == li.pk


def test_the_fourth_export_of_a_day_waits(client: Client, li: models.Account) -> None:
    sign_in(client)
    assert [client.post("/me/data/export/").status_code for _ in range(4)] == [200, 200, 200, 302]


# Leaving


def test_the_page_deletes_in_two_steps(client: Client, li: models.Account) -> None:
    sign_in(client)
    assert client.get("/me/data/delete/").status_code == 200
    assert client.post("/me/data/delete/").templates[0].name == "people/delete_last.html"
    for wrong in ({}, {"sure": "on"}, {"sure": "on", "password": "wrong"}, {"password": PASSWORD}):
        assert client.post("/me/data/delete/", {"step": "last", **wrong}).status_code == 422
    assert queries.account(li.pk) is not None
    client.post("/me/data/delete/", {"step": "last", "sure": "on", "password": PASSWORD})
    assert queries.account(li.pk) is None
    assert client.get("/desk/").status_code == 302


def test_whoever_serves_hands_over_first(client: Client, wang: models.Account) -> None:
    sign_in(client, phone="13811110002")
    sure = {"step": "last", "sure": "on", "password": PASSWORD}
    assert client.post("/me/data/delete/", sure).status_code == 422
    with pytest.raises(access.Forbidden, match="on_duty"):
        erasure.erase_account(account_id=wang.pk, at=AT)


def test_the_other_rooms_erase_in_the_same_transaction(li: models.Account) -> None:
    def broken(account_id: int, at: datetime) -> None:
        raise RuntimeError("cannot")

    rules.erasers.register("tests", broken)
    try:
        with pytest.raises(RuntimeError):
            erasure.erase_account(account_id=li.pk, at=AT)
        assert queries.account(li.pk) is not None
    finally:
        del rules.erasers._by_room["tests"]


CANARIES = ("欧阳金丝雀", "+8613877665544", "13877665544", "canary-token", "canary-key", "Canary-Pass-1")


def every_cell(connection: psycopg.Connection) -> str:
    """All rows of all tables as text, sessions opened."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    rows = [row[0] for (table,) in tables for row in connection.execute(f'SELECT t::text FROM "{table}" t')]
    opened = [json.dumps(session.get_decoded(), ensure_ascii=False) for session in Session.objects.all()]
    return "\n".join([*rows, *opened])


def shapes(canary: str) -> list[str]:
    """The canary in clear and as whoever forgets the key would have hidden it."""
    raw = canary.encode()
    digests = [hashlib.new(name, raw).digest() for name in ("md5", "sha1", "sha256")]
    return [
        canary,
        *(part for hidden in (raw, *digests) for part in (hidden.hex(), base64.b64encode(hidden).decode())),
    ]


def test_after_erasing_no_canary_is_left_in_any_table(
    committed_db: None, owner_connection: psycopg.Connection, outbox: Outbox, roster: Roster
) -> None:
    name, phone, _, token_name, key_name, password = CANARIES
    client = Client()
    account = resident(phone, name, password)
    sign_in(client, phone=phone, password=password)
    client.get("/me/second-factor/app/")
    codes.send_code(phone=phone, purpose=models.SignInCode.Purpose.SIGN_IN, network="-", language="en", at=AT)
    tokens.issue_token(
        actor=access.Actor(account_id=account.pk), name=token_name, scopes=["cases:read"], at=AT
    )
    secret = second_factors.new_secret()
    second_factors.add_app(
        account_id=account.pk, secret=secret, code=code_now(secret, at=AT.timestamp()), at=AT
    )
    models.SecondFactor.objects.filter(kind="totp").update(name=key_name)
    client.post("/me/data/export/")
    before = every_cell(owner_connection)
    assert token_name in before
    held_phone: Any = models.Account.objects.values_list("phone", flat=True).get()
    held = bytes(held_phone or b"").hex()

    erasure.erase_account(account_id=account.pk, at=AT)

    owner_connection.rollback()
    after = every_cell(owner_connection)
    found = [canary for canary in CANARIES for shape in shapes(canary) if shape in after]
    assert found == []
    assert secret not in after
    assert held not in after
    stone = models.Account.objects.get(pk=account.pk)
    assert (stone.erased_at, stone.name, stone.phone, stone.phone_index) == (AT, None, None, None)
    assert queries.tombstones(AT) == [(account.pk, AT)]
    assert queries.account_by_phone(phone) is None
    assert AuditEntry.objects.filter(verb="people.erase_account").exists()
    assert resident(phone, name, password).pk != account.pk


def test_a_restore_erases_again(li: models.Account) -> None:
    stones = [(li.pk, AT), (10**9, AT)]
    assert erasure.replay_tombstones(tombstones=stones, at=AT) == 1
    assert erasure.replay_tombstones(tombstones=stones, at=AT) == 0
    assert queries.account(li.pk) is None


def test_a_minor_is_not_raised_above_the_phone(li: models.Account) -> None:
    models.Account.objects.filter(pk=li.pk).update(minor=True)
    with pytest.raises(access.Forbidden, match="minor"):
        accounts.raise_level(
            actor=staff(), account_id=li.pk, level=rules.Level.RESIDENT, until_date=None, at=AT
        )


def test_the_sweep_forgets_what_ended_a_day_ago_and_nothing_else(client: Client, li: models.Account) -> None:
    sign_in(client)
    codes.send_code(
        phone=LI_PHONE, purpose=models.SignInCode.Purpose.SIGN_IN, network="-", language="en", at=AT
    )
    my_data.ask_export(account_id=li.pk, session_key="here", at=AT)
    pauses.claim_try("something", at=AT)
    assert sweeps.sweep(at=AT + timedelta(hours=23)) == 0
    assert sweeps.sweep(at=AT + timedelta(hours=25)) == 3
    assert Session.objects.exists()
    sweeps.sweep(at=AT + timedelta(days=4000))
    assert not Session.objects.exists()


def test_whoever_got_the_number_anew_after_a_restore_is_not_erased(li: models.Account) -> None:
    long_ago = li.created_at - timedelta(days=1)
    assert erasure.replay_tombstones(tombstones=[(li.pk, long_ago)], at=AT) == 0
    li.refresh_from_db()
    assert li.is_active
