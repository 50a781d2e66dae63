"""Numbers people read aloud, write on paper and type back in: case numbers and secret look-up codes."""

from __future__ import annotations

import hmac
import re
import secrets
import unicodedata
from datetime import date, datetime

from linli.kernel.clock import LOCAL
from linli.kernel.keys import keyring

CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
CODE_LENGTH = 16
_NUMBER = re.compile(r"\d{12}", re.ASCII)
_GAPS = re.compile(r"[\s\-‐-―−_.·#]+")
_READ_AS = str.maketrans("OIL", "011")


def case_number(at: datetime) -> str:
    """A new case number: the local day as yymmdd and six random digits, `261123048213`.

    Random, so that it tells nothing about how many cases there are. Uniqueness is the unique key of the
    table: the caller tries again with another number.

    :param at: when the case was reported; must know its zone.
    """
    if at.tzinfo is None:
        raise ValueError("a case number needs a time that knows its zone")
    return f"{at.astimezone(LOCAL):%y%m%d}{secrets.randbelow(1_000_000):06d}"


def pretty_number(number: str) -> str:
    """`261123048213` → `261123-048213`; anything else stays as it is."""
    return f"{number[:6]}-{number[6:]}" if _NUMBER.fullmatch(number) else number


def parse_number(typed: str) -> str | None:
    """The case number somebody typed (spaces, dashes, full-width digits are fine), or None if it is none."""
    if len(typed) > 64:
        return None
    number = _GAPS.sub("", unicodedata.normalize("NFKC", typed))
    if not _NUMBER.fullmatch(number):
        return None
    try:
        date(2000 + int(number[:2]), int(number[2:4]), int(number[4:6]))
    except ValueError:
        return None
    return number


def secret_code() -> str:
    """A new look-up code of 80 random bits, `7K3M-9QWX-0AB4-ZT2F`."""
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def parse_code(typed: str) -> str | None:
    """The 16 characters of a code as typed (o for 0, i or l for 1, any case and grouping), or None."""
    if len(typed) > 64:
        return None
    code = _GAPS.sub("", unicodedata.normalize("NFKC", typed)).upper().translate(_READ_AS)
    is_code = len(code) == CODE_LENGTH and all(letter in CODE_ALPHABET for letter in code)
    return code if is_code else None


def code_digest(code: str) -> bytes:
    """What the database keeps instead of the code: HMAC-SHA256 under the current receipt key, 32 bytes.

    :raises ValueError: when this is not a code.
    """
    return _digest(keyring().sets["receipt"].key, code)


def code_matches(code: str, digest: bytes) -> bool:
    """Whether the typed code belongs to the digest, under any receipt key; takes the same time either way."""
    typed = parse_code(code)
    found = False
    for key in keyring().sets["receipt"].keys.values():
        found |= hmac.compare_digest(_digest(key, typed or "0" * CODE_LENGTH), bytes(digest))
    return found and typed is not None


def _digest(key: bytes, code: str) -> bytes:
    normal = parse_code(code)
    if normal is None:
        raise ValueError("not a look-up code")
    return hmac.digest(key, b"linli.receipt\x00" + normal.encode("ascii"), "sha256")
