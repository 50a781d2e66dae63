"""Answers read before they leave: by the rules, against what others were told lately. Nothing leaves the house."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.cases.ports import Remark
from linli.cases.queries import answers as cases
from linli.triage.rules import answers

DAYS, MOST = 60, 150  # what others were told lately


class LocalReader:
    """Reads by `rules/answers.py`."""

    version = answers.VERSION

    def read(
        self,
        *,
        community_id: int,
        words: str,
        answer: str,
        number: str,
        at: datetime,
        declines: bool = False,
    ) -> tuple[Remark, ...]:
        """As the port says."""
        since = at - timedelta(days=DAYS)
        earlier = cases.given_lately(community_id, since=since, but=number, most=MOST)
        found = answers.read(words, answer, earlier=earlier, declines=declines)
        return tuple(Remark(one.code.value, one.grave, one.value) for one in found)
