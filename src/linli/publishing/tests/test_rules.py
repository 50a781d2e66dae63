"""What an announcement must be, and when it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from linli.publishing.rules import Draft, State, begins, faults, state, tidy

MONDAY = date(2026, 11, 23)
GOOD = Draft("周四停水", "9 时至 17 时检修水管。", MONDAY, MONDAY + timedelta(days=14))


def found(draft: Draft) -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in faults(draft, personal=lambda words: "138" in words)]


def test_chinese_alone_is_enough() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"title_zh": ""}, ("title_zh", "missing")),
        ({"words_zh": ""}, ("words_zh", "missing")),
        ({"title_en": "No water"}, ("words_en", "half_english")),
        ({"words_en": "No water."}, ("title_en", "half_english")),
        ({"title_zh": "水" * 61}, ("title_zh", "too_long")),
        ({"words_zh": "水" * 4001}, ("words_zh", "too_long")),
        ({"words_zh": "找 13800000000"}, ("words_zh", "personal")),
        ({"last_date": MONDAY - timedelta(days=1)}, ("last_date", "ends_before_it_begins")),
        ({"last_date": MONDAY + timedelta(days=366)}, ("last_date", "too_many_days")),
    ],
)
def test_each_fault_is_named_at_its_field(change: dict[str, Any], fault: tuple[str, str]) -> None:
    assert found(replace(GOOD, **change)) == [fault]


def test_one_day_is_enough() -> None:
    assert found(replace(GOOD, last_date=MONDAY)) == []


def test_breaks_leave_titles_and_stay_in_words() -> None:
    made = tidy(replace(GOOD, title_zh=" 周四\n停水 ", words_zh=" 一\r\n二 "))
    assert (made.title_zh, made.words_zh) == ("周四 停水", "一\n二")


@pytest.mark.parametrize(
    ("days", "expected"), [(-1, State.COMING), (0, State.STANDING), (14, State.STANDING), (15, State.PAST)]
)
def test_both_days_stand(days: int, expected: State) -> None:
    told = {"from_date": GOOD.from_date, "last_date": GOOD.last_date, "today": MONDAY + timedelta(days=days)}
    assert state(withdrawn=False, **told) is expected
    assert state(withdrawn=True, **told) is State.WITHDRAWN


@pytest.mark.parametrize(
    ("hours", "expected"), [(-1, False), (0, False), (7.9, False), (8, True), (23, True), (30, True)]
)
def test_what_was_written_ahead_is_told_from_the_morning_of_its_first_day(
    hours: float, expected: bool
) -> None:
    midnight = datetime.combine(MONDAY, datetime.min.time())
    assert begins(MONDAY, at=midnight + timedelta(hours=hours)) is expected
