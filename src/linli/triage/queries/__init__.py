"""What others ask of the machine help; frozen rows."""

from __future__ import annotations

from linli.triage.queries.repeats import RepeatProblem, repeats
from linli.triage.queries.topics import HotTopic, as_of, hot

__all__ = ["HotTopic", "RepeatProblem", "as_of", "hot", "repeats"]
