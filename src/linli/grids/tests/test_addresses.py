"""Addresses as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.grids.rules.addresses import AddressBook, Building, normalised, numeral

pytestmark = pytest.mark.rules

BOOK = AddressBook(
    [
        Building(1, ("8栋", "八栋", "8号楼"), ("铝锭南院", "南院", "3网格")),
        Building(2, ("18栋",), ("铝锭南院",)),
        Building(3, ("8栋",), ("铝锭北院", "北院")),
        Building(4, ("综合楼", "文化活动中心")),
        Building(5, ("A座",)),
        Building(6, ("12号楼", "12号")),
        Building(7, ("1栋",)),
        Building(8, ("Building 20", "20")),
    ]
)


@pytest.mark.parametrize(
    ("text", "number"),
    [("八", "8"), ("十", "10"), ("十二", "12"), ("二十", "20"), ("九十九", "99"), ("一百零三", "103"),
     ("三〇一", "301"), ("一百一十二", "112")],
)  # fmt: skip
def test_numerals_are_read(text: str, number: str) -> None:
    assert numeral(text) == number


@pytest.mark.parametrize("text", ["8栋", "八栋", "8号楼", "8幢", "８ 座", "8#楼", "8#", "8 号楼"])
def test_every_word_for_a_block_is_one_word(text: str) -> None:
    assert normalised(text) == "8栋"


@pytest.mark.parametrize(
    ("address", "building", "unit", "room"),
    [
        ("铝锭南院8栋", 1, "", ""),
        ("铝锭南院八号楼2单元301", 1, "2", "301"),
        ("南院八栋二单元三〇一室", 1, "2", "301"),
        ("北院 8 幢 2-301", 3, "2", "301"),
        ("18栋楼下的路灯", 2, "", ""),
        ("十八栋东头", 2, "", ""),
        ("18幢 2 单元 3楼 301 室", 2, "2", "301"),
        ("18-2-1203", 2, "2", "1203"),
        ("综合楼门口", 4, "", ""),
        ("文化活动中心一楼大厅", 4, "", ""),
        ("Ａ座1203室", 5, "", "1203"),
        ("12号301室", 6, "", "301"),
        ("12#楼三单元", 6, "3", ""),
        ("20号楼101", 8, "", "101"),
    ],
)
def test_an_address_finds_its_building(address: str, building: int, unit: str, room: str) -> None:
    match = BOOK.match(address)
    assert match is not None
    assert (match.building_id, match.unit, match.room) == (building, unit, room)
    assert 0.5 < match.certainty <= 1


@pytest.mark.parametrize(
    "address",
    ["8栋2单元", "112号", "有一栋楼漏水", "那一栋", "楼下", "81栋", "", "5-301", "贵阳市白云区"],
)
def test_what_is_not_said_clearly_finds_nothing(address: str) -> None:
    assert BOOK.match(address) is None


def test_two_buildings_in_one_sentence_are_less_certain() -> None:
    one, two = BOOK.match("18栋前面"), BOOK.match("18栋和1栋之间")
    assert one is not None
    assert two is not None
    assert two.certainty < one.certainty


def test_naming_the_courtyard_makes_it_surer() -> None:
    with_yard, without = BOOK.match("铝锭南院18栋"), BOOK.match("18栋")
    assert with_yard is not None
    assert without is not None
    assert with_yard.certainty > without.certainty


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    match = BOOK.match(text)
    assert match is None or 0 < match.certainty <= 1
