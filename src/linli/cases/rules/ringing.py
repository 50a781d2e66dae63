"""How a room is rung: who hears it, who may answer, when it goes on to more people. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from linli.cases.rules.urgent_phrases import DangerKind
from linli.cases.rules.workflow import DESK, FIELD


class Cause(StrEnum):
    """Why a case rings."""

    WORDS = "words"  # the words sound like it
    TAP = "tap"  # its reporter said that somebody is in danger
    GIVEN = "given"  # staff or another program entered it as an emergency
    ADDED = "added"  # what the reporter added sounds like it


#: Who may answer: whoever does so says that he or she is seeing to it.
ANSWERERS = DESK | FIELD
#: Who hears it from the beginning, and who more when nobody answered.
HEARERS = ANSWERERS
LATER = frozenset({"verifier", "assistant", "building_head", "admin"})
MOST_LEVEL = 3
#: After how many times the community's minutes it goes on: 1, 2 and 4.
STEPS = (1, 2, 4)


def hears(roles: frozenset[str], level: int) -> bool:
    """Whether somebody with these roles hears an alarm that went on so often."""
    return bool(roles & HEARERS) or (level > 0 and bool(roles & LATER))


def next_at(rung_at: datetime, level: int, minutes: int) -> datetime | None:
    """When an unanswered alarm goes on next; None when everybody has heard it."""
    return rung_at + timedelta(minutes=minutes * STEPS[level]) if level < MOST_LEVEL else None


def kinds_of(text: str) -> tuple[DangerKind, ...]:
    """The kinds of danger as an alarm keeps them; unknown ones of a later program are left out."""
    known = {kind.value for kind in DangerKind}
    return tuple(DangerKind(word) for word in text.split() if word in known)


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do now in a kind of danger: whom to call, what to do, and what the desk does."""

    kind: DangerKind
    numbers: tuple[tuple[str, str, str], ...]  # number, 中文, English
    words_zh: str
    words_en: str
    desk_zh: str
    desk_en: str
    own: bool = False

    def words(self, language: str) -> str:
        """For the resident."""
        return self.words_en if not language.startswith("zh") and self.words_en else self.words_zh

    def desk(self, language: str) -> str:
        """For the desk."""
        return self.desk_en if not language.startswith("zh") and self.desk_en else self.desk_zh

    def calls(self, language: str) -> tuple[tuple[str, str], ...]:
        """Numbers with whom one reaches there."""
        place = 1 if language.startswith("zh") else 2
        return tuple((one[0], one[place] or one[1]) for one in self.numbers)
