"""Until when a certificate holds, and what whoever has its code is told. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from enum import StrEnum

WORDS_MOST = 300


class State(StrEnum):
    """What a certificate is worth on a day."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Shown(StrEnum):
    """How the holder lets the name be shown to whoever has the code."""

    SHORT = "short"
    FULL = "full"
    NONE = "none"


class Revoking(StrEnum):
    """Why a certificate was revoked."""

    IRREGULAR = "irregular"  # the test was not done by the holder alone
    MISTAKE = "mistake"  # a mistake of ours: a wrong question, a wrong person
    REPLACED = "replaced"  # the course changed so much that it has to be done anew


def last_date(passed: date, months: int) -> date | None:
    """The last day of a certificate of so many months; None for one without an end. Both days count."""
    if not months:
        return None
    years, month = divmod(passed.month - 1 + months, 12)
    year = passed.year + years
    return date(year, month + 1, min(passed.day, monthrange(year, month + 1)[1]))


def state(*, until: date | None, revoked: bool, today: date) -> State:
    """What it is worth on this day."""
    if revoked:
        return State.REVOKED
    return State.EXPIRED if until is not None and until < today else State.VALID
