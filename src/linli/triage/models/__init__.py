"""Tables of the machine help; private to the room."""

from __future__ import annotations

from linli.triage.models.assisting import AssistantCall
from linli.triage.models.learned import LearnedModel
from linli.triage.models.repeats import FixCase, LastingFix, Repeat, RepeatCase
from linli.triage.models.topics import Topic, TopicMember, TopicRun

__all__ = [
    "AssistantCall",
    "FixCase",
    "LastingFix",
    "LearnedModel",
    "Repeat",
    "RepeatCase",
    "Topic",
    "TopicMember",
    "TopicRun",
]
