from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from linli.kernel import keys, numbering


def test_a_case_number_begins_with_the_local_day() -> None:
    number = numbering.case_number(datetime(2026, 11, 22, 17, 0, tzinfo=UTC))
    assert re.fullmatch(r"261123\d{6}", number)


def test_case_numbers_do_not_count_cases() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    found = [numbering.case_number(at) for _ in range(300)]
    assert len(set(found)) > 295
    assert found != sorted(found)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        numbering.case_number(datetime(2026, 11, 23))  # noqa: DTZ001  (that is the test)


@pytest.mark.parametrize(
    "typed",
    [
        "261123048213",
        "261123-048213",
        " 261123 048213 ",
        "２６１１２３－０４８２１３",
        "2611 2304 8213",
        "#261123—048213",
    ],
)
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert numbering.parse_number(typed) == "261123048213"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "26112304821",
        "2611230482133",
        "261323048213",
        "260230048213",
        "26112304821x",
        "9" * 100_000,
        "٢٦١١٢٣٠٤٨٢١٣",
    ],
)
def test_what_is_no_number_is_none(typed: str) -> None:
    assert numbering.parse_number(typed) is None


def test_a_number_is_shown_in_two_groups() -> None:
    assert numbering.pretty_number("261123048213") == "261123-048213"
    assert numbering.pretty_number("x") == "x"


def test_a_code_has_80_bits_in_four_groups() -> None:
    codes = {numbering.secret_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)
    assert {letter for code in codes for letter in code} - {"-"} == set(numbering.CODE_ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        "7K3M-9QWX-0AB1-ZT2F",
        "7k3m9qwx0ab1zt2f",
        "7K3M 9QWX OAB1 ZT2F",
        "7k3m-9qwx-oabI-zt2f",
        "７Ｋ３Ｍ９ｑｗｘ０ＡＢｌＺＴ２Ｆ",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert numbering.parse_code(typed) == "7K3M9QWX0AB1ZT2F"


@pytest.mark.parametrize("typed", ["", "7K3M-9QWX-0AB1", "7K3M-9QWX-0AB1-ZT2U", "x" * 100_000])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert numbering.parse_code(typed) is None


def test_a_digest_knows_its_code_and_no_other() -> None:
    code = numbering.secret_code()
    digest = numbering.code_digest(code)
    assert len(digest) == 32
    assert numbering.code_matches(code.lower(), digest)
    assert not numbering.code_matches(numbering.secret_code(), digest)
    assert not numbering.code_matches("nonsense", digest)
    # What stands in for an unreadable code is not itself a way in.
    assert not numbering.code_matches("nonsense", numbering.code_digest("0000-0000-0000-0000"))


def test_a_code_given_out_before_the_key_was_exchanged_still_works() -> None:
    ring = keys.keyring()
    code = numbering.secret_code()
    digest = numbering.code_digest(code)
    keys.use(ring.with_new_key("receipt"))
    try:
        assert numbering.code_digest(code) != digest
        assert numbering.code_matches(code, digest)
    finally:
        keys.use(ring)
