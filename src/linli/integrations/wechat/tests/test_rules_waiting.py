"""How long a call stood in line, whatever the two clocks say."""

from __future__ import annotations

import pytest

from linli.integrations.wechat.rules.waiting import WINDOW_SECONDS, Line

pytestmark = pytest.mark.rules


@pytest.mark.parametrize("skew", [0.0, -40.0, 250.0])
def test_what_is_above_the_shortest_age_was_spent_waiting(skew: float) -> None:
    line = Line()
    assert line.waited(1000, 1000.4 + skew, steady=0) == 0
    assert line.waited(1010, 1010.9 + skew, steady=10) == 0  # within the second that is not known
    assert line.waited(1020, 1025.4 + skew, steady=25) == pytest.approx(4.0)


def test_a_clock_that_was_set_is_learned_within_two_windows() -> None:
    line = Line()
    line.waited(1000, 1000, steady=0)
    late = [
        line.waited(1000 + t, 1030 + t, steady=t) for t in (1.0, WINDOW_SECONDS + 1, 2 * WINDOW_SECONDS + 2)
    ]
    assert late == [29.0, 29.0, 0.0]
