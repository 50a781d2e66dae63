"""Where lines of drawn words may break: between words, and between characters where Chinese stands. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

WIDE_FROM, NEVER_FIRST, NEVER_LAST = "\u2e7f", "，。、；：！？）」』”’…,.;:!?)", "（「『“‘("


def lines(words: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """The words in lines that fit, as far as they can be broken."""
    held = ""
    for piece in _pieces(" ".join(words.split())):
        if held and not fits((held + piece).rstrip()):
            yield held.rstrip()
            held = piece.lstrip()
        else:
            held += piece
    if held.strip():
        yield held.rstrip()


def _pieces(words: str) -> Iterator[str]:
    held = ""
    for character in words:
        wide = character > WIDE_FROM
        may_break = wide or held[-1:] > WIDE_FROM or (held[-1:] == " " and character != " ")
        if held and may_break and character not in NEVER_FIRST and held[-1] not in NEVER_LAST:
            yield held
            held = ""
        held += character
    if held:
        yield held
