"""How hot a topic is: one sum of four parts that a person can follow. Pure.

    heat = 10·log2(1 + people) + 6·log2(1 + votes) + 4·log2(1 + days) + 4·log2((1 + later) / (1 + earlier))

People are those who reported, each once; votes are those who joined or supported a report without writing one; days are the
local days with at least one report. Growth compares the reports of the second half of the period with those of the first
half, and stays between -8 and +12. Logarithms: the second person says more than the hundredth.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

PEOPLE, VOTES, DAYS, GROWTH = 10.0, 6.0, 4.0, 4.0
GROWTH_LEAST, GROWTH_MOST = -8.0, 12.0


@dataclass(frozen=True, slots=True)
class Voice:
    """One report: of whom (any key that is the same for the same person), when, and how many support it."""

    who: str
    at: datetime
    votes: int = 0


@dataclass(frozen=True, slots=True)
class Heat:
    """The sum and its parts, in points, with the counts they come from."""

    people: int
    votes: int
    days: int
    earlier: int
    later: int

    @property
    def people_points(self) -> float:
        """For those who reported."""
        return PEOPLE * math.log2(1 + self.people)

    @property
    def votes_points(self) -> float:
        """For those who support a report."""
        return VOTES * math.log2(1 + self.votes)

    @property
    def days_points(self) -> float:
        """For the days on which it was written about."""
        return DAYS * math.log2(1 + self.days)

    @property
    def growth_points(self) -> float:
        """For becoming more; below zero for becoming less."""
        found = GROWTH * math.log2((1 + self.later) / (1 + self.earlier))
        return min(max(found, GROWTH_LEAST), GROWTH_MOST)

    @property
    def total(self) -> float:
        """The heat, to one place."""
        return round(self.people_points + self.votes_points + self.days_points + self.growth_points, 1)


def heat(
    voices: Iterable[Voice], *, zone: tzinfo, start: datetime | None = None, end: datetime | None = None
) -> Heat:
    """The heat of a topic in a period.

    :param start: where the period begins and
    :param end: where it ends; without them the topic's own first and last report.
    """
    held = sorted(voices, key=lambda voice: (voice.at, voice.who))
    if not held:
        return Heat(0, 0, 0, 0, 0)
    first, last = start or held[0].at, end or held[-1].at
    middle = first + (last - first) / 2
    later = sum(voice.at > middle for voice in held)
    if last <= first:  # one moment grows neither way
        return Heat(len({voice.who for voice in held}), sum(max(voice.votes, 0) for voice in held), 1, 0, 0)
    return Heat(
        people=len({voice.who for voice in held}),
        votes=sum(max(voice.votes, 0) for voice in held),
        days=len({voice.at.astimezone(zone).date() for voice in held}),
        earlier=len(held) - later,
        later=later,
    )
