"""A service: help that somebody gave to a household or a person, and how that person says that it was given. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from linli.kernel.refusals import Wrong

WORDS_MOST, ANSWER_MOST, NAME_MOST, CODE_DIGITS = 500, 500, 40, 6
#: Who may write down help they gave, at their place and below it.
HELPERS = ("grid_worker", "police", "assistant", "building_head")
#: Who sees the services of a community, and who keeps its kinds.
READERS = ("community_leader", "admin", "auditor", "dispatcher", "verifier")
KEEPERS = ("community_leader", "admin")
#: Who calls residents; never the one who wrote the record.
CALLERS = ("dispatcher", "verifier", "community_leader")
#: A code lives so long, and dies after so many wrong tries.
CODE_LASTS, CODE_TRIES, CODES_A_DAY = timedelta(minutes=30), 5, 3
#: How far back help may still be written down, and for how long the resident may answer.
LATE_DAYS, ANSWER_DAYS = 7, 60
#: A resident who has not answered after so long is called, if drawn.
CALL_AFTER = timedelta(days=2)
CALLS_MOST = 3
LOTS = 1_000_000


class Answer(StrEnum):
    """What the resident says."""

    YES = "yes"
    NO = "no"


class Way(StrEnum):
    """How the resident's answer came."""

    TAP = "tap"
    CODE = "code"
    CALL_BACK = "call_back"


class State(StrEnum):
    """Where a service stands. Unconfirmed is not confirmed, and nobody's fault."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


class Called(StrEnum):
    """How one call went."""

    YES = "yes"
    NO = "no"
    NOT_REACHED = "not_reached"
    WONT_SAY = "wont_say"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of help; ``from_date`` to before ``until_date``."""

    code: str
    name_zh: str
    name_en: str
    from_date: date = date.min
    until_date: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether this kind may be given on the day."""
        return self.from_date <= day and (self.until_date is None or day < self.until_date)


#: What every community has until it says otherwise under the same code.
SHIPPED = (
    Kind("e_commerce", "帮助居民开展电商", "Help with selling online"),
    Kind("paperwork", "代办帮办", "Papers and errands for somebody"),
    Kind("phone_help", "教用手机和线上办事", "Help with a phone and online services"),
    Kind("escort", "陪同就医办事", "Going along to hospital or an office"),
    Kind("home_help", "上门帮忙", "A hand at home"),
)


@dataclass(frozen=True, slots=True)
class Given:
    """What the helper writes down: one of dwelling and phone says who was helped."""

    kind: str
    words: str
    at: datetime
    dwelling_id: int | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a record decides its state; times in order of what happened."""

    withdrawn: bool = False
    answer: str = ""


def state(standing: Standing) -> State:
    """Where it stands: the resident's last answer counts, and without one nothing is confirmed."""
    if standing.withdrawn:
        return State.WITHDRAWN
    return {Answer.YES.value: State.CONFIRMED, Answer.NO.value: State.DENIED}.get(
        standing.answer, State.UNCONFIRMED
    )


def kinds(own: Iterable[Kind], day: date) -> dict[str, Kind]:
    """The kinds of a community on a day by code: shipped ones, and its own, which take the place of shipped ones.

    A shipped kind that the community has ended under its own code is gone.
    """
    mine = sorted(own, key=lambda kind: kind.from_date)
    found = {kind.code: kind for kind in SHIPPED}
    for kind in mine:
        if kind.holds_on(day):
            found[kind.code] = kind
        elif kind.until_date is not None and kind.until_date <= day:
            found.pop(kind.code, None)
    return found


def wrong_given(
    given: Given, *, allowed: Mapping[str, Kind], at: datetime, is_phone: Callable[[str], bool]
) -> tuple[Wrong, ...]:
    """Everything that keeps help from being written down."""
    found = []
    if given.kind not in allowed:
        found.append(Wrong("kind", "no_such_kind"))
    if not given.words.strip():
        found.append(Wrong("words", "missing"))
    elif len(given.words) > WORDS_MOST:
        found.append(Wrong("words", "too_long", str(WORDS_MOST)))
    if (given.dwelling_id is None) == (not given.phone):
        found.append(Wrong("dwelling", "door_or_phone"))
    elif given.phone and not is_phone(given.phone):
        found.append(Wrong("phone", "no_phone"))
    if given.at > at:
        found.append(Wrong("at", "in_the_future"))
    elif at - given.at > timedelta(days=LATE_DAYS):
        found.append(Wrong("at", "too_long_ago", str(LATE_DAYS)))
    return tuple(found)


def wrong_kind(kind: Kind, *, today: date) -> tuple[Wrong, ...]:
    """Everything that keeps a kind from being set."""
    found = []
    if not (kind.code.isascii() and kind.code.replace("_", "").isalnum() and kind.code == kind.code.lower()):
        found.append(Wrong("code", "no_code"))
    for name in ("name_zh", "name_en"):
        if not getattr(kind, name).strip():
            found.append(Wrong(name, "missing"))
        elif len(getattr(kind, name)) > NAME_MOST:
            found.append(Wrong(name, "too_long", str(NAME_MOST)))
    if kind.from_date < today:
        found.append(Wrong("from_date", "back_dated"))
    if kind.until_date is not None and kind.until_date <= kind.from_date:
        found.append(Wrong("until_date", "before_it_begins"))
    return tuple(found)


def lot(seed: str, name: str) -> int:
    """The lot of a record, 0 to 999999: the first eight bytes of sha256("<seed>:<name>"), as in cases' call-backs."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{name}".encode()).digest()[:8], "big") % LOTS


def is_drawn(lot_: int, percent: int) -> bool:
    """Whether a lot falls within the share."""
    return lot_ < percent * (LOTS // 100)


def code_of(number: int) -> str:
    """A number as the digits that are read out."""
    return str(number % 10**CODE_DIGITS).zfill(CODE_DIGITS)


def plain_code(typed: str) -> str:
    """What was typed, without spaces and with full-width digits made plain; empty if it is no code."""
    digits = "".join(str(int(sign)) for sign in typed if sign.isdecimal())
    return digits if len(digits) == CODE_DIGITS else ""


def ends(done: Called, calls: int) -> bool:
    """Whether the resident is called no more after this call."""
    return done is not Called.NOT_REACHED or calls >= CALLS_MOST
