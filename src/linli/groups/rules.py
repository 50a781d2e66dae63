"""What a group and a count of its heads must be; how many households the groups of a place reach. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from linli.kernel import text
from linli.kernel.refusals import Wrong

NAME_MOST, JOIN_MOST, NOTE_MOST, HEADS_MOST = 60, 300, 200, 100_000
#: Duties that may keep the directory, at their place and below it.
KEEPERS = ("community_leader", "admin", "dispatcher", "assistant", "grid_worker")
#: Pictures by which a count can be checked.
PROOFS_MOST = 3
LINK_MOST = 300


class Kind(StrEnum):
    """Whose group it is."""

    RESIDENTS = "residents"
    OWNERS = "owners"
    VOLUNTEERS = "volunteers"
    INTEREST = "interest"
    STAFF = "staff"


class Platform(StrEnum):
    """Where the group lives."""

    WECHAT = "wechat"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    QQ = "qq"
    OTHER = "other"


#: How long the code of a group works at most: WeChat makes one for seven days.
CODE_LASTS = {Platform.WECHAT: timedelta(days=7)}
CODE_LASTS_ELSEWHERE = timedelta(days=366)
#: So long before its end somebody is asked for another code.
CODE_REMINDER = timedelta(days=1)


class Evidence(StrEnum):
    """By what heads and households were counted."""

    NAMES = "names"  # members write their door into their name
    ROUND = "round"  # from door to door
    LIST = "list"  # compared with the register of households


@dataclass(frozen=True, slots=True)
class Sign:
    """What the directory says of a group."""

    kind: str
    platform: str
    name_zh: str
    join_zh: str
    name_en: str = ""
    join_en: str = ""
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A count: how many people are in it, how many households they are, on which day, by what."""

    counted_date: date
    people: int
    households: int
    evidence: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A way in that works for some days: a picture of a code, or a link. The last day counts."""

    last_date: date
    link: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as coverage needs it."""

    id: int
    parent_id: int | None
    households: int | None


@dataclass(frozen=True, slots=True)
class Reach:
    """How many households of a place its groups reach; ``households`` is None when nobody knows how many there are."""

    reached: int
    households: int | None

    @property
    def share(self) -> float | None:
        """Reached of all, 0 to 1; None when it cannot be said."""
        return self.reached / self.households if self.households else None


def wrong_sign(sign: Sign, *, personal: Callable[[str], bool]) -> tuple[Wrong, ...]:
    """Everything that keeps a group out of the directory. ``personal``: the publication linter."""
    found = [Wrong(name, "missing") for name in ("name_zh", "join_zh") if not getattr(sign, name).strip()]
    for name in ("name_zh", "name_en", "join_zh", "join_en"):
        if len(getattr(sign, name)) > (NAME_MOST if name.startswith("name") else JOIN_MOST):
            found.append(Wrong(name, "too_long"))
        if personal(getattr(sign, name)):
            found.append(Wrong(name, "personal"))
    return tuple(found)


def wrong_count(
    count: Count, *, today: date, households: int | None, personal: Callable[[str], bool]
) -> tuple[Wrong, ...]:
    """Everything that keeps a count from being written down.

    :param households: of the group's place; None when nobody knows.
    """
    found = []
    if count.counted_date > today:
        found.append(Wrong("counted_date", "in_the_future"))
    if not 0 <= count.people <= HEADS_MOST:
        found.append(Wrong("people", "not_a_count"))
    if not 0 <= count.households <= HEADS_MOST:
        found.append(Wrong("households", "not_a_count"))
    elif count.households > count.people:
        found.append(Wrong("households", "more_than_people"))
    elif households is not None and count.households > households:
        found.append(Wrong("households", "more_than_live_there"))
    if len(count.note) > NOTE_MOST:
        found.append(Wrong("note", "too_long"))
    if personal(count.note):
        found.append(Wrong("note", "personal"))
    return tuple(found)


def code_lasts(platform: str) -> timedelta:
    """How long a code of a group there works at most."""
    return CODE_LASTS.get(Platform(platform), CODE_LASTS_ELSEWHERE)


def wrong_code(code: Code, *, platform: str, has_picture: bool, today: date) -> tuple[Wrong, ...]:
    """Everything that keeps a code from being shown."""
    found = []
    if has_picture == bool(code.link):
        found.append(Wrong("link", "picture_or_link"))
    sound = text.is_link(code.link) and code.link.startswith("https://") and code.link.isascii()
    if code.link and (not sound or len(code.link) > LINK_MOST):
        found.append(Wrong("link", "no_link"))
    if code.last_date < today:
        found.append(Wrong("last_date", "over"))
    elif code.last_date - today > code_lasts(platform):
        found.append(Wrong("last_date", "lasts_too_long"))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Made:
    """How the figure of one place came about: its own largest group, and what its parts reach together."""

    own: int
    parts: int
    reach: Reach

    @property
    def by_parts(self) -> bool:
        """Whether the parts together count, because they reach more than its own group."""
        return self.parts > self.own

    @property
    def capped(self) -> bool:
        """Whether more were counted than live there."""
        return max(self.own, self.parts) > self.reach.reached


def made_of(spot: Spot, spots: Iterable[Spot], best: Mapping[int, int], found: Mapping[int, Reach]) -> Made:
    """How `coverage` came to what it found for one of the spots."""
    parts = sum(found[other.id].reached for other in spots if other.parent_id == spot.id)
    return Made(best.get(spot.id, 0), parts, found[spot.id])


def coverage(spots: Iterable[Spot], best: Mapping[int, int]) -> dict[int, Reach]:
    """How many households each place's groups reach.

    A place reaches what its best residents' group reaches, or all that its parts reach together if that is more: who is
    in the group of the building and in that of the grid is not counted twice. Never more than live there. Where the
    households of a place are not known they are those of its parts, if all of these are known.

    :param spots: parents before their parts.
    :param best: place id → households of the largest residents' group of exactly this place.
    """
    ordered = list(spots)
    found: dict[int, Reach] = {}
    parts: dict[int | None, list[Reach]] = defaultdict(list)
    for spot in reversed(ordered):
        below = parts[spot.id]
        known = [reach.households for reach in below if reach.households is not None]
        together = sum(known) if below and len(known) == len(below) else None
        households = spot.households if spot.households is not None else together
        reached = max(best.get(spot.id, 0), sum(reach.reached for reach in below))
        reach = Reach(min(reached, households) if households is not None else reached, households)
        found[spot.id] = reach
        parts[spot.parent_id].append(reach)
    return found
