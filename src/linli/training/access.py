"""Who writes, publishes, takes tests and sees what; the only way to a row for an actor. Hidden and absent look the same."""

from __future__ import annotations

from linli.grids import queries as places
from linli.kernel import numbering, scope
from linli.kernel.access import SYSTEM, Actor, Forbidden, NotFound
from linli.training.models import Attempt, Certificate
from linli.training.rules.handbook import KEEPERS, WRITERS


def require_reader(actor: Actor, community_id: int) -> None:
    """Nothing, when the actor serves in the community.

    :raises NotFound: for everybody else.
    """
    if actor is not SYSTEM and community_id not in actor.staff_communities:
        raise NotFound


def writes(actor: Actor, community_id: int) -> bool:
    """Whether the actor may write drafts of pages."""
    return actor is SYSTEM or actor.has(*WRITERS, community_id=community_id)


def keeps(actor: Actor, community_id: int) -> bool:
    """Whether the actor publishes pages and courses, and sees who holds what."""
    return actor is SYSTEM or actor.has(*KEEPERS, community_id=community_id)


def require_writer(actor: Actor, community_id: int) -> None:
    """Nothing, when the actor may write drafts.

    :raises NotFound: the actor does not serve there.
    :raises Forbidden: writers_only.
    """
    require_reader(actor, community_id)
    if not writes(actor, community_id):
        raise Forbidden("writers_only")


def require_keeper(actor: Actor, community_id: int) -> None:
    """Nothing, when the actor publishes.

    :raises NotFound: the actor does not serve there.
    :raises Forbidden: keepers_only.
    """
    require_reader(actor, community_id)
    if not keeps(actor, community_id):
        raise Forbidden("keepers_only")


def find_attempt(actor: Actor, attempt_id: int, *, lock: bool = False) -> Attempt:
    """A test of one's own.

    :raises NotFound: absent, somebody else's, or of a community in which the actor no longer serves.
    """
    rows = Attempt.objects.select_related("course").filter(
        pk=attempt_id, account_id=actor.person_id, community_id__in=actor.staff_communities
    )
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def find_own(actor: Actor, certificate_id: int, *, lock: bool = False) -> Certificate:
    """A certificate of one's own.

    :raises NotFound: absent, or somebody else's.
    """
    rows = Certificate.objects.select_related("attempt").filter(
        pk=certificate_id, account_id=actor.person_id, community_id__in=actor.communities
    )
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def find_kept(actor: Actor, certificate_id: int, *, lock: bool = False) -> Certificate:
    """A certificate of somebody in a community that the actor keeps.

    :raises NotFound: absent, or of a community that the actor does not keep.
    """
    rows = Certificate.objects.select_related("attempt").filter(pk=certificate_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None or not keeps(actor, found.community_id):
        raise NotFound
    return found


def find_by_code(typed: str) -> Certificate:
    """A certificate for whoever has its code: the code is the proof, so every community is searched.

    :raises NotFound: there is none with this code.
    """
    code = numbering.parse_code(typed)
    if code is None:
        raise NotFound
    with scope.within(places.community_ids()):
        found = Certificate.objects.select_related("attempt__course").filter(code=code).first()
    if found is None:
        raise NotFound
    return found
