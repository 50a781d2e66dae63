"""Who should get a case: the first routing rule that matches, as a body or a person, with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from linli.cases.models import Case, Move
from linli.cases.queries import reference
from linli.cases.rules import routing, workflow
from linli.cases.rules.kinds import Kind
from linli.cases.rules.workflow import Verb
from linli.grids import queries as places
from linli.grids.rows import DutyRow, PlaceRow
from linli.kernel.clock import LOCAL
from linli.people import queries as people

Team = Mapping[str, Sequence[DutyRow]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who is proposed, by which rule, and why; ``gap`` says why there is nobody (a reason code)."""

    rule: routing.RoutingRule | None = None
    why: tuple[routing.Reason, ...] = ()
    earlier: tuple[routing.Tried, ...] = ()
    organisation_id: int | None = None
    handler_id: int | None = None
    gap: str = ""  # no_rule | body_closed | no_such_body | nobody_serves | returned_it
    candidates: int = 0  # people who hold the role there; the one with the fewest open cases is proposed

    @property
    def found(self) -> bool:
        """Whether there is somebody to send it to."""
        return self.organisation_id is not None or self.handler_id is not None

    def as_data(self, organisation_id: int | None, handler_id: int | None) -> dict[str, Any]:
        """The proposal as a case keeps it, beside what was done: ``followed`` says whether they agree."""
        return {
            "rule": self.rule.id if self.rule else None,
            "name": self.rule.name if self.rule else "",
            "why": [reason.code for reason in self.why],
            "gap": self.gap,
            "organisation": self.organisation_id,
            "handler": self.handler_id,
            "followed": self.found
            and (self.organisation_id, self.handler_id) == (organisation_id, handler_id),
        }


def facts(case: Case, levels: Mapping[str, frozenset[str]], *, category_code: str = "") -> routing.Facts:
    """What the rules look at; the category may be one that is only proposed so far.

    :param levels: as ``known_levels`` tells them of the case's path.
    """
    return routing.Facts(
        category_code=category_code or case.category_code or None,
        place_path=case.place_path,
        kind=Kind(case.kind),
        local=case.reported_at.astimezone(LOCAL),
        levels=levels.get(case.place_path, frozenset()),
    )


def known_levels(paths: Iterable[str]) -> dict[str, frozenset[str]]:
    """Down to which levels these paths are known, by path, in one statement."""
    wanted = set(paths)
    known = places.places(place_id for path in wanted for place_id in _ids(path))
    return {
        path: frozenset(known[place_id].level for place_id in _ids(path) if place_id in known)
        for path in wanted
    }


def propose(case: Case, *, at: datetime, category_code: str = "") -> Proposal:
    """Name the body or person that the community's rules send this case to.

    :param category_code: the category to assume while the case has none.
    """
    today = at.astimezone(LOCAL).date()
    given = facts(case, known_levels([case.place_path]), category_code=category_code)
    rules = reference.routing_rules(case.community_id)
    match = routing.first_match(rules, given, as_of=today)
    if match is None:
        return Proposal(gap="no_rule", earlier=routing.explain(rules, given, as_of=today))
    found = resolve(case, match.rule.target, at=at)
    if case.returns and found.get("organisation_id") in _returned_by(case):
        found = {"gap": "returned_it"}
    return Proposal(match.rule, match.why, match.earlier, **found)


def _returned_by(case: Case) -> frozenset[int]:
    """The bodies that returned the case since it was last reopened: sending it there again goes in circles."""
    moves = Move.objects.filter(case=case, verb__in=[Verb.RETURN.value, Verb.REOPEN.value, Verb.RULE.value])
    bodies: set[int] = set()
    for verb, body, data in moves.order_by("seq").values_list("verb", "organisation_id", "data"):
        if verb == Verb.REOPEN:
            bodies.clear()
        elif verb == Verb.RULE and data.get("ruling") == "overruled":
            bodies.discard(body or 0)
        elif verb == Verb.RETURN and body is not None:
            bodies.add(body)
    return frozenset(bodies)


def resolve(case: Case, target: routing.Target, *, at: datetime) -> dict[str, Any]:
    """Who a rule's target is for this case: an organisation, the nearest of a kind, or who serves there."""
    if target.organisation_id is not None:
        there = people.organisations([case.community_id]).filter(pk=target.organisation_id).exists()
        return {"organisation_id": target.organisation_id} if there else {"gap": "body_closed"}
    way = _way(case)
    if not way:
        return {"gap": "nobody_serves"}
    team = places.grid_team(way[-1], places.day_of(at))
    if target.organisation_kind:
        return _nearest(case, target.organisation_kind, team)
    return _on_duty(case, target, way, team)


def _way(case: Case) -> list[PlaceRow]:
    """The places from the community down to the case's own."""
    ids = _ids(case.place_path) or [case.community_id]
    known = places.places(ids)
    return [known[place_id] for place_id in ids if place_id in known]


def _ids(path: str) -> list[int]:
    return [int(part) for part in path.split(".") if part]


def _nearest(case: Case, kind: str, team: Team) -> dict[str, Any]:
    """The organisation of this kind that serves nearest to the case; else the first one of the community."""
    bodies = list(people.organisations([case.community_id]).filter(kind=kind).values_list("pk", flat=True))
    if not bodies:
        return {"gap": "no_such_body"}
    serving = [duty for duties in team.values() for duty in duties if duty.organisation_id in bodies]
    nearest = max(serving, key=lambda duty: (duty.place.depth, -duty.id), default=None)
    return {"organisation_id": nearest.organisation_id if nearest else bodies[0]}


def _on_duty(case: Case, target: routing.Target, way: Sequence[PlaceRow], team: Team) -> dict[str, Any]:
    """Who holds the role at the case's place of this level, or at the nearest place above."""
    at_level = next((place for place in way if place.level == target.level), way[-1])
    holders = [duty for duty in team.get(target.role or "", ()) if at_level.path.startswith(duty.place.path)]
    if not holders:
        return {"gap": "nobody_serves"}
    depth = max(duty.place.depth for duty in holders)
    candidates = [duty for duty in holders if duty.place.depth == depth]
    chosen = _least_loaded(candidates)
    return {
        "handler_id": chosen.account_id,
        "organisation_id": chosen.organisation_id,
        "candidates": len(candidates),
    }


def _least_loaded(candidates: Sequence[DutyRow]) -> DutyRow:
    if len(candidates) == 1:
        return candidates[0]
    held = load([duty.account_id for duty in candidates])
    return min(candidates, key=lambda duty: (held.get(duty.account_id, 0), duty.from_date, duty.id))


def load(account_ids: Iterable[int]) -> dict[int, int]:
    """How many open cases each of these people holds."""
    states = [state.value for state in workflow.OPEN]
    counted = Case.objects.filter(handler_id__in=set(account_ids), state__in=states).values_list("handler_id")
    return dict(counted.annotate(held=Count("pk")))
