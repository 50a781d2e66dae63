"""What notices asks of the outside: one carrier per road. ``site/wiring.py`` plugs them in.

The contract is at least once with a stable key: a carrier may be asked to carry the same key twice (after a
crash between the sending and the note of it), and hands the key on where the other side knows such keys.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol


class Result(enum.Enum):
    """What became of one message at the carrier."""

    SENT = "sent"  # the carrier took it
    LATER = "later"  # try again, by the same road (`after` says when at the earliest)
    CLOSED = "closed"  # this road is not open to this person now (no subscription, window over): take the next road
    REFUSED = "refused"  # it will never be taken like this (bad address, bad words): take the next road, and tell staff


@dataclass(frozen=True, slots=True)
class Carried:
    """A carrier's answer.

    ``code`` is the carrier's or our own reason (``40001``, ``no_subscription``); ``reference`` its number of the
    message, by which a receipt comes in later; neither holds personal data.
    """

    result: Result
    code: str = ""
    reference: str = ""
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """One message for one person (or one body's group), in words of its language.

    ``fields`` are the same words by name, for carriers with templates of their own (a subscription notice, an
    SMS template); ``link`` is an absolute address of our own page; ``key`` is stable over tries.
    """

    key: str
    community_id: int
    kind: str  # the notice's code: case_settled …
    title: str
    words: str
    language: str
    link: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    draw: Callable[[], bytes] | None = (
        None  # the same as a picture (PNG), for groups whose robots can show one
    )


class Carrier(Protocol):
    """Carries messages by one road: ``wechat``, ``sms``, ``email``, ``wecom``, ``dingtalk``, ``feishu``, ``console``."""

    road: str

    def address(
        self, *, community_id: int, account_id: int | None, organisation_id: int | None, at: datetime
    ) -> str | None:
        """Where this person or body is reached by this road; None: not at all. Not shown, not logged."""

    def carry(self, letters: Sequence[tuple[str, Letter]], *, at: datetime) -> Sequence[Carried]:
        """Carry letters to their addresses; one answer each, in their order. Never raises for a letter's sake."""


class KnowsMany(Protocol):
    """What a carrier may know besides: the addresses of many persons at once."""

    def addresses(self, *, community_id: int, account_ids: Sequence[int], at: datetime) -> Mapping[int, str]:
        """Where these persons are reached; those who are not are left out."""


def addresses(
    carrier: Carrier, *, community_id: int, account_ids: Sequence[int], at: datetime
) -> Mapping[int, str]:
    """Where these persons are reached by a carrier's road, whether it knows many at once or one after the other."""
    many = getattr(carrier, "addresses", None)
    if many is not None:
        known: KnowsMany = carrier  # type: ignore[assignment]  # it has the method
        return known.addresses(community_id=community_id, account_ids=account_ids, at=at)
    found = {}
    for one in account_ids:
        address = carrier.address(community_id=community_id, account_id=one, organisation_id=None, at=at)
        if address:
            found[one] = address
    return found


_carriers: dict[str, Carrier] = {}
#: Kind of notice -> (community, fact, language) -> its picture; empty where there is none any more.
Drawer = Callable[[int, str, str], bytes]
_drawers: dict[str, Drawer] = {}


def plug_picture(kind: str, drawer: Drawer) -> None:
    """Let notices of a kind go to groups as a picture, where their robots can show one."""
    _drawers[kind] = drawer


def drawer(kind: str) -> Drawer | None:
    """Who draws notices of this kind; None where nobody does."""
    return _drawers.get(kind)


def plug(*carriers: Carrier) -> None:
    """Let these carry by their roads; the last one plugged for a road holds."""
    for carrier in carriers:
        _carriers[carrier.road] = carrier


def unplug(road: str) -> None:
    """Close a road."""
    _carriers.pop(road, None)


def carrier(road: str) -> Carrier | None:
    """Who carries by this road; None where nobody does."""
    return _carriers.get(road)


def roads() -> frozenset[str]:
    """The roads on which somebody carries."""
    return frozenset(_carriers)
