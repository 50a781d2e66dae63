from __future__ import annotations

import pytest

from linli.kernel.text import whole


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("0", 0), ("007", 7), ("9" * 17, int("9" * 17)), ("9" * 18, None), ("9" * 5000, None),
        ("", None), ("-1", None), ("+1", None), ("1.0", None), (" 1", None), ("１２", None), ("²", None), ("1_0", None),
    ],
)  # fmt: skip
def test_only_a_plain_number_that_fits_is_one(said: str, number: int | None) -> None:
    assert whole(said) == number


def test_fewer_digits_may_be_asked_for() -> None:
    assert (whole("1234", digits=4), whole("12345", digits=4)) == (1234, None)
