"""What the machine help does by itself when a fact arrives."""

from __future__ import annotations

from linli.triage.actions import learning, working_out
from linli.triage.events import LearningAsked, TopicsAsked


def work_out_topics(fact: TopicsAsked) -> None:
    """Work out topics and repeat problems as they stand at the moment they were asked for."""
    working_out.work_out(community_id=fact.community_id, at=fact.at)


def learn_categories(fact: LearningAsked) -> None:
    """Learn a version from the decisions there are, and put it in use when it is better."""
    learning.from_decisions(community_id=fact.community_id, at=fact.at, account_id=fact.account_id)
