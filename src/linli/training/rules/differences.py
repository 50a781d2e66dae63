"""What one version of a text says otherwise than another, line by line and within a line. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

LONGEST_LINE = (
    2000  # longer ones are shown whole, old and new: comparing them letter by letter takes too long
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some letters of a line; ``changed`` ones stand in one of the two versions alone."""

    words: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A line: ``same``, ``gone`` (only the old version has it) or ``new``."""

    how: str
    pieces: tuple[Piece, ...]


def differences(old: str, new: str) -> tuple[Change, ...]:
    """Both versions, line by line; lines that took the place of others are compared letter by letter."""
    before, after = old.split("\n"), new.split("\n")
    found: list[Change] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Change("same", (Piece(line),)) for line in before[a:b]]
        else:
            found += _replaced(before[a:b], after[c:d])
    return tuple(found)


def changed(found: tuple[Change, ...]) -> bool:
    """Whether there is any difference."""
    return any(each.how != "same" for each in found)


def _replaced(gone: list[str], new: list[str]) -> Iterator[Change]:
    pairs = min(len(gone), len(new))
    for old, fresh in zip(gone[:pairs], new[:pairs], strict=True):
        left, right = _letters(old, fresh)
        yield Change("gone", left)
        yield Change("new", right)
    for line in gone[pairs:]:
        yield Change("gone", (Piece(line, changed=True),))
    for line in new[pairs:]:
        yield Change("new", (Piece(line, changed=True),))


def _letters(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    if max(len(old), len(new)) > LONGEST_LINE:
        return (Piece(old, changed=True),), (Piece(new, changed=True),)
    left, right = [], []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if b > a:
            left.append(Piece(old[a:b], changed=tag != "equal"))
        if d > c:
            right.append(Piece(new[c:d], changed=tag != "equal"))
    return tuple(left), tuple(right)
