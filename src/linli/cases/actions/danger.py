"""Whether a report tells of danger: by its reporter's tap, by whoever entered it, or by its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from linli.cases.queries import urgent
from linli.cases.rules.intake import Channel, Report
from linli.cases.rules.promises import Urgency
from linli.cases.rules.ringing import Cause
from linli.cases.rules.urgent_phrases import DISCREET, DangerKind
from linli.cases.rules.urgent_words import Look, look


@dataclass(frozen=True, slots=True)
class Heard:
    """How pressing a report is and why; whether the room rings."""

    urgency: Urgency
    kinds: tuple[DangerKind, ...]
    codes: tuple[str, ...]
    version: str
    cause: Cause
    rings: bool

    @property
    def discreet(self) -> bool:
        """Whether it is never shown to the neighbours."""
        return bool(DISCREET & set(self.kinds))

    def as_data(self) -> dict[str, Any]:
        """What the move and the audit entry keep of it: codes, never words; nothing for an ordinary report."""
        if self.urgency is Urgency.NORMAL:
            return {}
        return {
            "urgent": {
                "level": self.urgency.value,
                "cause": self.cause.value,
                "kinds": [kind.value for kind in self.kinds],
                "lines": list(self.codes[:6]),
                "list": self.version,
            }
        }


def hear(community_id: int, report: Report, words: str) -> Heard:
    """How pressing a report is: said by whoever entered it, else by a tap, else by its words.

    Imported reports are of earlier days: they never ring.
    """
    found = look(words, urgent.listed(community_id))
    urgency, cause = found.urgency, Cause.WORDS
    if report.urgency is not None:
        urgency, cause = report.urgency, Cause.GIVEN
    elif report.danger:
        urgency, cause = Urgency.CRITICAL, Cause.TAP
    return _heard(urgency, found, cause, live=report.channel is not Channel.IMPORT and not report.batch)


def _heard(urgency: Urgency, found: Look, cause: Cause, *, live: bool) -> Heard:
    agrees = found.urgency is not Urgency.NORMAL
    return Heard(
        urgency=urgency,
        kinds=found.kinds if agrees else (),
        codes=found.codes if agrees else (),
        version=found.version,
        cause=cause,
        rings=live and urgency is Urgency.CRITICAL,
    )
