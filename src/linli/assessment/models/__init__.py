"""The tables of assessment; private to the room."""

from __future__ import annotations

from linli.assessment.models.appeals import Adjustment, Appeal
from linli.assessment.models.runs import Part, Run, RunInput, Score
from linli.assessment.models.schemes import RankingSwitch, SchemeRow, SchemeVersion

__all__ = [
    "Adjustment",
    "Appeal",
    "Part",
    "RankingSwitch",
    "Run",
    "RunInput",
    "SchemeRow",
    "SchemeVersion",
    "Score",
]
