"""Who works in which grid; the only way to a household, a plan, a patrol, a hand-over for an actor.

A household is open to the team of its grid, to who stands in there, and to the leader. Hidden and absent look the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from linli.fieldwork.models import CarePlan, HandOver, Patrol, Visit
from linli.fieldwork.rules import team
from linli.fieldwork.rules.words import GUARDED
from linli.grids import queries as places
from linli.grids import queries_plates
from linli.grids.rows import DutyRow, PlaceRow
from linli.grids.rules.words import GridKind, Level
from linli.kernel.access import Actor, NotFound, roles

#: Who may be in a team at all, and their leaders: who may enter the doors of this room.
CREW = roles(team.ALWAYS, *team.OPTIONAL, *team.LEADERS)


@dataclass(frozen=True, slots=True)
class Reach:
    """Where in a community somebody works as a member of a team: paths; and whether they lead it."""

    community_id: int
    paths: tuple[str, ...]
    leads: bool
    standing_in: tuple[int, ...] = ()  # for whom, today

    def works_at(self, path: str) -> bool:
        """Whether the place is in a grid where this person works."""
        return any(path.startswith(one) for one in self.paths)

    def sees(self, path: str) -> bool:
        """Whether what is kept of the place is open to this person."""
        return self.leads or self.works_at(path)

    def within(self, field: str) -> Q:
        """The rows whose place (``field``) this person sees."""
        if self.leads:
            return Q(community_id=self.community_id)
        reach = Q(pk__in=[])
        for path in self.paths:
            reach |= Q(**{f"{field}__path__startswith": path})
        return Q(community_id=self.community_id) & reach


def team_roles(community_id: int, at: datetime) -> frozenset[str]:
    """The roles that this community counts to the team of a grid now."""
    wanted = places.settings(community_id, at)
    return team.roles({wish: bool(wanted[wish].value) for wish in team.OPTIONAL.values()})


def reach(actor: Actor, community_id: int, at: datetime) -> Reach:
    """Where the actor works in this community.

    :raises NotFound: nowhere.
    """
    held = team_roles(community_id, at)
    mine = [grant for grant in actor.grants if grant.community_id == community_id]
    paths = {grant.place_path for grant in mine if grant.role in held}
    leads = any(grant.role in team.LEADERS for grant in mine)
    absent: dict[int, set[str]] = {}
    if mine and actor.account_id is not None:
        day = places.day_of(at)
        for duty in queries_plates.duties_stood_in_for(community_id, actor.account_id, day):
            if duty.role in held:
                absent.setdefault(duty.account_id, set()).add(duty.place.path)
    paths |= {path for some in absent.values() for path in some}
    if not paths and not leads:
        raise NotFound
    return Reach(community_id, tuple(sorted(paths)), leads, tuple(sorted(absent)))


def grid_of(place: PlaceRow) -> PlaceRow | None:
    """The grid in which a place lies: the base grid where there is one."""
    above = [one for one in places.ancestors(place) if one.level == Level.GRID.value]
    base = [one for one in above if one.kind == GridKind.BASE.value]
    return next(iter(base or above), None)


@dataclass(frozen=True, slots=True)
class Household:
    """A dwelling as the room knows it: the place, its grid, and what the actor's reach is there."""

    dwelling: PlaceRow
    grid: PlaceRow
    reach: Reach


def find_household(actor: Actor, dwelling_id: int, at: datetime) -> Household:
    """A household that the actor may know of.

    :raises NotFound: no dwelling, in no grid, of another community, or not in a grid of the actor's.
    """
    place = places.place(dwelling_id)
    if place is None or place.valid_to is not None or place.level != Level.DWELLING.value:
        raise NotFound
    if place.community_id not in actor.staff_communities:
        raise NotFound
    found = reach(actor, place.community_id, at)
    grid = grid_of(place)
    if grid is None or not found.sees(place.path):
        raise NotFound
    return Household(place, grid, found)


def find_grid(actor: Actor, grid_id: int, at: datetime) -> tuple[PlaceRow, Reach]:
    """A grid where the actor works, or which the actor leads.

    :raises NotFound: for every other place.
    """
    place = places.place(grid_id)
    if place is None or place.level != Level.GRID.value or place.community_id not in actor.staff_communities:
        raise NotFound
    found = reach(actor, place.community_id, at)
    if not found.sees(place.path):
        raise NotFound
    return place, found


def grids_worked(found: Reach) -> list[PlaceRow]:
    """The grids in which somebody works, by code; of who leads alone, all of them."""
    paths = found.paths or (f"{found.community_id}.",)
    seen = {
        grid.id: grid
        for path in paths
        for grid in places.subtree(path, Level.GRID.value)
    }  # fmt: skip
    if not seen:  # a duty below the grid: of a building's head
        for path in paths:
            last = places.place(int(path.rstrip(".").rpartition(".")[2]))
            grid = grid_of(last) if last else None
            if grid is not None:
                seen[grid.id] = grid
    return sorted(seen.values(), key=lambda grid: grid.code)


def find_visit(actor: Actor, visit_id: int, at: datetime, *, lock: bool = False) -> tuple[Visit, Household]:
    """A visit to a household that the actor may know of.

    :raises NotFound: absent, or not the actor's affair.
    """
    rows = Visit.objects.filter(pk=visit_id, community_id__in=actor.staff_communities)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound
    return found, find_household(actor, found.dwelling_id, at)


def may_know_plan(actor: Actor, plan: CarePlan, found: Reach) -> bool:
    """Whether the actor may know of a plan: of one for health who carries it out, and the leader."""
    if plan.need not in GUARDED:
        return True
    return found.leads or actor.account_id == plan.worker_id or plan.worker_id in found.standing_in


def plans_known(found: Reach, account_id: int | None) -> QuerySet[CarePlan]:
    """The plans that somebody may know of: where they work; those for health who carries them out, and the leader."""
    rows = CarePlan.objects.filter(found.within("dwelling"))
    if found.leads:
        return rows
    whose = Q(worker_id=account_id) | Q(worker_id__in=found.standing_in)
    return rows.filter(~Q(need__in=GUARDED) | whose)


def visits_known(found: Reach, account_id: int | None) -> QuerySet[Visit]:
    """The visits that somebody may know of: where they work; those for health the planned worker, who went, the leader."""
    rows = Visit.objects.filter(found.within("dwelling"))
    if found.leads:
        return rows
    whose = Q(worker_id=account_id) | Q(plan__worker_id=account_id) | Q(plan__worker_id__in=found.standing_in)
    return rows.filter(~Q(need__in=GUARDED) | whose)


def find_plan(actor: Actor, plan_id: int, at: datetime, *, lock: bool = False) -> tuple[CarePlan, Household]:
    """A plan that runs, of a household that the actor may know of.

    :raises NotFound: absent, ended, or not the actor's affair.
    """
    rows = CarePlan.objects.filter(
        pk=plan_id, ended_at__isnull=True, community_id__in=actor.staff_communities
    )
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound
    home = find_household(actor, found.dwelling_id, at)
    if not may_know_plan(actor, found, home.reach):
        raise NotFound
    return found, home


def find_patrol(actor: Actor, patrol_id: int, *, lock: bool = False) -> Patrol:
    """A patrol of the actor's own: what is kept of it is shown to nobody else.

    :raises NotFound: absent, or somebody else's.
    """
    rows = Patrol.objects.filter(
        pk=patrol_id, worker_id=actor.account_id, community_id__in=actor.staff_communities
    )
    found = (rows.select_for_update() if lock else rows).first() if actor.signed_in else None
    if found is None:
        raise NotFound
    return found


def find_handover(actor: Actor, handover_id: int, *, lock: bool = False) -> HandOver:
    """A hand-over that concerns the actor: as giver, receiver, who offered it, or the leader.

    :raises NotFound: absent, or not the actor's affair.
    """
    rows = HandOver.objects.filter(pk=handover_id, community_id__in=actor.staff_communities)
    found = (rows.select_for_update() if lock else rows).first() if actor.signed_in else None
    if found is None:
        raise NotFound
    concerned = {found.giver_id, found.receiver_id, found.offered_by_id}
    leads = bool(actor.roles(found.community_id) & team.LEADERS)
    if not leads and actor.account_id not in concerned:
        raise NotFound
    return found


def team_of(grid: PlaceRow, at: datetime) -> dict[int, DutyRow]:
    """The team of a grid today, by account, nearest first; and the leader, who may do everybody's work."""
    held = team_roles(grid.community_id, at) | team.LEADERS
    found: dict[int, DutyRow] = {}
    for role, members in places.grid_team(grid, places.day_of(at)).items():
        if role in held:
            for member in members:
                found.setdefault(member.account_id, member)
    return found
