"""What a conversation is made of: what was said so far, what is answered, what is done, what may be asked. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from linli.integrations.wechat.rules.scenes import Scene


class Step(StrEnum):
    """Where the conversation stands."""

    IDLE = ""
    WHAT = "what"  # a picture or a place came, without words
    PLACE = "place"  # asked where
    CONFIRM = "confirm"  # asked whether it shall go
    ANSWERED = "answered"  # a question was answered from the community's own words
    UNSOLVED = "unsolved"  # told that it is not solved; asked whether to take it up again


DRAFTING = frozenset({Step.WHAT, Step.PLACE, Step.CONFIRM})


@dataclass(frozen=True, slots=True)
class Talk:
    """What one follower has said so far."""

    step: Step = Step.IDLE
    words: str = ""
    inquiry: bool = False
    pictures: tuple[int, ...] = ()  # numbers of the messages that brought them
    sounds: tuple[int, ...] = ()
    building_id: int | None = None
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    asked: int = 0
    alike: str = ""  # the number of the neighbours' case that was offered
    rate: str = ""  # the number of the settled case whose mark is asked for
    last: str = ""  # the number of the report just made
    last_at: float = 0.0
    at: float = 0.0  # of the last word, Unix seconds
    reminded: bool = False

    @property
    def drafting(self) -> bool:
        """Whether something waits to be sent."""
        return self.step in DRAFTING

    @property
    def placed(self) -> bool:
        """Whether it is said where."""
        return self.building_id is not None or self.lon is not None or bool(self.address)


@dataclass(frozen=True, slots=True)
class Say:
    """One thing to answer: a code, and what it names."""

    code: str
    values: tuple[tuple[str, Any], ...] = ()


class Do(StrEnum):
    """What is to be done."""

    SUBMIT = "submit"
    PROGRESS = "progress"
    JOIN = "join"
    ADD = "add"
    RATE = "rate"
    REOPEN = "reopen"
    FOLLOWED = "followed"
    LEFT = "left"
    STAND = "stand"  # at a place
    CONSENT = "consent"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do, with what it needs."""

    do: Do
    draft: Talk = field(default_factory=Talk)
    number: str = ""
    words: str = ""
    stars: int = 0
    scene: Scene | None = None
    media: tuple[int, ...] = ()
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """The outcome of one message."""

    talk: Talk
    says: tuple[Say, ...] = ()
    act: Act | None = None


class Ears(Protocol):
    """What is known outside of the conversation; asked only where it matters."""

    def building(self, words: str) -> int | None:
        """The building that words surely mean."""

    def here(self) -> int | None:
        """The building this follower stands at or follows."""

    def is_urgent(self, words: str) -> bool:
        """Whether words tell of danger."""

    def answer(self, words: str) -> int | None:
        """The community's own answer to a question."""

    def alike(self, draft: Talk) -> str:
        """The number of a neighbours' case that surely is the same matter; empty for none."""


def as_data(talk: Talk) -> dict[str, Any]:
    """The conversation as it is kept; only what differs from an empty one."""
    empty = asdict(Talk())
    return {name: value for name, value in asdict(talk).items() if value != empty[name]}


def from_data(data: dict[str, Any]) -> Talk:
    """The conversation that was kept; what an older version kept and nobody knows any more is dropped."""
    known = {name: value for name, value in data.items() if name in Talk.__dataclass_fields__}
    for name in ("pictures", "sounds"):
        known[name] = tuple(known.get(name) or ())
    steps = set(Step)
    known["step"] = Step(known.get("step", "")) if known.get("step", "") in steps else Step.IDLE
    return Talk(**known)
