from __future__ import annotations

import random
from datetime import date

import pytest

from linli.kernel import identity

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
    ],
)
def test_a_true_identity_number_is_taken(number: str) -> None:
    assert identity.is_id_number(number)


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",
        "11010519491331002X",
        "110105189912310024",
        "1101051949123100",
        "",
        "abc",
        "11010519490229002X",
    ],
)
def test_a_false_identity_number_is_refused(number: str) -> None:
    assert not identity.is_id_number(number)


def test_every_single_wrong_digit_is_noticed() -> None:
    number = "11010519491231002X"
    for place in range(17):
        for digit in "0123456789":
            changed = number[:place] + digit + number[place + 1 :]
            assert identity.is_id_number(changed) == (changed == number)


def test_nobody_is_born_after_today() -> None:
    body = "11010520261124001"
    number = body + identity.id_check(body)
    assert identity.is_id_number(number, today=date(2026, 11, 24))
    assert not identity.is_id_number(number, today=date(2026, 11, 23))


def test_an_old_number_is_made_long() -> None:
    assert identity.id_number("110105491231002") == "11010519491231002X"
    assert identity.is_id_number("110105491231002")
    assert identity.birth_date("110105491231002") == date(1949, 12, 31)


def test_the_seventeenth_digit_tells_the_sex() -> None:
    assert identity.is_male("11010519491231002X") is False
    assert identity.is_male("110105194912310011") is True
    assert identity.is_male("no") is None


def test_cards_of_other_holders_are_read_alike() -> None:
    for head in ("810000", "820000", "830000", "911101"):
        body = f"{head}19900307001"
        assert identity.is_id_number(body + identity.id_check(body))


@pytest.mark.parametrize("code", ["91110000600037341L", "91110000600037341l", "9111 0000 6000 3734 1L"])
def test_a_true_credit_code_is_taken(code: str) -> None:
    assert identity.is_uscc(code)


def test_credit_codes_differ_in_every_digit_and_know_no_i_o_s_v_z() -> None:
    code = "91110000600037341L"
    for place in range(17):
        for letter in identity.USCC_ALPHABET:
            changed = code[:place] + letter + code[place + 1 :]
            assert identity.is_uscc(changed) == (changed == code)
    for letter in "IOSVZ":
        assert not identity.is_uscc(code[:-2] + letter + code[-1])


def test_a_remainder_of_nothing_gives_check_nought() -> None:
    seeded = random.Random(11)
    found = set()
    for _ in range(3000):
        body = "".join(seeded.choice(identity.USCC_ALPHABET) for _ in range(17))
        fitting = [letter for letter in identity.USCC_ALPHABET if identity.is_uscc(body + letter)]
        assert len(fitting) == 1
        found.add(fitting[0])
    assert "0" in found


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13812345678", "+8613812345678"),
        ("138-1234-5678", "+8613812345678"),
        ("+86 138 1234 5678", "+8613812345678"),
        ("8613812345678", "+8613812345678"),
        ("0086 13812345678", "+8613812345678"),
        ("１３８１２３４５６７８", "+8613812345678"),
        ("0851-88881234", "+8685188881234"),
        ("(010) 6666 1234", "+861066661234"),
        ("+1 (415) 555-2671", "+14155552671"),
        ("0044 20 7946 0958", "+442079460958"),
        ("12345", "12345"),
        ("12812345678", "12812345678"),
        ("", ""),
    ],
)
def test_a_phone_has_one_normal_form(typed: str, normal: str) -> None:
    assert identity.phone(typed) == normal
    assert identity.phone(normal) == normal


@pytest.mark.parametrize(
    ("typed", "yes"),
    [
        ("138 1234 5678", True),
        ("12812345678", False),
        ("0851-88881234", False),
        ("+14155552671", False),
        ("138123456789", False),
    ],
)
def test_mobiles_are_told_from_other_phones(typed: str, yes: bool) -> None:
    assert identity.is_mobile(typed) is yes


@pytest.mark.parametrize(
    "number", ["贵A12345", "贵A·12345", "京ADF1234", "京A12345D", "粤Z1234港", "沪A1234学", "贵a12345"]
)
def test_plates_of_cars_old_and_new_are_taken(number: str) -> None:
    assert identity.is_plate(number)


@pytest.mark.parametrize(
    "number", ["贵A1234", "贵A1234I", "贵O12345", "A12345", "贵A123456", "京ALF1234", ""]
)
def test_what_no_car_carries_is_refused(number: str) -> None:
    assert not identity.is_plate(number)


def test_luhn_notices_a_changed_or_swapped_digit() -> None:
    number = "6222021234567890128"
    assert identity.passes_luhn(number)
    for place in range(len(number)):
        assert not identity.passes_luhn(
            number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        )
