"""A first-day suggestion from the category data. Pure. (Signatures only until the scorer is filled in.)"""

from __future__ import annotations

from dataclasses import dataclass

from linli.cases.rules.promises import Urgency


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed category."""

    code: str
    certainty: float
    words: tuple[str, ...]


def looks_urgent(words: str) -> Urgency:
    """How pressing the words sound."""
    return Urgency.CRITICAL if "着火" in words else Urgency.NORMAL
