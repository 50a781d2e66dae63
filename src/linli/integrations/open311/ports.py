"""What this room asks of others: a line to the outside, and that a case learns what became of it elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from linli.kernel.outside import Answer


class Line(Protocol):
    """One request to another system; `kernel.outside.ask` is one."""

    def __call__(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        seconds: float = 10.0,
    ) -> Answer:
        """Ask, once.

        :raises Unreached: there is no answer.
        """


class Outcomes(Protocol):
    """Writes into a case what became of it at another system."""

    def learned(
        self, *, community_id: int, number: str, note: str, answer: str, public: bool, at: datetime
    ) -> str:
        """Let the case know, within the scope of its community.

        :param note: for colleagues.
        :param answer: what the other side answered when it closed it; empty while it is open.
        :param public: whether that may be the answer to the resident.
        :returns: ``noted``, ``answered``, or ``case_gone`` when the case could not take it.
        """


class _Nobody:
    """Before the house is wired."""

    def learned(
        self, *, community_id: int, number: str, note: str, answer: str, public: bool, at: datetime
    ) -> str:
        """Nobody is told."""
        return "case_gone"


_plugged: list[Outcomes] = [_Nobody()]


def plug_outcomes(outcomes: Outcomes) -> None:
    """Let this adapter write into cases."""
    _plugged[:] = [outcomes]


def outcomes() -> Outcomes:
    """The adapter that was plugged in."""
    return _plugged[0]
