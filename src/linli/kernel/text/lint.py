"""The publication linter: finds personal numbers in a text before it is published, and masks them.

Reads full-width and Chinese numerals, numbers broken by blanks, dashes or invisible characters. An identity
number needs a true check character and birthday, a bank card a true Luhn digit, so that ordinary numbers
pass. It does not find names and addresses: those need a person. Pure; time grows linearly with the text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

from linli.kernel import masks
from linli.kernel.text import shapes

MASKS: dict[str, Callable[[str], str]] = {
    "id_number": masks.mask_id,
    "mobile": masks.mask_phone,
    "landline": masks.mask_phone,
    "bank_card": masks.mask_bank,
    "plate": masks.mask_plate,
    "email": masks.mask_email,
}


WARNINGS = frozenset({"landline"})


class Finding(NamedTuple):
    """Personal data at `text[start:end]`; `kind` is one of the keys of `MASKS`."""

    kind: str
    start: int
    end: int


class _Readable(NamedTuple):
    """A text as the patterns read it, and for each of its characters the index of the original one."""

    text: str
    origin: list[int]


def lint(text: str) -> tuple[Finding, ...]:
    """Everything in the text that must not be published, in order, without overlaps."""
    plain = _readable(text)
    candidates = list(_search(plain))
    spoken = plain.text.translate(shapes.SPOKEN_DIGITS)
    if spoken != plain.text:
        candidates += _search(_Readable(spoken, plain.origin), only_numbers=True)
    # A longer finding is never taken for a shorter one inside it, an identity number never for a bank card.
    candidates.sort(key=lambda found: (found.start - found.end, shapes.ORDER.index(found.kind)))
    kept: list[Finding] = []
    taken = bytearray(len(text))
    for found in candidates:
        if not any(taken[found.start : found.end]):
            taken[found.start : found.end] = b"\x01" * (found.end - found.start)
            kept.append(found)
    return tuple(sorted(kept, key=lambda found: found.start))


def blocking(text: str) -> tuple[Finding, ...]:
    """The findings that keep a text from being published: all but landlines.

    A landline belongs to an office far more often than to a person, and answers name offices. It is still
    masked in residents' own words.
    """
    return tuple(found for found in lint(text) if found.kind not in WARNINGS)


def mask_text(text: str) -> str:
    """The text with everything `lint` finds masked: `请打13812345678` → `请打138****5678`."""
    parts, last = [], 0
    for kind, start, end in lint(text):
        value = _readable(text[start:end]).text.translate(shapes.SPOKEN_DIGITS)
        parts += [text[last:start], MASKS[kind](value.lower() if kind == "email" else value)]
        last = end
    return "".join([*parts, text[last:]])


def _readable(text: str) -> _Readable:
    if text.isascii():
        return _Readable(text.upper(), list(range(len(text))))
    letters: list[str] = []
    origin: list[int] = []
    for index, letter in enumerate(text):
        if unicodedata.category(letter) == "Cf":  # zero-width characters
            continue
        for piece in shapes.LOOKALIKES.get(letter) or unicodedata.normalize("NFKC", letter).upper():
            letters.append(piece)
            origin.append(index)
    return _Readable("".join(letters), origin)


def _search(readable: _Readable, *, only_numbers: bool = False) -> Iterator[Finding]:
    for shape in shapes.SHAPES:
        if only_numbers and not shape.is_number:
            continue
        for found in shape.pattern.finditer(readable.text):
            if shape.holds(found["value"]):
                start, end = found.span("value")
                yield Finding(shape.kind, readable.origin[start], readable.origin[end - 1] + 1)
