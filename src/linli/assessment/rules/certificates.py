"""What a certificate says when somebody scans it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Validity(StrEnum):
    """Whether a certificate holds on a day."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Term:
    """From when, until when (the last day counts; None: without end), and when it was taken back."""

    issued_date: date
    until_date: date | None
    revoked_at: datetime | None


def validity(term: Term, on: date) -> Validity:
    """What holds on a day; what was taken back stays so, even past its end."""
    if term.revoked_at is not None:
        return Validity.REVOKED
    if term.until_date is not None and on > term.until_date:
        return Validity.EXPIRED
    return Validity.VALID
