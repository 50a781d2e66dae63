from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import hashers
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from linli.kernel.models import AuditEntry
from linli.people import models, queries, rules, sessions
from linli.people.actions import accounts, pauses, sign_in
from linli.people.tests.conftest import AT, LI_PHONE, NEW_PHONE, PASSWORD, Outbox, Roster, resident
from linli.people.tests.conftest import sign_in as come_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("linli.people.tests.urls")]
NET = "203.0.113.0/24"


def cookie(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def who(client: Client) -> int | None:
    return client.get("/desk/").wsgi_request.user.pk


def ask_code(client: Client, phone: str, **more: str) -> Any:
    return client.post("/sign-in/code/", {"phone": phone, **more})


def give_code(client: Client, outbox: Outbox, phone: str, **more: str) -> Any:
    return client.post("/sign-in/code/", {"phone": phone, "code": outbox.last_code(phone), **more})


def test_it_signs_in_by_phone_and_password(client: Client, li: models.Account) -> None:
    response = come_in(client, phone="138 1111 0001", next="/desk/?q=lamp")
    assert response.status_code == 302
    assert response["Location"] == "/desk/?q=lamp"
    assert who(client) == li.pk


def test_it_gives_the_same_answer_for_a_wrong_password_and_an_unknown_phone(li: models.Account) -> None:
    known, unknown = Client(), Client()
    wrong = come_in(known, password="something else")  # noqa: S106
    nobody = come_in(unknown, phone=NEW_PHONE)
    assert wrong.status_code == nobody.status_code == 422
    assert settings.SESSION_COOKIE_NAME not in known.cookies

    def bare(response: Any) -> str:
        text = response.content.decode().replace(LI_PHONE, "·").replace(NEW_PHONE, "·")
        return re.sub(r'(nonce="|Nonce":"|csrfmiddlewaretoken" value="|CSRFToken": ")[^"]+', "", text)

    assert bare(wrong) == bare(nobody)


def test_an_unknown_phone_costs_as_many_hashes_as_a_known_one(
    li: models.Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    hasher = "linli.people.tests.test_sign_in.Counting"
    monkeypatch.setattr(settings, "PASSWORD_HASHERS", [hasher])
    forget_hashers()
    Counting.seen = hashed
    try:
        li.set_password(PASSWORD)
        li.save()
        for phone in (LI_PHONE, NEW_PHONE):
            hashed.clear()
            come_in(Client(), phone=phone, password="guess")  # noqa: S106
            assert len(hashed) == 1, phone
    finally:
        forget_hashers()


def forget_hashers() -> None:
    """Django keeps the configured hashers; let it read the setting again."""
    hashers.get_hashers.cache_clear()  # type: ignore[attr-defined]  # an lru_cache, which the stubs do not say


class Counting(hashers.PBKDF2PasswordHasher):
    """Counts how often somebody's password is hashed."""

    algorithm = "counting"
    iterations = 1
    seen: list[str] = []  # noqa: RUF012

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        self.seen.append(password)
        return super().encode(password, salt, iterations)


def test_signing_in_changes_the_session_key_and_forgets_what_was_in_it(
    client: Client, li: models.Account
) -> None:
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = str(before)
    come_in(client)
    assert cookie(client) != before
    assert "planted" not in client.session
    assert not Session.objects.filter(pk=before).exists()


def test_signing_out_ends_the_session_and_a_link_only_asks(client: Client, li: models.Account) -> None:
    come_in(client)
    old = cookie(client)
    assert client.get("/sign-out/").status_code == 200
    assert who(client) == li.pk
    client.post("/sign-out/")
    client.cookies[settings.SESSION_COOKIE_NAME] = old
    assert client.get("/desk/")["Location"].startswith("/sign-in/")


def test_a_new_epoch_ends_every_session(li: models.Account) -> None:
    here, there = Client(), Client()
    come_in(here)
    come_in(there)
    here.post("/me/sessions/")
    for client in (here, there):
        assert client.get("/desk/").status_code == 302


def test_a_new_password_keeps_this_session_and_ends_the_others(li: models.Account) -> None:
    here, there = Client(), Client()
    come_in(here)
    come_in(there)
    old = cookie(here)
    new = {"present": PASSWORD, "password": "Xin-Nian-2027", "again": "Xin-Nian-2027"}
    assert here.post("/me/password/", new).status_code == 302
    assert cookie(here) != old
    assert who(here) == li.pk
    assert there.get("/desk/").status_code == 302


def test_a_wrong_present_password_changes_nothing(client: Client, li: models.Account) -> None:
    come_in(client)
    wrong = {"present": "wrong one", "password": "Xin-Nian-2027", "again": "Xin-Nian-2027"}
    assert client.post("/me/password/", wrong).status_code == 422
    li.refresh_from_db()
    assert li.check_password(PASSWORD)


def test_whoever_forgot_the_password_sets_a_new_one_after_a_code(
    client: Client, li: models.Account, outbox: Outbox
) -> None:
    new = {"password": "Xin-Nian-2027", "again": "Xin-Nian-2027"}
    come_in(client)
    assert client.post("/me/password/", new).status_code == 422
    ask_code(client, LI_PHONE)
    give_code(client, outbox, LI_PHONE)
    session = client.session
    session[sessions.BY_CODE] -= 16 * 60
    session.save()
    assert client.post("/me/password/", new).status_code == 422
    session[sessions.BY_CODE] += 10 * 60
    session.save()
    assert client.post("/me/password/", new).status_code == 302
    li.refresh_from_db()
    assert li.check_password("Xin-Nian-2027")


@pytest.mark.parametrize("goal", ["//evil.example", "https://evil.example/", "/\\evil.example", "/sign-in/"])
def test_it_never_leads_to_another_site(client: Client, li: models.Account, goal: str) -> None:
    assert f'name="next" value="{goal}"' not in client.get("/sign-in/", {"next": goal}).content.decode()
    assert come_in(client, next=goal)["Location"] == "/"


def test_the_tenth_failure_begins_a_pause_that_doubles(li: models.Account) -> None:
    at = AT
    for _ in range(10):
        with pytest.raises(pauses.Refused, match="wrong"):
            sign_in.by_password(phone=LI_PHONE, password="x", network=NET, at=at)  # noqa: S106
    for pause in (30, 60, 120):
        with pytest.raises(pauses.Refused, match="paused") as refused:
            sign_in.by_password(
                phone=LI_PHONE, password=PASSWORD, network=NET, at=at + timedelta(seconds=pause - 1)
            )
        assert refused.value.wait_seconds <= 2
        at += timedelta(seconds=pause)
        with pytest.raises(pauses.Refused, match="wrong"):
            sign_in.by_password(phone=LI_PHONE, password="x", network=NET, at=at)  # noqa: S106


def test_the_pause_does_not_shut_the_person_out_from_elsewhere(li: models.Account, outbox: Outbox) -> None:
    for _ in range(12):
        with pytest.raises(pauses.Refused):
            sign_in.by_password(phone=LI_PHONE, password="x", network=NET, at=AT)  # noqa: S106
    assert (
        sign_in.by_password(phone=LI_PHONE, password=PASSWORD, network="198.51.100.0/24", at=AT).pk == li.pk
    )
    client = Client()
    ask_code(client, LI_PHONE)
    give_code(client, outbox, LI_PHONE)
    assert who(client) == li.pk


def test_success_and_a_quiet_quarter_of_an_hour_forget_the_failures(li: models.Account) -> None:
    def fail(times: int, at: object) -> None:
        for _ in range(times):
            with pytest.raises(pauses.Refused, match="wrong"):
                sign_in.by_password(phone=LI_PHONE, password="x", network=NET, at=at)  # type: ignore[arg-type]  # noqa: S106

    fail(9, AT)
    sign_in.by_password(phone=LI_PHONE, password=PASSWORD, network=NET, at=AT)
    fail(9, AT)
    later = AT + timedelta(minutes=15, seconds=1)
    fail(9, later)


def test_a_paused_page_says_how_long_and_sends_retry_after(client: Client, li: models.Account) -> None:
    for _ in range(10):
        come_in(client, password="x")  # noqa: S106
    response = come_in(client)
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 31
    assert "30" in response.content.decode() or "29" in response.content.decode()


@pytest.mark.urls("linli.people.tests.urls")
def test_of_sixty_parallel_guesses_ten_are_heard(committed_db: None, outbox: Outbox, roster: Roster) -> None:
    resident()

    def guess(number: int) -> str:
        try:
            sign_in.by_password(phone=LI_PHONE, password=f"guess {number}", network=NET, at=AT)
        except pauses.Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "in"

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(guess, range(60)))
    assert answers.count("wrong") == 10
    assert answers.count("paused") == 50


def test_one_phone_hears_sixty_passwords_an_hour_from_everywhere(li: models.Account) -> None:
    for number in range(60):
        with pytest.raises(pauses.Refused, match="wrong"):
            sign_in.by_password(phone=LI_PHONE, password="x", network=f"10.0.{number}.0/24", at=AT)  # noqa: S106
    with pytest.raises(pauses.Refused, match="use_code"):
        sign_in.by_password(phone=LI_PHONE, password=PASSWORD, network="10.1.0.0/24", at=AT)


def test_asking_for_a_code_says_the_same_for_known_and_unknown_phones(
    li: models.Account, outbox: Outbox
) -> None:
    pages = [ask_code(Client(), phone) for phone in (LI_PHONE, NEW_PHONE)]
    assert [page.status_code for page in pages] == [200, 200]
    assert [page.templates[0].name for page in pages] == ["people/code_give.html"] * 2
    assert {phone for phone, _, _ in outbox.sent} == {LI_PHONE, NEW_PHONE}


def test_it_signs_in_by_code(client: Client, li: models.Account, outbox: Outbox) -> None:
    ask_code(client, LI_PHONE)
    assert give_code(client, outbox, LI_PHONE, next="/me/")["Location"] == "/me/"
    assert who(client) == li.pk


def test_a_new_phone_opens_an_account_with_consent_on_record(
    client: Client, db: None, outbox: Outbox, roster: Roster
) -> None:
    ask_code(client, NEW_PHONE)
    page = give_code(client, outbox, NEW_PHONE)
    given = {"proof": page.context["proof"], "name": "赵敏", "grown": "on", "account": "on", "notices": "on"}
    assert client.post("/sign-up/", {**given, "account": ""}).status_code == 422
    assert client.post("/sign-up/", {**given, "grown": ""}).status_code == 422
    assert not models.Account.objects.exists()
    assert client.post("/sign-up/", given).status_code == 302
    account = models.Account.objects.get()
    assert (account.level, account.name, account.short_name) == (2, "赵敏", "赵*")
    assert {consent.purpose for consent in queries.consents_of(account.pk)} == {"account", "notices"}
    assert all(consent.text_version == rules.TEXT_VERSION for consent in queries.consents_of(account.pk))
    assert not account.has_usable_password()
    assert who(client) == account.pk
    assert AuditEntry.objects.filter(verb="people.sign_up", object=f"account:{account.pk}").exists()


def test_nobody_signs_up_without_having_proved_the_phone(client: Client, db: None) -> None:
    given = {"name": "赵敏", "grown": "on", "account": "on"}
    for proof in ("", "x", "WyIrODYxMzgxMTExMDAwMyIsbnVsbF0:forged:signature"):
        assert client.post("/sign-up/", {**given, "proof": proof}).status_code == 302
    assert not models.Account.objects.exists()


def test_the_proof_cannot_open_a_second_account(
    client: Client, db: None, outbox: Outbox, roster: Roster
) -> None:
    ask_code(client, NEW_PHONE)
    proof = give_code(client, outbox, NEW_PHONE).context["proof"]
    given = {"proof": proof, "name": "赵敏", "grown": "on", "account": "on"}
    client.post("/sign-up/", given)
    Client().post("/sign-up/", given)
    assert models.Account.objects.count() == 1


def test_bad_input_is_refused_politely(client: Client, db: None) -> None:
    for phone in ("", "abc", "1" * 5000, "\x00", "13800000000; DROP"):
        assert come_in(client, phone=phone).status_code == 422
        assert ask_code(client, phone).status_code == 422
    assert client.post("/sign-in/code/", {"phone": LI_PHONE, "code": "\x00"}).status_code == 422
    assert client.post("/sign-in/again/", {"proof": "x"}).status_code == 302


def test_staff_are_signed_out_after_half_an_hour_of_silence(client: Client, wang: models.Account) -> None:
    come_in(client, phone="13811110002")
    assert client.session[sessions.STAFF] is True
    session = client.session
    session[sessions.SEEN] -= 29 * 60
    session.save()
    assert client.get("/desk/").status_code == 200
    assert client.session[sessions.SEEN] > session[sessions.SEEN]
    session = client.session
    session[sessions.SEEN] -= 31 * 60
    session.save()
    assert client.get("/desk/")["Location"] == "/sign-in/?next=%2Fdesk%2F"
    assert client.get("/desk/").status_code == 302


def test_a_clock_that_was_set_back_does_not_lengthen_a_session(client: Client, wang: models.Account) -> None:
    come_in(client, phone="13811110002")
    session = client.session
    session[sessions.SEEN] += 2 * 3600
    session.save()
    assert client.get("/desk/").status_code == 200
    assert client.session[sessions.SEEN] < session[sessions.SEEN] - 3600


def test_residents_stay_signed_in(client: Client, li: models.Account) -> None:
    come_in(client)
    session = client.session
    session[sessions.SEEN] -= 5 * 24 * 3600
    session.save()
    assert client.get("/desk/").status_code == 200


def test_changing_the_phone_needs_its_code_and_the_password(
    client: Client, li: models.Account, outbox: Outbox
) -> None:
    come_in(client)
    client.post("/me/phone/", {"phone": NEW_PHONE})
    code = outbox.last_code(NEW_PHONE)
    prove = {"phone": NEW_PHONE, "code": code, "password": PASSWORD}
    assert client.post("/me/phone/", {**prove, "password": "wrong one"}).status_code == 422
    assert (
        client.post("/me/phone/", {**prove, "code": "000000" if code != "000000" else "1"}).status_code == 422
    )
    assert client.post("/me/phone/", prove).status_code == 302
    assert queries.account_by_phone(LI_PHONE) is None
    found = queries.account_by_phone(NEW_PHONE)
    assert found is not None
    assert found.pk == li.pk
    assert who(client) == li.pk


def test_a_phone_of_somebody_else_stays_theirs(client: Client, li: models.Account, outbox: Outbox) -> None:
    other = resident(NEW_PHONE, "赵敏")
    come_in(client)
    client.post("/me/phone/", {"phone": NEW_PHONE})
    prove = {"phone": NEW_PHONE, "code": outbox.last_code(NEW_PHONE), "password": PASSWORD}
    assert client.post("/me/phone/", prove).status_code == 422
    found = queries.account_by_phone(NEW_PHONE)
    assert found is not None
    assert found.pk == other.pk


def test_staff_open_an_account_only_once_for_a_phone(li: models.Account) -> None:
    from linli.kernel import access  # noqa: PLC0415

    profile = accounts.Profile(name="周全", language="zh-hans", elder=False)
    same = accounts.open_account(actor=access.SYSTEM, phone=LI_PHONE, profile=profile, at=AT)
    assert same.pk == li.pk
    assert same.name == "李芳"
    with pytest.raises(access.Forbidden):
        accounts.open_account(actor=access.ANONYMOUS, phone=NEW_PHONE, profile=profile, at=AT)
