"""Chinese numbers of people, firms, phones and cars: valid or not, and their one normal form.

Pure functions. Sources: GB 11643 (citizen number), GB 32100 (unified social credit code), GA 36 (plates). A
region code that is not known is never a reason to refuse: regions get abolished.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
PLATE_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

_ID_18 = re.compile(r"\d{17}[\dX]", re.ASCII)
_ID_15 = re.compile(r"\d{15}", re.ASCII)
_NOT_IN_NUMBERS = re.compile(r"[\s\-‐-―－·.()（）]+")
_PLAIN_BODY = "[A-HJ-NP-Z0-9]"
_PLATE = re.compile(
    rf"[{PLATE_PROVINCES}][A-HJ-NP-Z](?:{_PLAIN_BODY}{{4}}[A-HJ-NP-Z0-9挂学警港澳领]"
    rf"|[A-HJK]{_PLAIN_BODY}\d{{4}}|\d{{5}}[A-HJK])",
    re.ASCII,
)


def plain(value: str) -> str:
    """NFKC and no space around: the normal form of anything without a rule of its own."""
    return unicodedata.normalize("NFKC", value).strip()


def phone(value: str) -> str:
    """The phone number as E.164 where it can be known: `138 1234 5678` → `+8613812345678`.

    Mobiles and landlines with area code (0…) are taken as Chinese; a number starting with + or 00 keeps its
    country; anything else stays as its bare digits.
    """
    text = _NOT_IN_NUMBERS.sub("", plain(value))
    international = text.startswith(("+", "00"))
    digits = re.sub(r"\D", "", text, flags=re.ASCII)
    if international:
        digits = digits.removeprefix("00") if text.startswith("00") else digits
        return f"+{digits}"
    if MOBILE.fullmatch(digits):
        return f"+86{digits}"
    if digits.startswith("86") and MOBILE.fullmatch(digits[2:]):
        return f"+{digits}"
    if digits.startswith("0") and len(digits) >= 10:
        rest = digits[1:]
        return f"+86{rest}"
    return digits


def is_mobile(value: str) -> bool:
    """Whether this is a mainland mobile number, however it was typed."""
    normal = phone(value)
    return normal.startswith("+86") and MOBILE.fullmatch(normal[3:]) is not None


def id_number(value: str) -> str:
    """The citizen number in its normal form: NFKC, no spaces, X upper, 15 digits made 18 (when it is one)."""
    text = _NOT_IN_NUMBERS.sub("", plain(value)).upper()
    if _ID_15.fullmatch(text):
        longer = f"{text[:6]}19{text[6:]}"
        return longer + id_check(longer)
    return text


def id_check(body: str) -> str:
    """The check character of the first 17 digits (GB 11643)."""
    return ID_CHECKS[sum(int(d) * w for d, w in zip(body, ID_WEIGHTS, strict=True)) % 11]


def birth_date(value: str) -> date | None:
    """The birthday inside a citizen number; None if there is no such day."""
    text = id_number(value)
    if not _ID_18.fullmatch(text):
        return None
    try:
        return date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return None


def is_id_number(value: str, *, today: date | None = None) -> bool:
    """Whether the citizen number holds: length, check character, a real birthday from 1900 to today.

    Covers the same-shaped cards of Hong Kong, Macao and Taiwan residents (81, 82, 83) and permanent residents
    (9…). Without `today` only a birthday after 2100 is refused.
    """
    text = id_number(value)
    born = birth_date(text)
    if born is None or not date(1900, 1, 1) <= born <= (today or date(2099, 12, 31)):
        return False
    return text[17] == id_check(text[:17])


def is_male(value: str) -> bool | None:
    """The sex the 17th digit says; None if this is not a citizen number."""
    text = id_number(value)
    return int(text[16]) % 2 == 1 if _ID_18.fullmatch(text) else None


def is_uscc(value: str) -> bool:
    """Whether the unified social credit code holds (GB 32100: 18 characters, base-31 check)."""
    text = _NOT_IN_NUMBERS.sub("", plain(value)).upper()
    if len(text) != 18 or any(letter not in USCC_ALPHABET for letter in text):
        return False
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(text[:17], USCC_WEIGHTS, strict=True))
    return text[17] == USCC_ALPHABET[(31 - total % 31) % 31]


def plate(value: str) -> str:
    """The number plate without dots and spaces, letters upper."""
    return _NOT_IN_NUMBERS.sub("", plain(value)).upper()


def is_plate(value: str) -> bool:
    """Whether this is a civil number plate: 7 characters, or 8 for new energy."""
    return _PLATE.fullmatch(plate(value)) is not None


def passes_luhn(digits: str) -> bool:
    """Whether the check digit of a bank card holds (ISO/IEC 7812)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
