"""Who is assessed in a time, at each level, and how many households they look after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from linli.assessment.rules.scheme import Scheme
from linli.assessment.rules.subjects import Level, Subject
from linli.grids import queries as grids
from linli.grids.rows import DutyRow, PlaceRow
from linli.grids.rules.words import Level as PlaceLevel


@dataclass(frozen=True, slots=True)
class _Serving:
    """One who served long enough, and in which grids."""

    account_id: int
    grid_ids: frozenset[int]


def subjects(community_id: int, scheme: Scheme, since: date, until: date) -> tuple[Subject, ...]:
    """Everybody a scheme assesses in [since, until): people who served at least half of its days, or places.

    The households of a grid looked after by several workers are shared between them.
    """
    places = grids.subtree(f"{community_id}.", PlaceLevel.COMMITTEE.value, PlaceLevel.GRID.value)
    grids_ = [place for place in places if place.level == PlaceLevel.GRID.value]
    team = _team(community_id, scheme.roles, grids_, since, until)
    if scheme.level is Level.WORKER:
        return _workers(team, grids_)
    if scheme.level is Level.COMMITTEE:
        return _committees(places, grids_, team)
    return tuple(
        Subject(scheme.level, grid.id, _accounts(team, {grid.id}), (grid.id,), grid.households or 0)
        for grid in sorted(grids_, key=lambda one: one.id)
    )


def _team(
    community_id: int, roles: Iterable[str], grids_: list[PlaceRow], since: date, until: date
) -> list[_Serving]:
    wanted = set(roles)
    days: dict[int, set[int]] = defaultdict(set)
    served: dict[int, set[int]] = defaultdict(set)
    for duty in grids.duties(community_id):
        held = _days(duty, since, until)
        if duty.role in wanted and held:
            days[duty.account_id] |= held
            served[duty.account_id] |= _grids_of(duty.place, grids_)
    half = (until - since).days
    return [
        _Serving(account, frozenset(served[account]))
        for account in sorted(days)
        if 2 * len(days[account]) >= half and served[account]
    ]


def _days(duty: DutyRow, since: date, until: date) -> set[int]:
    last = until.toordinal() if duty.until_date is None else min(until, duty.until_date).toordinal()
    return set(range(max(since, duty.from_date).toordinal(), last))


def _grids_of(place: PlaceRow, grids_: list[PlaceRow]) -> set[int]:
    """The grids that a duty reaches: those below its place, or the one in which it lies."""
    return {
        grid.id for grid in grids_ if grid.path.startswith(place.path) or place.path.startswith(grid.path)
    }


def _workers(team: list[_Serving], grids_: list[PlaceRow]) -> tuple[Subject, ...]:
    households = {grid.id: grid.households or 0 for grid in grids_}
    sharing: Mapping[int, int] = {
        grid: sum(grid in one.grid_ids for one in team) for grid in households
    }  # at least one wherever somebody of the team asks
    return tuple(
        Subject(
            Level.WORKER,
            one.account_id,
            (one.account_id,),
            tuple(sorted(one.grid_ids)),
            sum(households[grid] // sharing[grid] for grid in one.grid_ids),
        )
        for one in team
    )


def _committees(places: list[PlaceRow], grids_: list[PlaceRow], team: list[_Serving]) -> tuple[Subject, ...]:
    found = []
    for place in sorted(places, key=lambda one: one.id):
        inside = [grid for grid in grids_ if grid.path.startswith(place.path)]
        if place.level == PlaceLevel.COMMITTEE.value and inside:
            ids = tuple(sorted(grid.id for grid in inside))
            load = sum(grid.households or 0 for grid in inside)
            found.append(Subject(Level.COMMITTEE, place.id, _accounts(team, set(ids)), ids, load))
    return tuple(found)


def _accounts(team: list[_Serving], grid_ids: set[int]) -> tuple[int, ...]:
    return tuple(one.account_id for one in team if one.grid_ids & grid_ids)
