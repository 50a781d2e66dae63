from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from linli.kernel import limits
from linli.people import models, queries
from linli.people.actions import codes
from linli.people.tests.conftest import AT, NEW_PHONE, Outbox

SIGN_IN = models.SignInCode.Purpose.SIGN_IN
CHANGE = models.SignInCode.Purpose.CHANGE_PHONE


def send(phone: str = NEW_PHONE, network: str = "203.0.113.0/24") -> None:
    codes.send_code(phone=phone, purpose=SIGN_IN, network=network, language="zh-hans", at=AT)


def check(code: str, *, at: object = AT, purpose: models.SignInCode.Purpose = SIGN_IN) -> bool:
    return codes.check_code(phone=NEW_PHONE, purpose=purpose, code=code, at=at)  # type: ignore[arg-type]


def in_parallel(work: object, times: int) -> list[object]:
    """Do it many times at once, each on its own connection."""

    def one(number: int) -> object:
        try:
            return work(number)  # type: ignore[operator]
        except codes.TooManyCodes:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        return list(pool.map(one, range(times)))


@pytest.mark.django_db
def test_it_accepts_the_code_once(outbox: Outbox) -> None:
    send()
    code = outbox.last_code(NEW_PHONE)
    assert len(code) == 6
    assert code.isdigit()
    assert check(f" {code[:3]} {code[3:]} ")
    assert not check(code)


@pytest.mark.django_db
def test_it_keeps_neither_the_code_nor_the_phone(outbox: Outbox) -> None:
    send()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT encode(phone_index, 'escape') || encode(code_hash, 'escape') FROM people_signincode"
        )
        held = cursor.fetchone()[0]
    assert outbox.last_code(NEW_PHONE) not in held
    assert NEW_PHONE[3:] not in held


@pytest.mark.django_db
def test_it_refuses_a_late_code_and_one_for_another_purpose(outbox: Outbox) -> None:
    send()
    code = outbox.last_code(NEW_PHONE)
    assert not check(code, purpose=CHANGE)
    assert not check(code, at=AT + timedelta(minutes=5))
    assert check(code, at=AT + timedelta(minutes=4, seconds=59))


@pytest.mark.django_db
def test_the_sixth_guess_is_not_heard_even_if_it_is_right(outbox: Outbox) -> None:
    send()
    code = outbox.last_code(NEW_PHONE)
    wrong = "000000" if code != "000000" else "000001"
    assert [check(wrong) for _ in range(5)] == [False] * 5
    assert not check(code)


@pytest.mark.django_db
def test_a_new_code_takes_the_place_of_the_old_one(outbox: Outbox) -> None:
    send()
    first = outbox.last_code(NEW_PHONE)
    models.SignInCode.objects.update(tries=3)
    limits.forget()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_bucket")
    send()
    second = outbox.last_code(NEW_PHONE)
    assert models.SignInCode.objects.get().tries == 0
    assert first == second or not check(first)
    assert check(second)


@pytest.mark.django_db
def test_it_sends_once_a_minute_and_says_how_long_to_wait(outbox: Outbox) -> None:
    send()
    with pytest.raises(codes.TooManyCodes) as refused:
        send()
    assert 50 <= refused.value.wait_seconds <= 60
    assert len(outbox.sent) == 1


@pytest.mark.django_db
def test_one_network_gets_a_hundred_codes_an_hour(outbox: Outbox) -> None:
    for number in range(100):
        send(f"+86138{number:08d}")
    with pytest.raises(codes.TooManyCodes):
        send("+8613900000000")
    send("+8613900000001", network="198.51.100.0/24")


def test_of_two_hundred_wishes_at_once_one_is_heard(committed_db: None, outbox: Outbox) -> None:
    answers = in_parallel(lambda _number: send(), 200)
    assert answers.count("refused") == 199
    assert len(outbox.sent) == 1


def test_of_sixty_guesses_at_once_five_are_heard(committed_db: None, outbox: Outbox) -> None:
    send()
    code = int(outbox.last_code(NEW_PHONE))
    in_parallel(lambda number: check(f"{(code + 1 + number) % 10**6:06d}"), 60)
    assert models.SignInCode.objects.get(phone_index=queries.phone_index(NEW_PHONE)).tries == 5
    assert not check(f"{code:06d}")


def test_of_twenty_right_answers_at_once_one_counts(committed_db: None, outbox: Outbox) -> None:
    send()
    code = outbox.last_code(NEW_PHONE)
    assert in_parallel(lambda _number: check(code), 20).count(True) == 1
