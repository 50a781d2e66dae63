"""What people asks of the rest of the house and of the outside. ``site/wiring.py`` plugs in who answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class CodeSender(Protocol):
    """Carries a one-time code to a phone (SMS, voice call, the console)."""

    def send(self, phone: str, code: str, language: str) -> None:
        """Send it now.

        :param phone: in E.164, ``+8613812345678``.
        :raises NotSent: when the carrier did not take it.
        """


class IsStaff(Protocol):
    """Whether the account holds a duty other than being a resident; grids knows, and lies above people."""

    def __call__(self, account_id: int, at: datetime) -> bool: ...


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One row of the demo's front door."""

    account_id: int
    community: str  # the community's name in the reader's language
    role: str  # a role of kernel.access.ROLES
    title: str  # what the person is called at work; may be empty


class DemoPeople(Protocol):
    """The demo's people, in the order in which they should be shown."""

    def __call__(self, language: str, at: datetime) -> Sequence[DemoPerson]: ...


@dataclass(frozen=True, slots=True)
class SentCode:
    """A code the demo's sender has just carried."""

    phone: str  # masked
    code: str


class LastCodes(Protocol):
    """The last codes sent, the newest first; only a demo's sender remembers them."""

    def __call__(self) -> Sequence[SentCode]: ...


@dataclass(frozen=True, slots=True)
class SignInWay:
    """Another way of coming in, as a button of the sign-in page."""

    name: str
    url: str


class SignInWays(Protocol):
    """The ways of coming in beyond phone and password."""

    def __call__(self, language: str) -> Sequence[SignInWay]: ...


class CommunityNames(Protocol):
    """The names of communities, by id; the place tree lies above people."""

    def __call__(self, community_ids: Sequence[int], language: str) -> dict[int, str]: ...


class NotSent(Exception):
    """The carrier refused or did not answer."""


class NotWired(Exception):
    """A port was used before ``site/wiring.py`` filled it."""


@dataclass(slots=True)
class _Sockets:
    code_sender: CodeSender | None = None
    is_staff: IsStaff | None = None
    demo_people: DemoPeople | None = None
    community_names: CommunityNames | None = None
    last_codes: LastCodes | None = None
    sign_in_ways: SignInWays | None = None


_sockets = _Sockets()


def wire(
    *,
    code_sender: CodeSender | None = None,
    is_staff: IsStaff | None = None,
    demo_people: DemoPeople | None = None,
    community_names: CommunityNames | None = None,
    last_codes: LastCodes | None = None,
    sign_in_ways: SignInWays | None = None,
) -> None:
    """Fill the ports that are given; the others stay as they are."""
    _sockets.code_sender = code_sender or _sockets.code_sender
    _sockets.is_staff = is_staff or _sockets.is_staff
    _sockets.demo_people = demo_people or _sockets.demo_people
    _sockets.community_names = community_names or _sockets.community_names
    _sockets.last_codes = last_codes or _sockets.last_codes
    _sockets.sign_in_ways = sign_in_ways or _sockets.sign_in_ways


def code_sender() -> CodeSender:
    """Who carries codes now.

    :raises NotWired: when nobody does.
    """
    if _sockets.code_sender is None:
        raise NotWired("code_sender")
    return _sockets.code_sender


def is_staff(account_id: int, at: datetime) -> bool:
    """Whether the account holds a staff duty at this moment.

    :raises NotWired: when nobody knows; a silent "no" would skip the second factor.
    """
    if _sockets.is_staff is None:
        raise NotWired("is_staff")
    return _sockets.is_staff(account_id, at)


def demo_people(language: str, at: datetime) -> Sequence[DemoPerson]:
    """The demo's people; none when nobody knows any."""
    return () if _sockets.demo_people is None else _sockets.demo_people(language, at)


def community_names(community_ids: Sequence[int], language: str) -> dict[int, str]:
    """The communities' names; the number stands in for a name nobody knows."""
    named = {} if _sockets.community_names is None else _sockets.community_names(community_ids, language)
    return {number: named.get(number, str(number)) for number in community_ids}


def last_codes() -> Sequence[SentCode]:
    """The last codes of the demo; none outside of it."""
    return () if _sockets.last_codes is None else _sockets.last_codes()


def sign_in_ways(language: str) -> Sequence[SignInWay]:
    """The ways of coming in beyond phone and password; none where nobody knows any."""
    return () if _sockets.sign_in_ways is None else _sockets.sign_in_ways(language)
