from __future__ import annotations

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection
from django.test import Client

from linli.kernel import access
from linli.people import models, rules
from linli.people.actions import pauses, second_factors
from linli.people.cli import people
from linli.people.tests.conftest import AT, Outbox, Roster, resident, sign_in
from linli.people.tests.softkey import SoftKey

pytestmark = [pytest.mark.django_db, pytest.mark.urls("linli.people.tests.urls")]
CHECK = "/me/second-factor/check/"


def code_now(secret: str, steps: int = 0, at: float | None = None) -> str:
    moment = time.time() if at is None else at
    return rules.totp_code(base64.b32decode(secret), int(moment) // 30 + steps)


def with_app(account: models.Account) -> tuple[str, list[str]]:
    """Set up an app an hour before AT, so that its codes of today are unused."""
    secret = second_factors.new_secret()
    then = AT - timedelta(hours=1)
    codes = second_factors.add_app(
        account_id=account.pk, secret=secret, code=code_now(secret, at=then.timestamp()), at=then
    )
    return secret, codes


def secret_on(page: Any) -> str:
    return str(page.context["secret"]).replace(" ", "")


def test_staff_without_a_second_factor_are_led_to_set_one_up(
    client: Client, wang: models.Account, settings: Any
) -> None:
    settings.LINLI_STAFF_MFA = True
    response = sign_in(client, phone="13811110002", next="/desk/cases/")
    assert response["Location"] == "/me/second-factor/?next=%2Fdesk%2Fcases%2F"
    assert "ll-notice" in client.get("/me/second-factor/").content.decode()


def test_residents_are_not_asked(client: Client, li: models.Account, settings: Any) -> None:
    settings.LINLI_STAFF_MFA = True
    assert sign_in(client)["Location"] == "/"


def test_an_app_is_set_up_and_then_asked_for_at_each_sign_in(client: Client, wang: models.Account) -> None:
    sign_in(client, phone="13811110002")
    secret = secret_on(client.get("/me/second-factor/app/"))
    assert client.post("/me/second-factor/app/", {"code": "000000"}).status_code == 422
    assert secret_on(client.get("/me/second-factor/app/")) != secret
    secret = secret_on(client.get("/me/second-factor/app/"))
    page = client.post("/me/second-factor/app/", {"code": code_now(secret), "next": "/desk/"})
    assert len(page.context["codes"]) == 10
    assert client.get("/me/second-factor/").status_code == 200

    again = Client()
    assert sign_in(again, phone="13811110002", next="/desk/")["Location"] == f"{CHECK}?next=%2Fdesk%2F"
    for door in ("/me/tokens/", "/me/data/", "/me/password/", "/me/second-factor/", "/me/phone/"):
        if door != "/me/tokens/":
            assert again.get(door)["Location"].startswith(CHECK), door
    before = again.cookies[settings.SESSION_COOKIE_NAME].value
    right = {"code": code_now(secret, +1), "next": "/desk/"}
    assert again.post(CHECK, right)["Location"] == "/desk/"
    assert again.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert again.get("/me/data/").status_code == 200


def test_signing_in_again_asks_again(client: Client, li: models.Account) -> None:
    secret, _ = with_app(li)
    sign_in(client)
    client.post(CHECK, {"code": code_now(secret)})
    assert client.get("/me/data/").status_code == 200
    sign_in(client)
    assert client.get("/me/data/").status_code == 302


def test_an_apps_code_counts_once(li: models.Account) -> None:
    secret, _ = with_app(li)
    code = code_now(secret, at=AT.timestamp())
    assert second_factors.check_code(account_id=li.pk, code=code, at=AT) == "totp"
    for later in (0, 10, 29):
        with pytest.raises(second_factors.WrongFactor):
            second_factors.check_code(account_id=li.pk, code=code, at=AT + timedelta(seconds=later))


def test_of_twenty_equal_codes_at_once_one_counts(committed_db: None, outbox: Outbox, roster: Roster) -> None:
    account = resident()
    secret, _ = with_app(account)
    code = code_now(secret, at=AT.timestamp())

    def once(_number: int) -> bool:
        try:
            second_factors.check_code(account_id=account.pk, code=code, at=AT)
        except (second_factors.WrongFactor, pauses.Refused):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(once, range(20))).count(True) == 1


def test_guessing_is_slowed_down(li: models.Account) -> None:
    secret, _ = with_app(li)
    for number in range(10):
        with pytest.raises(second_factors.WrongFactor):
            second_factors.check_code(account_id=li.pk, code=f"{number:09d}", at=AT)
    with pytest.raises(pauses.Refused):
        second_factors.check_code(account_id=li.pk, code=code_now(secret, at=AT.timestamp()), at=AT)


def test_a_recovery_code_opens_once_and_only_its_own_door(li: models.Account, wang: models.Account) -> None:
    _, codes = with_app(li)
    with_app(wang)
    with pytest.raises(second_factors.WrongFactor):
        second_factors.check_code(account_id=wang.pk, code=codes[0], at=AT)
    assert second_factors.check_code(account_id=li.pk, code=codes[0], at=AT) == "recovery"
    with pytest.raises(second_factors.WrongFactor):
        second_factors.check_code(account_id=li.pk, code=codes[0], at=AT)


def test_new_recovery_codes_end_the_old_ones(li: models.Account) -> None:
    _, old = with_app(li)
    new = second_factors.renew_recovery_codes(account_id=li.pk, at=AT)
    assert len(new) == 10
    with pytest.raises(second_factors.WrongFactor):
        second_factors.check_code(account_id=li.pk, code=old[1], at=AT)
    assert second_factors.check_code(account_id=li.pk, code=new[1], at=AT) == "recovery"


def test_the_secret_is_sealed(li: models.Account) -> None:
    secret, _ = with_app(li)
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(secret, 'escape') FROM people_secondfactor WHERE kind = 'totp'")
        held = cursor.fetchone()[0]
    assert secret not in held
    assert models.SecondFactor.objects.get(kind="totp").secret == secret


def test_the_waiting_secret_is_sealed_in_the_session(client: Client, li: models.Account) -> None:
    sign_in(client)
    secret = secret_on(client.get("/me/second-factor/app/"))
    assert secret not in json.dumps(dict(client.session.items()))


def test_the_last_factor_takes_the_recovery_codes_with_it(li: models.Account, wang: models.Account) -> None:
    with_app(li)
    app = models.SecondFactor.objects.get(account=li, kind="totp")
    with pytest.raises(access.NotFound):
        second_factors.remove_factor(account_id=wang.pk, factor_id=app.pk, at=AT)
    second_factors.remove_factor(account_id=li.pk, factor_id=app.pk, at=AT)
    assert not models.SecondFactor.objects.filter(account=li).exists()


# Keys


def make_key(client: Client, key: SoftKey) -> Any:
    options = client.get("/me/second-factor/key/", secure=True).context["options"]
    answer = json.dumps(key.make(plain(options)))
    return client.post("/me/second-factor/key/", {"answer": answer, "name": "蓝色钥匙"}, secure=True)


def plain(options: Any) -> Any:
    """What the browser reads: the options went through JSON."""
    return json.loads(json.dumps(options))


def use_key(client: Client, key: SoftKey, **change: Any) -> Any:
    options = plain(client.get(CHECK, secure=True).context["options"])
    return client.post(CHECK, {"answer": json.dumps(key.use({**options, **change}))}, secure=True)


@pytest.fixture
def keyed(client: Client, li: models.Account) -> SoftKey:
    """Li Fang's key."""
    key = SoftKey()
    sign_in(client)
    assert len(make_key(client, key).context["codes"]) == 10
    return key


def test_a_key_opens_the_door(li: models.Account, keyed: SoftKey) -> None:
    client = Client()
    sign_in(client)
    assert use_key(client, keyed)["Location"] == "/me/"
    assert client.get("/me/data/").status_code == 200


def test_another_key_another_site_and_another_question_do_not(li: models.Account, keyed: SoftKey) -> None:
    client = Client()
    sign_in(client)
    assert use_key(client, SoftKey()).status_code == 422
    assert use_key(client, keyed, challenge="AAAAAAAAAAAAAAAAAAAAAA").status_code == 422
    assert use_key(client, keyed, rpId="evil.example").status_code == 422
    keyed.origin = "https://evil.example"
    assert use_key(client, keyed).status_code == 422
    assert client.get("/me/data/").status_code == 302


def test_an_answer_cannot_be_used_again(li: models.Account, keyed: SoftKey) -> None:
    client = Client()
    sign_in(client)
    answer = json.dumps(keyed.use(plain(client.get(CHECK, secure=True).context["options"])))
    assert client.post(CHECK, {"answer": answer}, secure=True).status_code == 302
    sign_in(client)
    assert client.post(CHECK, {"answer": answer}, secure=True).status_code == 422


def test_a_copied_key_is_noticed_by_its_counter(li: models.Account, keyed: SoftKey) -> None:
    client = Client()
    sign_in(client)
    use_key(client, keyed)
    sign_in(client)
    keyed.counter -= 1
    assert use_key(client, keyed).status_code == 422


@pytest.mark.parametrize(
    "answer",
    [
        "{}",
        "[]",
        "null",
        "not json",
        '{"id":"x"}',
        '{"id":1,"rawId":2,"response":3}',
        '{"rawId":"AA","response":{"clientDataJSON":"AA","attestationObject":"gA","authenticatorData":"AA","signature":"AA"}}',
        '{"rawId":"AA","response":{"clientDataJSON":"e30","attestationObject":"o2NmbXQ","authenticatorData":"","signature":""}}',
    ],
)
def test_nonsense_from_the_browser_is_a_wrong_answer(client: Client, li: models.Account, answer: str) -> None:
    with_app(li)
    sign_in(client)
    assert client.post(CHECK, {"answer": answer}, secure=True).status_code == 422
    other = Client()
    resident("+8613811110009", "周全")
    sign_in(other, phone="13811110009")
    other.get("/me/second-factor/key/", secure=True)
    assert other.post("/me/second-factor/key/", {"answer": answer}, secure=True).status_code == 422


def test_the_console_helps_those_who_lost_everything(client: Client, li: models.Account) -> None:
    with_app(li)
    sign_in(client)
    asked = CliRunner().invoke(people, ["reset-second-factor", "13811110001"])
    assert asked.exit_code == 0, asked.output
    assert not second_factors.has_factor(li.pk)
    assert client.get("/desk/").status_code == 302
    assert CliRunner().invoke(people, ["reset-second-factor", "13999999999"]).exit_code == 1
    assert CliRunner().invoke(people, ["reset-second-factor", "12345"]).exit_code == 2


def test_the_console_opens_the_first_account_once(db: None) -> None:
    first = CliRunner().invoke(people, ["open", "13811110001", "--name", "李芳", "--superuser", "--json"])
    again = CliRunner().invoke(people, ["open", "+86 138 1111 0001", "--name", "别人", "--json"])
    assert json.loads(first.output)["account"] == json.loads(again.output)["account"]
    account = models.Account.objects.get()
    assert (account.name, account.is_superuser, account.level) == ("李芳", True, 0)
