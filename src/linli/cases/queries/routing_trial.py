"""What other routing rules would have changed: the cases of the last days, tried under both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from linli.cases.actions import routing as proposing
from linli.cases.models import Case, RoutingRow
from linli.cases.queries import reference
from linli.cases.rules import routing
from linli.kernel.clock import LOCAL

MOST_CASES = 5000
MOST_SHOWN = 100
LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Shown:
    """One case that would go elsewhere: under which rule it went, under which it would go, and why."""

    case: Case
    before: routing.RoutingRule | None
    after: routing.RoutingRule | None
    why: tuple[routing.Reason, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a trial; ``shown`` are the newest of the differences, ``problems`` what is wrong in the set."""

    days: int
    cases: int
    unmatched: int
    differences: int
    shown: tuple[Shown, ...]
    problems: tuple[routing.Problem, ...]


def on_trial(rows: Iterable[RoutingRow], *, drafts: bool = True) -> list[routing.RoutingRule]:
    """Rows as the rules would be, drafts included: a draft counts as if it were in force."""
    return [reference.routing_rule(row) for row in rows if drafts or not row.draft]


def instead(rules: Sequence[routing.RoutingRule], sheet: routing.RoutingRule) -> list[routing.RoutingRule]:
    """The rules with one of them saying something else; a new one (id 0) comes last."""
    if sheet.id == 0:
        return [*rules, sheet]
    return [sheet if rule.id == sheet.id else rule for rule in rules]


def run(
    community_id: int,
    proposed: Sequence[routing.RoutingRule],
    *,
    days: int,
    at: datetime,
    takes_effect: date | None = None,
) -> Tried:
    """Try the proposed rules on the cases reported in the last ``days`` days (the newest 5,000 of them)."""
    days = max(1, min(days, LONGEST_DAYS))
    today = at.astimezone(LOCAL).date()
    effect = takes_effect or today
    since = at - timedelta(days=days)
    cases = {case.number: case for case in _past(community_id, since)}
    levels = proposing.known_levels(case.place_path for case in cases.values())
    past = [routing.PastCase(case.number, proposing.facts(case, levels)) for case in cases.values()]
    facts = {each.number: each.facts for each in past}
    current = reference.routing_rules(community_id)
    trial = routing.try_on(proposed, past, current=current, today=today, takes_effect=effect)
    shown = tuple(
        _shown(cases[found.number], facts[found.number], found, proposed, effect)
        for found in trial.differences[:MOST_SHOWN]
    )
    problems = routing.check_all(proposed)
    return Tried(days, trial.cases, trial.unmatched, len(trial.differences), shown, problems)


def _past(community_id: int, since: datetime) -> Iterable[Case]:
    found = Case.objects.filter(community_id=community_id, reported_at__gte=since)
    wanted = found.only(
        "number", "words", "category_code", "place_path", "kind", "reported_at", "community_id"
    )
    return wanted.order_by("-reported_at", "-id")[:MOST_CASES]


def _shown(
    case: Case,
    facts: routing.Facts,
    found: routing.Difference,
    proposed: Sequence[routing.RoutingRule],
    effect: date,
) -> Shown:
    match = routing.first_match(proposed, facts, as_of=effect)
    return Shown(case, found.before, found.after, match.why if match else ())
