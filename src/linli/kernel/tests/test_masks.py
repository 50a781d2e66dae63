from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import masks

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("0851-88881234", "0851****1234"),
        ("010 6666 1234", "010****1234"),
        ("+1 415 555 2671", "+14****71"),
        ("12345", "****"),
        ("", ""),
    ],
)
def test_a_phone_is_masked(value: str, shown: str) -> None:
    assert masks.mask_phone(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("张三", "张*"),
        ("王小明", "王**"),
        ("欧阳小青", "欧阳**"),
        ("欧阳", "欧*"),
        ("张", "*"),
        ("John Smith", "J*** S***"),
        ("阿依古丽·买买提", "阿***·***"),
        ("Mary-Ann", "M***-A***"),
        (" 张三 ", "张*"),
        ("𠮷田", "𠮷*"),
        ("", ""),
    ],
)
def test_a_name_is_masked(value: str, shown: str) -> None:
    assert masks.mask_name(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [("11010519491231002x", "110105********002X"), ("E12345678", "E1*****78"), ("1234", "****"), ("", "")],
)
def test_an_identity_number_is_masked(value: str, shown: str) -> None:
    assert masks.mask_id(value) == shown


def test_cards_plates_and_mails_are_masked() -> None:
    assert masks.mask_bank("6222 0212 3456 7890 128") == "**** 0128"
    assert masks.mask_plate("贵A·12345") == "贵A***45"
    assert masks.mask_email("lili@example.com") == "l***@example.com"
    assert masks.mask_email("nonsense") == "***"


@given(st.text(max_size=30))
def test_no_mask_fails_or_gives_the_value_back(value: str) -> None:
    for mask in (masks.mask_phone, masks.mask_name, masks.mask_id, masks.mask_bank, masks.mask_plate):
        shown = mask(value)
        assert not shown.strip() or "*" in shown or len(value.strip()) == 0
