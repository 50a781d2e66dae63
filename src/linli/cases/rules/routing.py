"""Who gets a case first: dated rules by category, place, kind and time; the first match wins. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from linli.cases.rules.kinds import Kind


@dataclass(frozen=True, slots=True)
class Target:
    """Who is to handle it: one organisation, one of a kind near by, or a role at the case's place."""

    organisation_id: int | None = None
    organisation_kind: str | None = None
    role: str | None = None
    level: str | None = None  # with role: at which level of the case's place, e.g. "grid"


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """One dated row. A condition that is None (or an empty set of kinds) is always true."""

    id: int
    order: int
    name: str
    target: Target
    category_code: str | None = None  # its whole subtree
    place_path: str | None = None  # "1.5.80.": this place and everything in it
    kinds: frozenset[Kind] = frozenset()
    weekdays: frozenset[int] | None = None  # Monday is 0
    from_time: time | None = None  # local; a window may cross midnight
    to_time: time | None = None
    valid_from: date = date.min
    valid_to: date | None = None  # last day


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case when it is routed."""

    category_code: str | None
    place_path: str  # "" where the place is unknown
    kind: Kind
    local: datetime  # in the community's own time zone: weekday and time of day are read from it


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition: did it hold, and what was compared."""

    code: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule that was looked at, with the outcome of each of its conditions."""

    rule: RoutingRule
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """The rule that won, why, and why each earlier one did not."""

    rule: RoutingRule
    why: tuple[Reason, ...]
    earlier: tuple[Tried, ...]


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case of the last days: what was known then and where it went."""

    number: str
    facts: Facts
    went_to: Target | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A past case that the rules on trial would send elsewhere."""

    number: str
    before: Target | None
    after: Target | None
    rule: RoutingRule | None


def first_match(rules: Iterable[RoutingRule], facts: Facts) -> Match | None:
    """The first rule, by order, whose conditions all hold."""
    raise NotImplementedError


def explain(rules: Iterable[RoutingRule], facts: Facts) -> tuple[Tried, ...]:
    """Every rule in force on that day with the outcome of each condition, in order."""
    raise NotImplementedError


def try_on(rules: Iterable[RoutingRule], past: Iterable[PastCase]) -> tuple[Difference, ...]:
    """What these rules would have changed."""
    raise NotImplementedError


def check(rule: RoutingRule) -> tuple[str, ...]:
    """Reason codes of what is wrong with a rule; empty when it can be used."""
    raise NotImplementedError
