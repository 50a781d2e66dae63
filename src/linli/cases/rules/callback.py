"""Calling residents back after their case was closed: who is drawn, when somebody counts as not reached. Pure.

The draw is a lottery that anybody with the month's seed can repeat: the first eight bytes of
``sha256("<seed>:<case number>:<round>")``, read as a big-endian number, modulo a million, is the *lot* of a closing. It is
drawn when the lot is below the share (in percent) times ten thousand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

from linli.kernel.worktime import SHANGHAI

LOTS = 1_000_000
PER_CENT = LOTS // 100


class Trigger(StrEnum):
    """What makes a case special, so that a plan may call back all of its kind."""

    REOPENED = "reopened"  # it had been closed before
    JOINED = "joined"  # several residents reported it
    JOINT = "joint"  # several bodies worked on it
    SUPERVISED = "supervised"
    URGENT = "urgent"


class Why(StrEnum):
    """Why a closing is called back."""

    NOT_DRAWN = ""
    RULE = "rule"  # its lot fell within the share of a rule
    NO_PLAN = "no_plan"  # the community has no plan: everybody is called
    MINIMUM = "minimum"  # drawn at the end of the month, so that its body has enough
    ASKED = "asked"  # called although it was not drawn


class Outcome(StrEnum):
    """How a call-back ended."""

    REACHED = "reached"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    WRONG_NUMBER = "wrong_number"
    NO_CONTACT = "no_contact"  # nobody could be called: no number was left


class Tried(StrEnum):
    """How one call went."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    CALL_AGAIN = "call_again"  # the resident asked for another time
    REFUSED = "refused"
    WRONG_NUMBER = "wrong_number"


class Part(StrEnum):
    """The part of a day in which a call was made."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


NOON, EVENING_AT = time(12), time(18)
#: What a resident may say is wrong; ``other`` goes with words.
COMPLAINTS = ("not_done", "came_back", "too_slow", "poor_manner", "answer_unclear", "beyond_power", "other")
QUESTIONS = ("greeting", "solved", "satisfied", "why", "reopen", "goodbye")
LEAST_CONTENT = 3  # of five stars: basically satisfied


@dataclass(frozen=True, slots=True)
class PlanRule:
    """One line of a community's plan: which closings it is about, and how many of them are called."""

    share: Decimal  # percent, 0 to 100
    category_code: str = ""  # with everything below it; empty: any
    organisation_id: int | None = None
    channel: str = ""
    trigger: str = ""
    minimum: int = 0  # at least so many a body and month
    valid_from: date = date.min
    valid_to: date | None = None
    id: int | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on this day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def fits(self, closing: Closing) -> bool:
        """Whether the rule is about this closing."""
        code = closing.category_code
        under = not self.category_code or (f"{code}.").startswith(f"{self.category_code}.")
        body = self.organisation_id in {None, closing.organisation_id}
        special = not self.trigger or self.trigger in closing.triggers
        return under and body and special and self.channel in {"", closing.channel}


@dataclass(frozen=True, slots=True)
class Closing:
    """What of a closed case matters for the draw, as it stood when it was closed."""

    number: str
    round: int  # 1 for the first closing of a case
    day: date
    category_code: str = ""
    organisation_id: int | None = None
    channel: str = ""
    triggers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the draw says of a closing."""

    lot: int
    share: Decimal
    why: Why
    rule_id: int | None = None

    @property
    def drawn(self) -> bool:
        """Whether the resident is to be called."""
        return self.why is not Why.NOT_DRAWN


@dataclass(frozen=True, slots=True)
class Terms:
    """When somebody counts as not reached, and between which hours calls are made."""

    tries: int = 3
    days: int = 2  # on so many different days
    parts: int = 2  # in so many different parts of a day
    apart_hours: int = 2  # calls nearer to each other count as one
    from_time: time = time(9)
    to_time: time = time(20)


def lot(seed: str, number: str, round_: int) -> int:
    """The lot of a closing, 0 to 999999."""
    digest = hashlib.sha256(f"{seed}:{number}:{round_}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % LOTS


def digest_of(seed: str) -> str:
    """What is written into the audit log when a month begins, so that its seed cannot be exchanged afterwards."""
    return hashlib.sha256(seed.encode()).hexdigest()


def month_of(moment: datetime) -> str:
    """The local month of a moment, as ``2026-11``."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m")


def draw(closing: Closing, rules: Iterable[PlanRule], seed: str) -> Verdict:
    """Whether a closing is called back, by the month's seed; see `judge`."""
    return judge(closing, rules, lot(seed, closing.number, closing.round))


def judge(closing: Closing, rules: Iterable[PlanRule], mine: int) -> Verdict:
    """Whether a closing with this lot is called back.

    The greatest share among the rules that fit it counts, of equal ones the older rule. A community without any rule in
    force calls everybody.
    """
    held = [rule for rule in rules if rule.holds_on(closing.day)]
    if not held:
        return Verdict(mine, Decimal(100), Why.NO_PLAN)
    fitting = [rule for rule in held if rule.fits(closing)]
    best = max(fitting, key=lambda rule: (rule.share, -(rule.id or 0)), default=None)
    if best is None:
        return Verdict(mine, Decimal(0), Why.NOT_DRAWN)
    won = mine < int(best.share * PER_CENT)
    return Verdict(mine, best.share, Why.RULE if won else Why.NOT_DRAWN, best.id)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A closing of a month after its draw."""

    id: int
    closing: Closing
    lot: int
    drawn: bool


@dataclass(frozen=True, slots=True)
class Addition:
    """A closing that is called as well, so that its body reaches the month's minimum."""

    id: int
    rule_id: int | None


def top_up(month: Sequence[Drawn], rules: Iterable[PlanRule]) -> tuple[Addition, ...]:
    """Which closings of a finished month are called as well: for each rule and body, the lowest lots not yet drawn.

    :param rules: those in force on the last day of the month; each with a minimum is looked at, the oldest first.
    """
    chosen = {one.id for one in month if one.drawn}
    added: list[Addition] = []
    for rule in sorted((rule for rule in rules if rule.minimum), key=lambda rule: rule.id or 0):
        of_body: dict[int, list[Drawn]] = {}
        for one in month:
            if one.closing.organisation_id is not None and rule.fits(one.closing):
                of_body.setdefault(one.closing.organisation_id, []).append(one)
        for _body, closings in sorted(of_body.items()):
            lacking = rule.minimum - sum(one.id in chosen for one in closings)
            rest = sorted(
                (one for one in closings if one.id not in chosen), key=lambda one: (one.lot, one.id)
            )
            for one in rest[: max(0, lacking)]:
                chosen.add(one.id)
                added.append(Addition(one.id, rule.id))
    return tuple(added)


def part_of(moment: datetime) -> Part:
    """In which part of its local day a moment lies."""
    hour = moment.astimezone(SHANGHAI).time()
    return Part.MORNING if hour < NOON else Part.AFTERNOON if hour < EVENING_AT else Part.EVENING


def in_hours(moment: datetime, terms: Terms) -> bool:
    """Whether calls are made at this time of day."""
    return terms.from_time <= moment.astimezone(SHANGHAI).time() < terms.to_time


def counted(tries: Iterable[datetime], terms: Terms) -> tuple[datetime, ...]:
    """Those of the unanswered calls that count: within calling hours, and not too near to the one counted before."""
    found: list[datetime] = []
    for moment in sorted(tries):
        near = found and moment - found[-1] < timedelta(hours=terms.apart_hours)
        if in_hours(moment, terms) and not near:
            found.append(moment)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Lacking:
    """What is still to be tried before somebody counts as not reached."""

    tries: int
    days: int
    parts: int
    not_before: datetime | None  # an earlier call would not count
    tried_parts: frozenset[Part]

    @property
    def nothing(self) -> bool:
        """Whether the resident counts as not reached."""
        return not (self.tries or self.days or self.parts)


def lacking(tries: Iterable[datetime], terms: Terms) -> Lacking:
    """How far the unanswered calls are from "not reached"."""
    held = counted(tries, terms)
    days = {moment.astimezone(SHANGHAI).date() for moment in held}
    parts = frozenset(part_of(moment) for moment in held)
    return Lacking(
        tries=max(0, terms.tries - len(held)),
        days=max(0, terms.days - len(days)),
        parts=max(0, terms.parts - len(parts)),
        not_before=held[-1] + timedelta(hours=terms.apart_hours) if held else None,
        tried_parts=parts,
    )


def content(solved: bool | None, stars: int | None) -> bool | None:
    """Whether the resident is satisfied: three stars of five and more; None where nothing was said of it."""
    if stars is None:
        return False if solved is False else None
    return stars >= LEAST_CONTENT
