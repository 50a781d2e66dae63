"""What becomes of a notice: which road next, when again, when to give up. Pure.

Every notice ends: read on the page, taken by a carrier, gathered into another one, or given up with a reason. Nobody is
carried to within their quiet hours, unless lives may hang on it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from linli.cases.rules import quiet
from linli.kernel import backoff
from linli.notices.ports import Result
from linli.notices.rules.kinds import FIXED, Group, Kind, Urgency

MOST_TRIES = 6  # by one road
FIRST_WAIT = timedelta(seconds=20)
LONGEST_WAIT = timedelta(minutes=30)
#: How long after it was told a notice is still worth carrying.
WORTH = {
    Urgency.CRITICAL: timedelta(hours=2),
    Urgency.PROMPT: timedelta(days=2),
    Urgency.ORDINARY: timedelta(days=3),
}
LEASE = timedelta(minutes=3)  # after which a letter under way is taken up again: its carrier may have died
REST = timedelta(days=60)  # for so long a notice waits on the page to be read
ASLEEP = "none"  # a person's own quiet hours: none at all
EMAIL = "email"  # the one road that a person switches on; the others are on until switched off


class State(StrEnum):
    """Where a notice is."""

    WAITING = "waiting"  # for its moment
    UNDER_WAY = "under_way"  # handed to a carrier, whose answer is not noted yet
    HELD = "held"  # for the daily digest
    RESTING = "resting"  # on the page, no road left: it waits to be read
    SENT = "sent"  # a carrier took it
    ARRIVED = "arrived"  # and says that it arrived
    READ = "read"  # on the page
    GATHERED = "gathered"  # told with others in one
    GIVEN_UP = "given_up"  # the reason says why


PENDING = frozenset({State.WAITING, State.UNDER_WAY, State.HELD, State.RESTING})
ENDED = frozenset(State) - PENDING
#: What may still be turned by a receipt that says: it did not arrive.
CARRIED = frozenset({State.SENT, State.ARRIVED})


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wants of being told."""

    off: frozenset[tuple[str, str]] = frozenset()  # group, road
    on: frozenset[tuple[str, str]] = frozenset()  # for roads that are off until asked for
    quiet: str = ""  # own quiet hours; empty: the community's; `none`: at any hour
    digest: bool = False


NO_WISHES = Wishes()


def roads(kind: Kind, community: Sequence[str] | None, wishes: Wishes = NO_WISHES) -> tuple[str, ...]:
    """The roads to be tried for a person, in order.

    :param community: the community's own choice for this kind; None: as shipped.
    """
    group = kind.group.value
    wanted = kind.roads if community is None else tuple(community)
    found = []
    for road in wanted:
        if road not in kind.possible_roads:
            continue
        switched_off = (group, road) in wishes.off and kind.group not in FIXED
        switched_on = road != EMAIL or (group, road) in wishes.on
        if switched_on and not switched_off:
            found.append(road)
    return tuple(found)


def hours_of(wishes: Wishes, community_hours: str) -> str:
    """The quiet hours that hold for a person."""
    if wishes.quiet == ASLEEP:
        return ""
    return wishes.quiet or community_hours


def may_carry(urgency: Urgency, hours: str, local: datetime) -> bool:
    """Whether somebody may be reached at this local moment."""
    return urgency is Urgency.CRITICAL or not quiet.is_quiet(hours, local)


def earliest(urgency: Urgency, hours: str, local: datetime) -> datetime:
    """The first local moment at which somebody may be reached."""
    return local if urgency is Urgency.CRITICAL else quiet.rings_at(hours, local)


def digest_at(local: datetime, hour: int) -> datetime:
    """When the next daily digest goes out: today at this hour, or tomorrow."""
    today = datetime.combine(local.date(), time(hour), local.tzinfo)
    return today if local < today else today + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a new notice stands."""

    state: State
    roads: tuple[str, ...]
    next_at: datetime | None


def begin(
    kind: Kind, planned: Sequence[str], wishes: Wishes, *, hours: str, digest_hour: int, local: datetime
) -> Beginning:
    """Where a new notice begins: held for the digest, waiting for its moment, or on the page alone."""
    if kind.digestible and wishes.digest:
        return Beginning(State.HELD, tuple(planned), digest_at(local, digest_hour))
    if not planned:
        return Beginning(State.RESTING, (), None)
    return Beginning(State.WAITING, tuple(planned), earliest(kind.urgency, hours, local))


@dataclass(frozen=True, slots=True)
class Now:
    """What of a notice matters for its next step."""

    urgency: Urgency
    roads: tuple[str, ...]  # the present road first
    tries: int  # by the present road, this one included
    begun_at: datetime
    on_page: bool  # whether its recipient has a page to read it on


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of it."""

    state: State
    roads: tuple[str, ...]
    tries: int
    next_at: datetime | None
    reason: str = ""


def wait(tries: int, after: timedelta | None, salt: int = 0) -> timedelta:
    """How long until the next try: 20 s, 40 s, 80 s … half an hour, at least what the carrier says.

    :param salt: spreads the tries of many notices over a fifth of the wait.
    """
    doubled = backoff.wait(tries, first=FIRST_WAIT, longest=LONGEST_WAIT)
    spread = doubled * ((salt % 20) / 100)
    return max(doubled + spread, after or timedelta(0))


def after_answer(
    now: Now, result: Result, *, at: datetime, after: timedelta | None = None, code: str = "", salt: int = 0
) -> Step:
    """The next step after a carrier's answer."""
    if result is Result.SENT:
        return Step(State.SENT, now.roads, now.tries, None)
    if result is Result.LATER and now.tries < MOST_TRIES:
        again = at + wait(now.tries, after, salt)
        if again - now.begun_at <= WORTH[now.urgency]:
            return Step(State.WAITING, now.roads, now.tries, again, code)
    return next_road(now, at=at, code=code or result.value)


def next_road(now: Now, *, at: datetime, code: str) -> Step:
    """The present road leads nowhere: the next one, else the page, else the end."""
    rest = now.roads[1:]
    if rest and at - now.begun_at <= WORTH[now.urgency]:
        return Step(State.WAITING, rest, 0, at, code)
    return last(now, code)


def last(now: Now, code: str) -> Step:
    """No road is left."""
    state = State.RESTING if now.on_page else State.GIVEN_UP
    return Step(state, (), now.tries, None, code)


def too_late(now: Now, *, at: datetime) -> bool:
    """Whether nobody needs to hear it any more: the time for carrying it has passed."""
    return at - now.begun_at > WORTH[now.urgency]


def failing(results: Mapping[str, int], *, least: int = 5) -> bool:
    """Whether a road looks broken: of at least so many letters lately none was taken, or nine in ten were refused.

    :param results: how many letters ended how.
    """
    total = sum(results.values())
    taken = results.get(Result.SENT.value, 0)
    refused = results.get(Result.REFUSED.value, 0) + results.get(Result.LATER.value, 0)
    return total >= least and (taken == 0 and refused > 0 or refused >= 0.9 * total)


def switched(on: Collection[str], group: Group, road: str) -> bool:
    """Whether a road shows as on for a group on the page of choices."""
    return group in FIXED or f"{group.value}:{road}" in on
