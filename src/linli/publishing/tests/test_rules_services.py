"""What a service must say, in which order services stand, and what is found by which words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from linli.publishing.queries_services import pieces
from linli.publishing.rules_services import Sheet, faults, found, ordered, tidy

MONDAY = date(2026, 11, 23)
GOOD = Sheet("papers", "居住证申领", "到窗口办理。", MONDAY)


def wrong(sheet: Sheet) -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in faults(sheet, personal=lambda words: "138" in words)]


def test_a_name_and_words_are_enough_and_no_last_day_is_needed() -> None:
    assert wrong(GOOD) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name_zh": ""}, ("name_zh", "missing")),
        ({"name_en": "Permit"}, ("words_en", "half_english")),
        ({"whom_zh": "人" * 301}, ("whom_zh", "too_long")),
        ({"papers_zh": "找 13800000000"}, ("papers_zh", "personal")),
        ({"phone": "13800000000"}, ("phone", "personal")),
        ({"phone": "call me"}, ("phone", "not_a_phone")),
        ({"link": "javascript:alert(1)"}, ("link", "not_a_link")),
        ({"online": True}, ("link", "online_where")),
        ({"last_date": MONDAY - timedelta(days=1)}, ("last_date", "ends_before_it_begins")),
    ],
)
def test_each_fault_is_named_at_its_field(change: dict[str, object], fault: tuple[str, str]) -> None:
    assert wrong(replace(GOOD, **change)) == [fault]  # type: ignore[arg-type]


def test_papers_stand_one_a_line_without_empty_ones() -> None:
    assert tidy(replace(GOOD, papers_zh=" 身份证 \r\n\r\n 照片 ")).papers_zh == "身份证\n照片"


@dataclass(frozen=True)
class Row:
    heads: str
    rest: str = ""
    depth: int = 0
    rank: int = 50


PERMIT, CARD, MEALS = (
    Row("居住证申领 residence permit"),
    Row("老年人优待证", "带身份证来"),
    Row("老年食堂", "中午送餐"),
)
ALL = [PERMIT, CARD, MEALS]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("怎么办居住证", [PERMIT]),
        ("老年", [CARD, MEALS]),
        ("身份证", [CARD]),
        ("RESIDENCE", [PERMIT]),
        ("送餐", [MEALS]),
        ("结婚登记", []),
        ("餐", [MEALS]),
        ("  ", ALL),
        ("🚰", ALL),
    ],
)
def test_what_somebody_looks_for_is_found_by_most_of_its_pieces(typed: str, expected: list[Row]) -> None:
    assert found(ALL, pieces(typed)) == expected


def test_the_nearest_stand_first_then_the_communitys_order() -> None:
    far, near, second = Row("a", rank=1), Row("b", depth=2, rank=9), Row("c", rank=2)
    assert ordered([second, far, near]) == [near, far, second]
