"""The tables of assessment; private to the room."""

from __future__ import annotations

from linli.assessment.models.appeals import Adjustment, Appeal
from linli.assessment.models.evaluating import ChecklistRow, EvaluationRound, EvaluationSheet
from linli.assessment.models.publishing import Audience, Publication, PublishingRule
from linli.assessment.models.runs import Part, Run, RunInput, Score
from linli.assessment.models.schemes import RankingSwitch, SchemeRow, SchemeVersion
from linli.assessment.models.stars import Certificate, Honour, StarRow

__all__ = [
    "Adjustment",
    "Appeal",
    "Audience",
    "Certificate",
    "ChecklistRow",
    "EvaluationRound",
    "EvaluationSheet",
    "Honour",
    "Part",
    "Publication",
    "PublishingRule",
    "RankingSwitch",
    "Run",
    "RunInput",
    "SchemeRow",
    "SchemeVersion",
    "Score",
    "StarRow",
]
