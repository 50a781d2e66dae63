"""Who gets a case first: dated rules by category, place, kind and time; the first match wins. Pure.

Nothing is swallowed: a rule that cannot be used never matches, and the explanation says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from linli.cases.rules.kinds import Kind

_PLACE_PATH = re.compile(r"(\d+\.)+")
_CATEGORY_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


@dataclass(frozen=True, slots=True)
class Target:
    """Who is to handle it: one organisation, one of a kind near by, or a role at the case's place."""

    organisation_id: int | None = None
    organisation_kind: str | None = None
    role: str | None = None
    level: str | None = None  # with role: at which level of the case's place, e.g. "grid"; it must be known


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
    weekdays: frozenset[int] | None = None  # Monday is 0; of a window over midnight, the day it begins
    from_time: time | None = None  # local; the window may cross midnight
    to_time: time | None = None  # the first moment outside
    valid_from: date = date.min
    valid_to: date | None = None  # last day


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case when it is routed."""

    category_code: str | None
    place_path: str  # "" where the place is unknown
    kind: Kind
    local: datetime  # in the community's own time zone: weekday and time of day are read from it
    levels: frozenset[str] = (
        frozenset()
    )  # levels of the case's place that are known, e.g. {"community", "grid"}


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition of a rule: did it hold, what the rule wants and what the case has."""

    code: str  # in_force, category, place, kind, weekday, time, level or broken
    ok: bool
    wanted: str
    found: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule that was looked at, with the outcome of each of its conditions."""

    rule: RoutingRule
    why: tuple[Reason, ...]

    @property
    def matches(self) -> bool:
        """Whether all its conditions hold."""
        return all(reason.ok for reason in self.why)


@dataclass(frozen=True, slots=True)
class Match:
    """The rule that won, why, and why each earlier one did not."""

    rule: RoutingRule
    why: tuple[Reason, ...]
    earlier: tuple[Tried, ...]


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case of the last days, with what was known when it was routed."""

    number: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Difference:
    """A past case that goes elsewhere under the rules on trial; None: to nobody."""

    number: str
    before: RoutingRule | None
    after: RoutingRule | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying rules on past cases: how many, how many find no rule, and which go elsewhere."""

    cases: int
    unmatched: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a set of rules: which rule, a reason code, and the rule it collides with."""

    rule_id: int
    code: str
    other_id: int | None = None


def first_match(rules: Iterable[RoutingRule], facts: Facts, *, as_of: date | None = None) -> Match | None:
    """The first rule, by order and id, whose conditions all hold.

    :param as_of: judge which rules are in force on this day; without it, on the day of the facts.
    """
    earlier: list[Tried] = []
    for rule in sorted(rules, key=_order):
        tried = _try(rule, facts, as_of or facts.local.date())
        if tried.matches:
            return Match(rule, tried.why, tuple(earlier))
        earlier.append(tried)
    return None


def explain(rules: Iterable[RoutingRule], facts: Facts, *, as_of: date | None = None) -> tuple[Tried, ...]:
    """Every rule in order with the outcome of each condition: for "why this body?" and for "why nobody?"."""
    on = as_of or facts.local.date()
    return tuple(_try(rule, facts, on) for rule in sorted(rules, key=_order))


def try_on(
    proposed: Iterable[RoutingRule],
    past: Iterable[PastCase],
    *,
    current: Iterable[RoutingRule],
    today: date,
    takes_effect: date,
) -> Trial:
    """What proposed rules would change: past cases under today's rules against those in force later."""
    proposed, current = tuple(proposed), tuple(current)
    cases = unmatched = 0
    differences = []
    for case in past:
        before = _winner(current, case.facts, today)
        after = _winner(proposed, case.facts, takes_effect)
        cases += 1
        unmatched += after is None
        if (before and before.target) != (after and after.target):
            differences.append(Difference(case.number, before, after))
    return Trial(cases, unmatched, tuple(differences))


def check(rule: RoutingRule) -> tuple[str, ...]:
    """Reason codes of what is wrong with a rule; empty when it can be used."""
    return tuple(code for code, wrong in _CHECKS if wrong(rule))


def check_all(rules: Iterable[RoutingRule]) -> tuple[Problem, ...]:
    """What is wrong in a set of rules: each one's own problems, and rules an earlier one always beats."""
    ordered = sorted(rules, key=_order)
    problems = [Problem(rule.id, code) for rule in ordered for code in check(rule)]
    usable = [rule for rule in ordered if not check(rule)]
    for position, rule in enumerate(usable):
        hides = next((earlier for earlier in usable[:position] if _hides(earlier, rule)), None)
        if hides is not None:
            problems.append(Problem(rule.id, "never_reached", hides.id))
    return tuple(problems)


def _winner(rules: Iterable[RoutingRule], facts: Facts, on: date) -> RoutingRule | None:
    match = first_match(rules, facts, as_of=on)
    return None if match is None else match.rule


def _order(rule: RoutingRule) -> tuple[int, int]:
    return rule.order, rule.id


def _try(rule: RoutingRule, facts: Facts, on: date) -> Tried:
    broken = check(rule)
    if broken:
        return Tried(rule, (Reason("broken", False, "", " ".join(broken)),))
    outcomes = (condition(rule, facts, on) for condition in _CONDITIONS)
    return Tried(rule, tuple(reason for reason in outcomes if reason is not None))


# -- the conditions: None where the rule does not ask ----------------------------------------------------


def _in_force(rule: RoutingRule, facts: Facts, on: date) -> Reason:
    until = "" if rule.valid_to is None else rule.valid_to.isoformat()
    ok = rule.valid_from <= on and (rule.valid_to is None or on <= rule.valid_to)
    return Reason("in_force", ok, f"{rule.valid_from.isoformat()}/{until}", on.isoformat())


def _category(rule: RoutingRule, facts: Facts, on: date) -> Reason | None:
    if rule.category_code is None:
        return None
    found = facts.category_code or ""
    ok = _within_category(found, rule.category_code)
    return Reason("category", ok, rule.category_code, found)


def _place(rule: RoutingRule, facts: Facts, on: date) -> Reason | None:
    if rule.place_path is None:
        return None
    return Reason("place", facts.place_path.startswith(rule.place_path), rule.place_path, facts.place_path)


def _kind(rule: RoutingRule, facts: Facts, on: date) -> Reason | None:
    if not rule.kinds:
        return None
    return Reason("kind", facts.kind in rule.kinds, " ".join(sorted(rule.kinds)), facts.kind)


def _weekday(rule: RoutingRule, facts: Facts, on: date) -> Reason | None:
    if rule.weekdays is None:
        return None
    weekday = facts.local.weekday()
    if _crosses_midnight(rule) and rule.to_time is not None and facts.local.time() < rule.to_time:
        weekday = (weekday - 1) % 7  # after midnight it is still the duty of the evening before
    wanted = " ".join(str(number) for number in sorted(rule.weekdays))
    return Reason("weekday", weekday in rule.weekdays, wanted, str(weekday))


def _time(rule: RoutingRule, facts: Facts, on: date) -> Reason | None:
    if rule.from_time is None or rule.to_time is None:
        return None
    now = facts.local.time()
    if _crosses_midnight(rule):
        ok = now >= rule.from_time or now < rule.to_time
    else:
        ok = rule.from_time <= now < rule.to_time
    return Reason("time", ok, f"{rule.from_time:%H:%M}–{rule.to_time:%H:%M}", f"{now:%H:%M}")


def _level(rule: RoutingRule, facts: Facts, on: date) -> Reason | None:
    """A role at a place can only be reached where the case's place is known down to that level."""
    level = rule.target.level
    if level is None:
        return None
    return Reason("level", level in facts.levels, level, " ".join(sorted(facts.levels)))


_CONDITIONS: tuple[Callable[[RoutingRule, Facts, date], Reason | None], ...] = (
    _in_force, _category, _place, _kind, _weekday, _time, _level,
)  # fmt: skip


def _within_category(code: str, subtree: str) -> bool:
    return code == subtree or code.startswith(subtree + ".")


def _crosses_midnight(rule: RoutingRule) -> bool:
    return rule.from_time is not None and rule.to_time is not None and rule.to_time <= rule.from_time


# -- what can be wrong -------------------------------------------------------------------------------------


def _targets(rule: RoutingRule) -> int:
    target = rule.target
    named = (target.organisation_id, target.organisation_kind, target.role)
    return sum(bool(name) for name in named)


_CHECKS: tuple[tuple[str, Callable[[RoutingRule], bool]], ...] = (
    ("name_missing", lambda rule: not rule.name.strip()),
    ("target_missing", lambda rule: _targets(rule) == 0),
    ("target_ambiguous", lambda rule: _targets(rule) > 1),
    ("role_without_level", lambda rule: bool(rule.target.role) and not rule.target.level),
    ("level_without_role", lambda rule: bool(rule.target.level) and not rule.target.role),
    ("category_malformed", lambda rule: not _whole(_CATEGORY_CODE, rule.category_code)),
    ("place_malformed", lambda rule: not _whole(_PLACE_PATH, rule.place_path)),
    ("weekdays_empty", lambda rule: rule.weekdays is not None and not rule.weekdays),
    ("weekday_unknown", lambda rule: not (rule.weekdays or frozenset()) <= frozenset(range(7))),
    ("window_half_open", lambda rule: (rule.from_time is None) != (rule.to_time is None)),
    ("window_empty", lambda rule: rule.from_time is not None and rule.from_time == rule.to_time),
    ("never_in_force", lambda rule: rule.valid_to is not None and rule.valid_to < rule.valid_from),
)


def _whole(pattern: re.Pattern[str], text: str | None) -> bool:
    return text is None or pattern.fullmatch(text) is not None


def _hides(earlier: RoutingRule, later: RoutingRule) -> bool:
    """Whether whatever matches the later rule has always matched the earlier one."""
    window = earlier.from_time, earlier.to_time
    level = earlier.target.level
    return (
        (level is None or level == later.target.level)
        and (
            earlier.category_code is None
            or _within_category(later.category_code or "", earlier.category_code)
        )
        and (earlier.place_path is None or (later.place_path or "").startswith(earlier.place_path))
        and (not earlier.kinds or bool(later.kinds) and later.kinds <= earlier.kinds)
        and (window == (None, None) or window == (later.from_time, later.to_time))
        and (earlier.weekdays is None or (later.weekdays is not None and later.weekdays <= earlier.weekdays))
        # over midnight a weekday means the evening before, so only the same window can be compared
        and (earlier.weekdays is None or not _crosses_midnight(later) or window[0] is not None)
        and earlier.valid_from <= later.valid_from
        and (earlier.valid_to is None or (later.valid_to is not None and later.valid_to <= earlier.valid_to))
    )
