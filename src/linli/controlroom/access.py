"""Who may look at figures, and whose cases stand behind them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from linli.cases import access as cases
from linli.controlroom.models import Exclusion
from linli.controlroom.queries.behind import Behind, behind
from linli.controlroom.rules.figures import Period
from linli.kernel.access import Actor, Forbidden, NotFound

READERS = ("dispatcher", "community_leader", "auditor")
ASKERS = ("dispatcher", "community_leader")
DECIDERS = ("community_leader",)
KEEPERS = ("community_leader", "admin")


def read_communities(actor: Actor) -> frozenset[int]:
    """The communities whose figures the actor may read."""
    return frozenset(grant.community_id for grant in actor.grants if grant.role in READERS)


def require(actor: Actor, community_id: int, roles: tuple[str, ...]) -> None:
    """Nothing, when the actor holds one of these roles in the community.

    :raises NotFound: the actor has no duty there.
    :raises Forbidden: a duty, but none of these.
    """
    if actor.roles(community_id) & set(roles):
        return
    if community_id not in actor.staff_communities:
        raise NotFound
    raise Forbidden("not_your_door")


def rows(
    actor: Actor,
    code: str,
    part: str,
    *,
    community_id: int,
    period: Period,
    at: datetime,
    group: str = "",
    by: str = "",
) -> Behind:
    """The cases behind a part of a figure that this actor may see.

    :raises NotFound: the figures of this community are not for the actor.
    :raises BadFigure: as `behind`.
    """
    require(actor, community_id, READERS)
    found = behind(code, part, community_id=community_id, period=period, at=at, group=group, by=by)
    # Readers of figures see every case of their community; the room of the cases says so itself.
    return found if actor.roles(community_id) & cases.EVERYWHERE else found.none()


def exclusions(actor: Actor, community_id: int) -> QuerySet[Exclusion]:
    """The community's exclusions, newest first.

    :raises NotFound: not for this actor.
    """
    require(actor, community_id, READERS)
    found = Exclusion.objects.filter(community_id=community_id)
    return found.select_related("case").order_by("-asked_at", "-pk")


def exclusion(actor: Actor, exclusion_id: int, *, lock: bool = False) -> Exclusion:
    """One exclusion, for an actor who may read its community's figures.

    :raises NotFound: none of this id for the actor.
    """
    found = Exclusion.objects.filter(pk=exclusion_id, community_id__in=sorted(read_communities(actor)))
    held = (found.select_for_update() if lock else found.select_related("case")).first()
    if held is None:
        raise NotFound
    return held
