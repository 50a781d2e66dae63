"""What the cases need from others, in their own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from linli.cases.queries.reference import CategoryRow
from linli.cases.rules.suggest import Suggestion
from linli.kernel.access import Actor


class Classifier(Protocol):
    """Proposes what a report is about; a person decides."""

    version: str

    def suggest(
        self, words: str, categories: Mapping[str, CategoryRow], community_id: int = 0
    ) -> tuple[Suggestion, ...]:
        """Up to three categories, surest first, or none below its threshold, as this community decides (0: any)."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two reports look alike, or unlike: a code of `words_alike.ALIKE_WHY`, and the value it names."""

    code: str
    value: str = ""
    against: bool = False


@dataclass(frozen=True, slots=True)
class Alike:
    """An open case that may be the same matter as what is asked about."""

    case_id: int
    number: str
    certainty: float  # 0 to 1, calibrated
    reasons: tuple[Reason, ...]  # the strongest first
    meters: float | None  # between the two points, where both are known
    supporters: int  # other people who say the same

    @property
    def percent(self) -> int:
        """The certainty as people read it; never 100, for a machine that compares words is not sure."""
        return min(round(self.certainty * 100), 99)


class Likeness(Protocol):
    """Finds the open cases that may be the same matter; a resident or a dispatcher decides."""

    version: str

    def alike(
        self,
        *,
        community_id: int,
        words: str,
        lon: float | None,
        lat: float | None,
        place_path: str,
        category_code: str,
        at: datetime,
        limit: int = 5,
        but: int | None = None,
        address: str = "",
    ) -> tuple[Alike, ...]:
        """The likeliest first, none below its threshold. The community must be entered.

        :param address: as it was written, beside the words.
        :param place_path: where it is as far as it is known; empty for nowhere in particular.
        :param but: the case that is asked about: left out, with every case that a person said is another matter.
        """

    def weigh(self, case_id: int, other_id: int, *, at: datetime) -> Alike | None:
        """How alike these two cases are, whatever became of them; None where one cannot be seen."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to be said about an answer before it leaves: a code of `words_answers.REMARKS`, and what it is about."""

    code: str
    grave: bool = False  # it may not leave like this
    value: str = ""


class AnswerReader(Protocol):
    """Reads an answer as the resident will, before it leaves; whoever wrote it decides."""

    version: str

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
        """The gravest first; nothing for a good answer. The community must be entered.

        :param words: what the resident wrote.
        :param number: the case's, whose own earlier answer does not count as a phrase; empty for none.
        :param declines: the matter is not taken up: a reason is wanted instead of a deed.
        """


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing beside a case; ``url`` is empty where the reader may not open more."""

    words: str
    icon: str
    url: str = ""
    onward: bool = (
        False  # nothing known yet, only a way to send the case on: said quietly, after the proposal
    )


@dataclass(frozen=True, slots=True)
class Matter:
    """A case as far as its like is looked for."""

    case_id: int
    community_id: int
    category_code: str
    building_id: int | None
    point: tuple[float, float] | None  # longitude, latitude
    number: str = ""
    open: bool = False


class Memory(Protocol):
    """What is known about matters like a case's: that it keeps coming back, that many write about it."""

    def notes(self, matter: Matter, *, actor: Actor, language: str) -> tuple[Note, ...]:
        """In words, for this member of staff, the most important first. The community must be entered."""


_filled: dict[str, Classifier] = {}
_reader: list[AnswerReader] = []
_likeness: list[Likeness] = []
_memories: list[Memory] = []


def classifier() -> Classifier:
    """The classifier plugged in by ``site/wiring.py``."""
    return _filled["classifier"]


def plug_classifier(adapter: Classifier) -> None:
    """Fill the port."""
    _filled["classifier"] = adapter


def likeness() -> Likeness:
    """What finds the same matter, plugged in by ``site/wiring.py``."""
    return _likeness[-1]


def plug_likeness(adapter: Likeness) -> None:
    """Fill the port."""
    _likeness[:] = [adapter]


def answer_reader() -> AnswerReader | None:
    """What reads answers before they leave, plugged in by ``site/wiring.py``; None where nothing does."""
    return _reader[-1] if _reader else None


def plug_answer_reader(adapter: AnswerReader) -> None:
    """Fill the port."""
    _reader[:] = [adapter]


def memories() -> tuple[Memory, ...]:
    """What is known about matters like a case's; nothing where nobody was plugged in."""
    return tuple(_memories)


def plug_memory(*adapters: Memory) -> None:
    """Fill the port."""
    _memories[:] = adapters
