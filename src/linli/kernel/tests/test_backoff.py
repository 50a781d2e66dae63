from __future__ import annotations

from datetime import timedelta

import pytest

from linli.kernel import backoff

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("tries", "factor", "wait"),
    [
        (0, 2, 30 * SECOND),
        (1, 2, 30 * SECOND),
        (2, 2, MINUTE),
        (5, 2, 8 * MINUTE),
        (9, 2, 2 * HOUR),
        (3, 4, 8 * MINUTE),
        (10**9, 4, 2 * HOUR),
    ],
)
def test_each_wait_is_so_many_times_the_last_up_to_the_longest(
    tries: int, factor: int, wait: timedelta
) -> None:
    assert backoff.wait(tries, first=30 * SECOND, longest=2 * HOUR, factor=factor) == wait
