"""七清七掌握: fourteen items, evaluators who are others, marks that say why."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from linli.assessment.rules.checklist import (
    CODES,
    Half,
    Sheet,
    draw,
    evaluated,
    evaluators,
    faults,
    quarter,
    questions,
    shipped,
    wrong_marks,
)


def test_what_is_shipped_is_seven_and_seven_and_says_that_it_is_an_example() -> None:
    items = shipped()
    assert Counter(item.half for item in items) == {Half.CLEAR: 7, Half.GRASP: 7}
    assert all(item.example for item in items)
    assert faults(items) == ()


def test_a_list_of_other_lengths_or_without_words_is_refused() -> None:
    items = shipped()
    assert ("", "seven_and_seven") in faults(items[:-1])
    assert ("clear_1", "missing") in faults((replace(items[0], words_zh=" "), *items[1:]))
    assert ("clear_1", "too_long") in faults((replace(items[0], words_zh="长" * 81), *items[1:]))


@settings(max_examples=40)
@given(st.text(min_size=1, max_size=8), st.integers(1, 50), st.integers(0, 14))
def test_questions_are_drawn_from_both_halves_and_the_same_again(seed: str, who: int, most: int) -> None:
    found = questions(seed, who, most)
    assert found == questions(seed, who, most)
    assert len(found) == most
    assert abs(sum(code.startswith("clear") for code in found) * 2 - most) <= 1
    assert [code for code in CODES if code in found] == found


def test_others_are_asked_about_other_things() -> None:
    assert len({tuple(questions("2026Q4", who, 6)) for who in range(12)}) > 6


def test_nobody_evaluates_oneself_and_the_work_is_shared() -> None:
    busy: Counter[int] = Counter()
    for who in range(1, 9):
        found = evaluators("s", who, range(1, 9), most=2, busy=busy)
        assert who not in found
        busy.update(found)
    assert set(busy.values()) == {2}
    assert evaluators("s", 1, [1], most=2) == []


def test_every_thing_has_the_same_chance() -> None:
    drawn = Counter(one for who in range(600) for one in draw("s", who, range(10), 3))
    assert all(120 < count < 240 for count in drawn.values())


def test_a_mark_that_is_not_full_says_what_was_missing() -> None:
    asked = ["clear_1", "clear_2", "grasp_1"]
    marks = {"clear_1": 3, "clear_2": 2}
    assert wrong_marks(marks, asked, {}) == [("clear_2", "no_evidence"), ("grasp_1", "no_mark")]
    assert wrong_marks({**marks, "grasp_1": 4}, asked, {"clear_2": "漏了两户"}) == [("grasp_1", "no_mark")]
    assert wrong_marks({**marks, "grasp_1": 0}, asked, {"clear_2": "漏", "grasp_1": "字" * 501}) == [
        ("grasp_1", "too_long")
    ]


def test_all_marks_count_and_evaluators_far_apart_are_seen() -> None:
    found = evaluated(
        [
            Sheet(1, 7, {"clear_1": 3, "grasp_1": 3}),
            Sheet(2, 8, {"clear_1": 0, "grasp_1": 3}),
            Sheet(3, 9, {}),
        ]
    )
    assert (found.numerator, found.denominator, found.sheets) == (9, 12, (1, 2))
    assert (found.share, found.apart) == (Fraction(3, 4), Fraction(1, 2))
    assert evaluated([]).share is None


def test_quarters_begin_and_end_where_the_year_says() -> None:
    assert quarter(date(2026, 11, 23)) == (date(2026, 10, 1), date(2027, 1, 1))
    assert quarter(date(2026, 1, 1)) == (date(2026, 1, 1), date(2026, 4, 1))
    assert quarter(date(2026, 9, 30)) == (date(2026, 7, 1), date(2026, 10, 1))
