"""Who may see and change places; the only way to obtain one for an actor. Hidden and absent look the same."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from linli.grids import queries, queries_plates
from linli.grids.models import Duty, Place, Residence
from linli.grids.rows import PlaceRow
from linli.grids.rules import duties
from linli.grids.rules.sheets import PLACE_CODE
from linli.grids.rules.words import Level
from linli.kernel import access

M = TypeVar("M", bound=Model)
_ID = re.compile(r"\d{1,11}", re.ASCII)
#: Places with a page of their own, from the top: what is said of a place is said of one of these.
PAGED = (Level.COMMUNITY, Level.COMMITTEE, Level.GRID, Level.COURTYARD, Level.BUILDING)
#: What anybody may know: a code hangs at the door of a building, so down to the unit nothing is secret.
PUBLIC_LEVELS = frozenset(level.value for level in Level) - {Level.DWELLING.value}


def communities_of(actor: access.Actor, roles: Collection[str]) -> frozenset[int]:
    """The communities where the actor has one of these duties, anywhere in them."""
    return frozenset(grant.community_id for grant in actor.grants if grant.role in roles)


def kept_communities(actor: access.Actor) -> frozenset[int]:
    """The communities whose places, duties and settings the actor may change."""
    return communities_of(actor, duties.KEEPERS)


def keeps(actor: access.Actor, community_id: int) -> bool:
    """Whether the actor leads or administers the community, or is the platform itself."""
    return actor is access.SYSTEM or actor.has(*duties.KEEPERS, community_id=community_id)


def require_keeper(actor: access.Actor, community_id: int) -> None:
    """Nothing, when the actor keeps the community.

    :raises access.NotFound: the actor has no duty in the community.
    :raises access.Forbidden: keepers_only.
    """
    if keeps(actor, community_id):
        return
    if community_id not in actor.staff_communities:
        raise access.NotFound
    raise access.Forbidden("keepers_only")


def visible(actor: access.Actor) -> QuerySet[Place]:
    """The places in force of the actor's communities; dwellings only where the actor has a staff duty."""
    everywhere = Q(community_id__in=actor.communities) & ~Q(level=Level.DWELLING.value)
    served = Q(community_id__in=actor.staff_communities)
    return Place.objects.filter(everywhere | served, valid_to__isnull=True)


def find(actor: access.Actor, place_id: int) -> PlaceRow:
    """A place of the actor's communities.

    :raises access.NotFound: absent, closed, or of another community.
    """
    return _one(visible(actor).filter(pk=place_id))


def find_kept(actor: access.Actor, place_id: int) -> PlaceRow:
    """A place that the actor may change.

    :raises access.NotFound: absent, closed, or of a community that the actor does not keep.
    """
    found = Place.objects.filter(pk=place_id, valid_to__isnull=True)
    if actor is not access.SYSTEM:
        found = found.filter(community_id__in=kept_communities(actor))
    return _one(found)


def serves(actor: access.Actor, place: PlaceRow, roles: Collection[str]) -> bool:
    """Whether the actor has one of these duties at the place or above it, or is the platform itself."""
    return actor is access.SYSTEM or actor.has(*roles, community_id=place.community_id, place_path=place.path)


def find_served(actor: access.Actor, place_id: int, roles: Collection[str]) -> PlaceRow:
    """A place with a page, which the actor serves in one of these duties.

    :raises access.NotFound: absent, closed, without a page, or of a community where the actor has no duty.
    :raises access.Forbidden: not_your_place.
    """
    place = find_public(str(place_id))
    if place.level not in PAGED or not (
        actor is access.SYSTEM or place.community_id in actor.staff_communities
    ):
        raise access.NotFound
    if not serves(actor, place, roles):
        raise access.Forbidden("not_your_place")
    return place


def find_of_served(
    actor: access.Actor, rows: QuerySet[M], roles: Collection[str], *, lock: bool = False
) -> tuple[M, PlaceRow]:
    """What belongs to a place (``community_id``, ``place_id``) that the actor serves in one of these duties, and the place.

    :param rows: narrowed to the one that is wanted.
    :raises access.NotFound: absent, of another community, or of a place that is not the actor's.
    """
    if actor is not access.SYSTEM:
        rows = rows.filter(community_id__in=actor.staff_communities)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise access.NotFound
    try:
        return found, find_served(actor, found.place_id, roles)  # type: ignore[attr-defined]  # see above
    except access.Forbidden:
        raise access.NotFound from None


def find_public(key: str) -> PlaceRow:
    """A place anybody may know, by id or code, down to the unit.

    :raises access.NotFound: absent, closed, or a dwelling.
    """
    if _ID.fullmatch(key):
        place = queries.place(int(key))
    else:
        place = queries.place_by_code(key) if PLACE_CODE.fullmatch(key) else None
    if place is None or place.valid_to is not None or place.level not in PUBLIC_LEVELS:
        raise access.NotFound
    return place


def find_dwelling(actor: access.Actor, place_id: int) -> PlaceRow:
    """A dwelling that a signed-in person may say to live in: one of the communities followed.

    :raises access.NotFound: absent, closed, no dwelling, or of another community.
    """
    found = Place.objects.filter(
        pk=place_id,
        valid_to__isnull=True,
        level=Level.DWELLING.value,
        community_id__in=actor.communities if actor.signed_in else (),
    )
    return _one(found)


def find_duty(actor: access.Actor, duty_id: int) -> Duty:
    """A duty in a community that the actor keeps.

    :raises access.NotFound: absent or of another community.
    """
    found = Duty.objects.filter(pk=duty_id)
    if actor is not access.SYSTEM:
        found = found.filter(community_id__in=kept_communities(actor))
    duty = found.first()
    if duty is None:
        raise access.NotFound
    return duty


def require_nameplate(actor: access.Actor, community_id: int, account_id: int, day: date) -> None:
    """Nothing, when the actor may change how this person is shown: oneself, or the keeper of the community.

    :raises access.NotFound: the person serves not there on this day, or is not the actor's affair.
    """
    own = actor.signed_in and actor.account_id == account_id and community_id in actor.staff_communities
    if not own and not keeps(actor, community_id):
        raise access.NotFound
    if account_id not in queries_plates.serving(community_id, day):
        raise access.NotFound


def may_vouch(actor: access.Actor, residence: Residence) -> bool:
    """Whether the actor may vouch for a residence: serves there, and is not the one who asks."""
    return actor.account_id != residence.account_id and actor.has(
        *duties.VOUCHERS, community_id=residence.community_id, place_path=residence.dwelling.path
    )


def find_residence(actor: access.Actor, residence_id: int) -> Residence:
    """A residence not ended: the actor's own, or one the actor may vouch for. Walled by the scope entered.

    :raises access.NotFound: absent, ended, or not the actor's affair.
    """
    found = (
        Residence.objects.select_related("dwelling")
        .filter(pk=residence_id, ended_at__isnull=True, community_id__in=actor.communities)
        .first()
    )
    if found is None or not (found.account_id == actor.account_id or may_vouch(actor, found)):
        raise access.NotFound
    return found


def _one(found: QuerySet[Place]) -> PlaceRow:
    for place in queries.rows(found[:1]):
        return place
    raise access.NotFound
