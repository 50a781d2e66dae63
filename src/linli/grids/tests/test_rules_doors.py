"""Pure rules of what hangs at doors: nameplates, posters, and how long a home is proved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.grids.rules import homes
from linli.grids.rules.nameplates import Plate, faults, tidy
from linli.grids.rules.posters import PAGE, Layout, fitted, runs, sheets, spots, width_of

TODAY = date(2026, 11, 23)
PLATE = Plate(hours_zh="周一至周五", phone="0851-8555 0001", languages=("english", "mandarin"))


def wrong(plate: Plate) -> list[tuple[str, str]]:
    found = faults(
        plate,
        personal=lambda words: "138" in words,
        private=lambda phone: phone == "13900000000",
        serves={7}.__contains__,
    )
    return [(fault.field, fault.code) for fault in found]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"phone": "13911112222"}, []),  # a mobile of the office
        ({"phone": "13900000000"}, [("phone", "private_phone")]),  # somebody signs in with it
        ({"phone": "ring"}, [("phone", "not_a_phone")]),
        ({"hours_zh": "找 13800000000"}, [("hours_zh", "personal")]),
        ({"hours_en": "x" * 121}, [("hours_en", "too_long")]),
        ({"away_from_date": TODAY}, [("away_last_date", "both_days")]),
        ({"away_last_date": TODAY}, [("away_from_date", "both_days")]),
        (
            {"away_from_date": TODAY, "away_last_date": TODAY - timedelta(days=1)},
            [("away_last_date", "ends_before_it_begins")],
        ),
        (
            {"away_from_date": TODAY, "away_last_date": TODAY + timedelta(days=400)},
            [("away_last_date", "too_many_days")],
        ),
        ({"away_from_date": TODAY, "away_last_date": TODAY, "stand_in_id": 7}, []),
        (
            {"away_from_date": TODAY, "away_last_date": TODAY, "stand_in_id": 8},
            [("stand_in", "nobody_there")],
        ),
    ],
)
def test_a_plate_says_what_is_wrong_with_it(
    change: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    assert wrong(replace(PLATE, **change)) == expected  # type: ignore[arg-type]


def test_both_days_away_count_and_nobody_stands_in_for_whom_is_there() -> None:
    away = replace(PLATE, away_from_date=TODAY, away_last_date=TODAY + timedelta(days=1), stand_in_id=7)
    assert [away.is_away(TODAY + timedelta(days=days)) for days in (-1, 0, 1, 2)] == [
        False,
        True,
        True,
        False,
    ]
    assert tidy(away).stand_in_id == 7
    assert tidy(replace(PLATE, stand_in_id=7)).stand_in_id is None
    assert tidy(PLATE).languages == ("mandarin", "english")


@pytest.mark.parametrize(
    ("left", "said", "expected"),
    [
        (31, None, None),
        (30, None, 30),
        (29, 30, None),
        (7, 30, 7),
        (7, None, 7),  # the first was missed: only the nearest is said
        (3, 7, None),
        (0, None, 7),
        (-1, None, None),
    ],
)
def test_a_reminder_is_due_once_a_month_and_once_a_week_before(
    left: int, said: int | None, expected: int | None
) -> None:
    assert homes.reminder(TODAY + timedelta(days=left), TODAY, reminded_days=said) == expected


def test_a_proof_holds_on_its_last_day() -> None:
    assert not homes.has_run_out(TODAY, TODAY)
    assert homes.has_run_out(TODAY - timedelta(days=1), TODAY)
    assert [homes.renewable(TODAY + timedelta(days=days), TODAY) for days in (60, 61)] == [True, False]


def test_stickers_cover_the_sheet_and_none_lies_over_another() -> None:
    every = spots()
    assert len(every) == 24
    assert len({(round(spot.left), round(spot.bottom)) for spot in every}) == 24
    assert sum(spot.width * spot.height for spot in every) == pytest.approx(PAGE[0] * PAGE[1])
    assert min(spot.bottom for spot in every) == pytest.approx(0)
    assert [sheets(Layout.STICKERS, codes) for codes in (1, 24, 25)] == [1, 1, 2]


@settings(max_examples=60)
@given(st.text(min_size=1, max_size=80), st.floats(40, 400))
def test_a_name_stays_in_its_room_whatever_it_is(text: str, room: float) -> None:
    size, lines = fitted(text, room=room, size=30, least=10)
    assert len(lines) <= 2
    assert 10 <= size <= 30
    assert all(width_of(line) * size <= room + 10 for line in lines)  # the dots may stick out by one letter


@given(st.lists(st.integers(0, 1), max_size=40))
def test_dark_stretches_are_the_row_again(row: list[int]) -> None:
    again = [0] * len(row)
    for start, length in runs(row):
        again[start : start + length] = [1] * length
    assert again == row
