"""Tables of the machine help; private to the room."""

from __future__ import annotations

from linli.triage.models.repeats import FixCase, LastingFix, Repeat, RepeatCase
from linli.triage.models.topics import Topic, TopicMember, TopicRun

__all__ = ["FixCase", "LastingFix", "Repeat", "RepeatCase", "Topic", "TopicMember", "TopicRun"]
