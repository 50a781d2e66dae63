"""How questions do: how hard each is, and whether those who know more answer it better. Pure.

*Difficulty* is the share of right answers. *Discrimination* is the correlation of "this one was right" with the share of
the others that were right in the same test (point-biserial, corrected for the question itself; Ebel & Frisbie, *Essentials
of Educational Measurement*): from 0.3 a question tells people apart well, near 0 it tells nothing, below 0 it misleads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

#: Below so many answers a figure says nothing, and is not shown.
LEAST_ANSWERS = 10
LEAST_FOR_DISCRIMINATION = 20
TOO_EASY, TOO_HARD, TELLS_NOTHING = 0.97, 0.25, 0.1


class Advice(StrEnum):
    """What its author should look at."""

    MISLEADS = "misleads"
    TELLS_NOTHING = "tells_nothing"
    TOO_HARD = "too_hard"
    TOO_EASY = "too_easy"


@dataclass(frozen=True, slots=True)
class Figures:
    """How a question did."""

    question: str
    answers: int
    right: int
    discrimination: float | None

    @property
    def share(self) -> float | None:
        """The share of right answers, 0 to 1; None for too few."""
        return self.right / self.answers if self.answers >= LEAST_ANSWERS else None

    @property
    def advice(self) -> Advice | None:
        """What to look at, the gravest first."""
        if self.discrimination is not None and self.discrimination < 0:
            return Advice.MISLEADS
        if self.share is not None and self.share < TOO_HARD:
            return Advice.TOO_HARD
        if self.share is not None and self.share > TOO_EASY:
            return Advice.TOO_EASY
        weak = self.discrimination is not None and self.discrimination < TELLS_NOTHING
        return Advice.TELLS_NOTHING if weak else None


def figures(tests: Iterable[Iterable[tuple[str, bool]]]) -> dict[str, Figures]:
    """The figures of every question that was answered.

    :param tests: of each test its questions and whether the answer was right.
    """
    seen: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for test in tests:
        marks = list(test)
        total = sum(right for _question, right in marks)
        for question, right in marks:
            others = len(marks) - 1
            seen[question].append((right, (total - right) / others if others else 0.0))
    return {
        question: Figures(question, len(held), sum(right for right, _rest in held), _discrimination(held))
        for question, held in seen.items()
    }


def _discrimination(held: list[tuple[bool, float]]) -> float | None:
    many = len(held)
    if many < LEAST_FOR_DISCRIMINATION:
        return None
    share = sum(right for right, _rest in held) / many
    mean = sum(rest for _right, rest in held) / many
    spread = sqrt(sum((rest - mean) ** 2 for _right, rest in held) / many)
    if share in (0.0, 1.0) or spread == 0:
        return None
    together = sum((right - share) * (rest - mean) for right, rest in held) / many
    return together / (sqrt(share * (1 - share)) * spread)
