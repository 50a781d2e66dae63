"""To whom something is told. Pure."""

from __future__ import annotations

from dataclasses import dataclass

_LETTERS = {"person": "a", "robot": "b", "contact": "c", "neighbour": "s"}


@dataclass(frozen=True, slots=True)
class To:
    """A recipient: a person, the group of a body or of the community's own room, or a phone left with a report."""

    kind: str  # person | body | room | contact | neighbour
    id: int = 0
    number: str = ""

    @classmethod
    def person(cls, account_id: int) -> To:
        """Somebody with an account."""
        return cls("person", account_id)

    @classmethod
    def body(cls, organisation_id: int) -> To:
        """The groups of a body in which a robot of ours stands."""
        return cls("body", organisation_id)

    @classmethod
    def room(cls) -> To:
        """The groups of the community's own room."""
        return cls("room")

    @classmethod
    def contact(cls, number: str) -> To:
        """The phone left with a report of somebody who has no account."""
        return cls("contact", number=number)

    @classmethod
    def neighbour(cls, supporter_id: int) -> To:
        """The phone of somebody without an account who joined a case."""
        return cls("neighbour", supporter_id)


def written(kind: str, key: int | str) -> str:
    """How a row names its recipient: a12, b3, c261123048213, s7."""
    return f"{_LETTERS[kind]}{key}"


def has_page(recipient: str) -> bool:
    """Whether the recipient has a page to read it on."""
    return recipient.startswith("a")
