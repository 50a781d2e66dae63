"""How a burden lies, how scores spread, who stands apart; what would help; by which name one stands there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from linli.assessment.rules.advice import Gain, Share, gains
from linli.assessment.rules.certificates import Term, Validity, validity
from linli.assessment.rules.fairness import lorenz, outliers, spread, steps, together
from linli.assessment.rules.naming import Naming, shown, stricter, surname


def test_the_same_load_for_all_is_a_straight_line_and_one_for_all_is_not() -> None:
    even = lorenz([3, 3, 3, 3])
    assert even.gini == 0
    assert all(people == load for people, load in even.points)
    alone = lorenz([0, 0, 0, 8])
    assert [alone.gini, alone.half] == [Fraction(3, 4), 1]
    assert lorenz([1, 3]).gini == Fraction(1, 4)
    assert [lorenz([]).gini, lorenz([0, 0]).gini] == [None, None]


def test_scores_lie_in_steps_of_ten_points() -> None:
    found = steps([0, 9_999, 10_000, 99_999, 100_000, 105_000, -5])
    assert [count for _, _, count in found] == [3, 1, 0, 0, 0, 0, 0, 0, 0, 3]
    lying = spread([10, 20, 30, 40, 50])
    assert lying is not None
    assert (lying.least, lying.lower, lying.middle, lying.upper, lying.most) == (10, 20, 30, 40, 50)
    assert spread([]) is None


def test_who_stands_far_apart_is_seen_and_nobody_else() -> None:
    usual = {who: 80_000 + 500 * who for who in range(1, 10)}
    assert outliers(usual) == {}
    assert set(outliers({**usual, 99: 20_000})) == {99}
    assert outliers({1: 1, 2: 90_000}) == {}


def test_a_scheme_that_punishes_a_heavy_load_is_seen() -> None:
    assert together([(1, 90), (2, 80), (3, 70)]) == -1
    assert together([(1, 10), (2, 20), (3, 30)]) == 1
    assert together([(1, 1)]) is None


def stairs(value: Fraction) -> int:
    return 10_000 * int(value * 10)


def test_what_helps_most_is_the_next_step_of_a_part_that_has_one() -> None:
    full = Share("full", 10, 10, 0, 100_000)
    near = Share("near", 19, 21, 2, stairs(Fraction(19, 21)))
    far = Share("far", 10, 100, 90, 10_000)
    found = gains([(full, stairs), (near, stairs), (far, stairs)], up_to=10)
    assert found == [Gain("near", 2, 10_000), Gain("far", 10, 10_000)]
    less = Share("back", 2, 10, 8, 80_000, less=True)
    assert gains([(less, lambda value: 100_000 - stairs(value))]) == [Gain("back", 1, 10_000)]
    assert gains([(Share("none", 0, 0, 0, 0), stairs)]) == []


@pytest.mark.parametrize(
    ("naming", "expected"),
    [("full", "欧阳小青"), ("surname_title", "欧阳网格员"), ("number", "网格员 07"), ("none", "网格员")],
)
def test_a_name_stands_there_as_the_community_decided(naming: str, expected: str) -> None:
    assert shown("欧阳小青", naming, title="网格员", number="07") == expected


def test_a_name_in_letters_keeps_its_first_ones_and_the_stricter_rule_wins() -> None:
    assert surname("John Smith") == "J S"
    assert shown("John Smith", "surname_title", title="grid worker", number="1") == "J S grid worker"
    assert shown("", "full", title="网格员", number="") == "网格员"
    assert stricter("full", "number") is Naming.NUMBER


def test_a_certificate_holds_until_its_last_day_and_not_once_it_was_taken_back() -> None:
    term = Term(date(2026, 1, 1), date(2026, 12, 31), None)
    assert validity(term, date(2026, 12, 31)) is Validity.VALID
    assert validity(term, date(2027, 1, 1)) is Validity.EXPIRED
    back = Term(date(2026, 1, 1), date(2026, 12, 31), datetime(2026, 2, 1, tzinfo=UTC))
    assert validity(back, date(2027, 1, 1)) is Validity.REVOKED
