"""The shapes of personal numbers in running text: a pattern that proposes, a check that decides.

Patterns read upper-case NFKC text. Numbers broken into groups are read only in the groupings people use, with
one or two separators, or digit by digit with the same separator, so that dates, house numbers and figures are
not taken for phones.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from linli.kernel import identity


class Shape(NamedTuple):
    """How one kind of data may look; group `value` is what is found."""

    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool]
    is_number: bool = True


# What comes first is kept where two findings overlap.
ORDER = ("email", "id_number", "mobile", "bank_card", "landline", "plate")
SPOKEN_DIGITS = str.maketrans("〇零○一壹幺二贰三叁四肆五伍六陆七柒八捌九玖", "0001112233445566778899")
LOOKALIKES = {**dict.fromkeys("×хХ", "X"), **dict.fromkeys("—–‐‑−―·・", "-")}
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65".split()
)
DIGIT = "[0-9]"
SEPARATOR = r"[ \t\-._]"
BREAK = SEPARATOR + "{1,3}"
SAME_BREAK = "(?P=gap)"
FIRST_BREAK = f"(?P<gap>{BREAK})"
# A number that is one block, or in usual groups, ends where its digits end; one written digit by digit only
# where no further digit follows behind a separator.
BLOCK = ("(?<![0-9])", "(?![0-9])")
ALONE = (f"(?<![0-9])(?<![0-9]{SEPARATOR})", f"(?!{SEPARATOR}?[0-9])")
NO_LETTER_AFTER = "(?![0-9A-Z])"
COUNTRY = rf"(?:(?:\+|00)?86{SEPARATOR}{{0,2}}|0)?"

MOBILE_GROUPS = (
    (3, 4, 4),
    (3, 3, 5),
    (3, 8),
    (4, 3, 4),
    (4, 4, 3),
    (7, 4),
    (6, 5),
    (3, 3, 3, 2),
    (3, 2, 2, 2, 2),
)
ID_GROUPS = (
    (6, 8, 4),
    (6, 4, 4, 4),
    (3, 3, 4, 4, 4),
    (4, 4, 4, 4, 2),
    (3, 3, 3, 3, 3, 3),
    (6, 4, 2, 2, 4),
    (14, 4),
    (6, 12),
    (17, 1),
    (10, 8),
)


def _grouped(groups: tuple[tuple[int, ...], ...], head: str = "", tail: str = DIGIT) -> str:
    """The groupings as alternatives; `head` stands for the first two digits, `tail` for the last one."""
    return "|".join(BREAK.join(_parts(sizes, head, tail)) for sizes in groups)


def _parts(sizes: tuple[int, ...], head: str, tail: str) -> list[str]:
    lengths = list(sizes)
    lengths[0] -= 2 if head else 0
    lengths[-1] -= 1
    parts = [f"{DIGIT}{{{length}}}" for length in lengths]
    parts[0] = head + parts[0]
    parts[-1] += tail
    return parts


def _shape(kind: str, value: str, holds: Callable[[str], bool], around: tuple[str, str] = BLOCK) -> Shape:
    return Shape(kind, re.compile(f"{around[0]}(?P<value>{value}){around[1]}"), holds)


def _digits(text: str) -> str:
    return re.sub(r"[^0-9X]", "", text)


def _is_mobile(text: str) -> bool:
    return identity.is_mobile(re.sub(r"^0(?=1)", "", _digits(text))) and not _IP_ADDRESS.fullmatch(text)


def _is_id_number(text: str) -> bool:
    return identity.is_id_number(_digits(text))


def _is_old_id_number(text: str) -> bool:
    return text[:2] in PROVINCES and identity.is_id_number(text)


def _is_bank_card(text: str) -> bool:
    number = _digits(text)
    if not 16 <= len(number) <= 19 or len(set(number)) < 3 or not identity.passes_luhn(number):
        return False
    return not (_begins_with_day(number) or _is_firm(number))


def _is_firm(number: str) -> bool:
    """Whether this is the credit code of a body: its first digits name an authority and a province."""
    return number[0] in "159" and number[2:4] in PROVINCES and identity.is_uscc(number)


def _begins_with_day(number: str) -> bool:
    """Whether this is rather an order number: 20261123… (no bank's cards begin with a day)."""
    if number[:2] not in {"19", "20"}:
        return False
    try:
        date(int(number[:4]), int(number[4:6]), int(number[6:8]))
    except ValueError:
        return False
    return True


def _is_plate(text: str) -> bool:
    return identity.is_plate(text) and any(letter.isdigit() for letter in text[2:])


def _always(_text: str) -> bool:
    return True


_IP_ADDRESS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_EMAIL = (
    r"(?<![A-Z0-9._%+\-])(?P<value>[A-Z0-9._%+\-]{1,64} ?@ ?[A-Z0-9][A-Z0-9\-]{0,62}"
    r"(?:\.[A-Z0-9\-]{1,63}){0,4}\.[A-Z]{2,24})(?![A-Z0-9])"
)
_AREA = r"\(?0(?:10|2[0-9]|[3-9][0-9]{2})\)?"
_LANDLINE = rf"(?:(?:\+|00)?86{SEPARATOR}?)?{_AREA}{SEPARATOR}{{0,2}}[2-8][0-9]{{2,3}}{SEPARATOR}?[0-9]{{4}}"
_NAMED_LANDLINE = (
    r"(?:电话|座机|固话|TEL|PHONE)[号码:：为是 ()]{0,6}(?P<value>[2-8][0-9]{2,3}[ \-]?[0-9]{4})(?![0-9])"
)
_PLATE = (
    rf"(?P<value>[{identity.PLATE_PROVINCES}][A-HJ-NP-Z][ .\-]?[A-HJ-NP-Z0-9]{{4}}"
    r"(?:[A-HJ-NP-Z0-9]{1,2}|[挂学警港澳领]))(?![A-Z0-9])"
)
_SINGLE_MOBILE = f"{COUNTRY}1{FIRST_BREAK}[3-9](?:{SAME_BREAK}[0-9]){{9}}"
_SINGLE_ID = f"[0-9]{FIRST_BREAK}(?:[0-9]{SAME_BREAK}){{16}}[0-9X]"
_SINGLE_CARD = f"[0-9]{FIRST_BREAK}(?:[0-9]{SAME_BREAK}){{14,17}}[0-9]"
_CARD_BY_FOUR = (
    f"[0-9]{{4}}{FIRST_BREAK}(?:[0-9]{{4}}{SAME_BREAK}){{2}}[0-9]{{4}}(?:{SAME_BREAK}[0-9]{{1,3}})?"
)

SHAPES: tuple[Shape, ...] = (
    Shape("email", re.compile(_EMAIL), _always, is_number=False),
    _shape("id_number", "[0-9]{17}[0-9X]", _is_id_number),
    _shape("id_number", "[0-9]{15}", _is_old_id_number, (BLOCK[0], NO_LETTER_AFTER)),
    _shape("id_number", _grouped(ID_GROUPS, tail="[0-9X]"), _is_id_number),
    _shape("id_number", _SINGLE_ID, _is_id_number, ALONE),
    _shape("mobile", f"{COUNTRY}1[3-9][0-9]{{9}}", _is_mobile),
    _shape("mobile", f"{COUNTRY}(?:{_grouped(MOBILE_GROUPS, head='1[3-9]')})", _is_mobile),
    _shape("mobile", _SINGLE_MOBILE, _is_mobile, ALONE),
    _shape("bank_card", "[0-9]{16,19}", _is_bank_card, (BLOCK[0], NO_LETTER_AFTER)),
    _shape("bank_card", _CARD_BY_FOUR, _is_bank_card, ALONE),
    _shape("bank_card", f"[0-9]{{6}}{BREAK}[0-9]{{10,13}}", _is_bank_card, ALONE),
    _shape("bank_card", _SINGLE_CARD, _is_bank_card, ALONE),
    _shape(
        "landline", _LANDLINE, _always, ("(?<![0-9])", rf"(?![0-9])(?!{SEPARATOR}[0-9]{{1,2}}{SEPARATOR})")
    ),
    Shape("landline", re.compile(_NAMED_LANDLINE), _always),
    Shape("plate", re.compile(_PLATE), _is_plate, is_number=False),
)
