"""Taking a person out of free text: names and numbers are cut, what the matter is about stays readable. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from linli.kernel import text

CUT = "***"
PHONE_DIGITS = 11
SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Marks:
    """What a person is known by in other people's words: names, and the last eleven digits of phones."""

    names: tuple[str, ...] = ()
    phones: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str | None], phones: Iterable[str | None]) -> Marks:
        """From values as they are stored; a single character is no name to search for. Longer names go first."""
        known = {name.strip() for name in names if name and len(name.strip()) >= SHORTEST_NAME}
        numbers = frozenset(_digits(phone) for phone in phones if phone and _digits(phone))
        return cls(tuple(sorted(known, key=lambda name: (-len(name), name))), numbers)


def strings(written: str, marks: Marks, *, own: bool) -> list[str]:
    """The pieces of a text that must go, as they stand in it.

    :param own: the person wrote it: every personal number in it goes; otherwise only the person's own.
    """
    found = [written[one.start : one.end] for one in text.lint(written)]
    wanted = found if own else [piece for piece in found if _digits(piece) in marks.phones]
    return wanted + [name for name in marks.names if name in written]


def cut(written: str, marks: Marks, *, own: bool) -> str:
    """The text without them."""
    for piece in strings(written, marks, own=own):
        written = written.replace(piece, CUT)
    return written


def _digits(value: str) -> str:
    """The last eleven digits, whatever their width and what stands between them."""
    plain = unicodedata.normalize("NFKC", value)
    return "".join(character for character in plain if character.isdigit())[-PHONE_DIGITS:]
