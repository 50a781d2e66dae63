"""When a single case may be left out of rates, and who decides. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from linli.controlroom.rules.definitions import USES

REASONS = (
    "not_our_duty",
    "force_majeure",
    "malicious",
    "duplicate",
    "wrongly_recorded",
    "beyond_the_law",
    "other",
)
EXCLUDABLE = tuple(code for code, uses in USES.items() if "approved_out" in uses)
LEAST_WORDS, MOST_WORDS = 4, 2000


@dataclass(frozen=True, slots=True)
class Standing:
    """What of an exclusion matters for what may be done with it."""

    asked_by: int
    decided: bool
    granted: bool
    lifted: bool


def may_decide(standing: Standing, account_id: int | None) -> str:
    """Why this person may not decide, as a code; empty when they may."""
    if standing.decided or standing.lifted:
        return "already_decided"
    return "needs_another_person" if account_id == standing.asked_by else ""


def may_lift(standing: Standing) -> str:
    """Why it may not be lifted or taken back, as a code; empty when it may."""
    if standing.lifted or (standing.decided and not standing.granted):
        return "already_ended"
    return ""
