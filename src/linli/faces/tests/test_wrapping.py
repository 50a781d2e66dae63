from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.faces import wrapping


@pytest.mark.parametrize(
    ("words", "width", "lines"),
    [
        ("有事说一声，看谁在这里", 5, ["有事说一", "声，看谁在", "这里"]),
        ("Say what is wrong", 8, ["Say what", "is wrong"]),
        ("11月25日（周三）停水", 6, ["11月25日", "（周三）停水"]),
        ("unbreakable", 3, ["unbreakable"]),
        ("", 3, []),
    ],
)
def test_lines_break_where_readers_expect(words: str, width: int, lines: list[str]) -> None:
    assert list(wrapping.lines(words, lambda line: len(line) <= width)) == lines


@settings(max_examples=50)
@given(st.text(alphabet="ab 字，（。1", max_size=60), st.integers(1, 12))
def test_nothing_is_lost_between_lines(words: str, width: int) -> None:
    found = list(wrapping.lines(words, lambda line: len(line) <= width))
    assert "".join("".join(found).split()) == "".join(words.split())
