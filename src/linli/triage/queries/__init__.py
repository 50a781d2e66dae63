"""What others ask of the machine help; frozen rows."""

from __future__ import annotations

from linli.triage.queries.answers import AnswerQuality, answer_quality
from linli.triage.queries.problems import RepeatProblem, repeats
from linli.triage.queries.topics import HotTopic, as_of, hot

__all__ = [
    "AnswerQuality",
    "HotTopic",
    "RepeatProblem",
    "answer_quality",
    "as_of",
    "hot",
    "repeats",
]
