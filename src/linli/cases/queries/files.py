"""Which uploaded files somebody may open."""

from __future__ import annotations

import uuid

from linli.cases import access
from linli.cases.models import Attachment, Case, Move
from linli.cases.queries.story import PUBLIC_VERBS
from linli.kernel import scope
from linli.kernel.access import Actor, NotFound


def find(actor: Actor, ticket: uuid.UUID) -> Attachment:
    """The file of this ticket, in the communities entered, for this actor.

    Its uploader sees it until it is sent; then staff whose duty opens the case, and the reporter if they are told of the
    move it came with. Published cases do not open their files.

    :raises NotFound: for everybody else, and for tickets that do not exist.
    """
    found = Attachment.objects.select_related("case").filter(ticket=ticket).first()
    if found is None or not _may_see(actor, found):
        raise NotFound
    return found


def _may_see(actor: Actor, found: Attachment) -> bool:
    if not actor.signed_in:
        return False
    if found.case is None:
        return found.uploaded_by_id == actor.account_id
    if access.staff_view(actor).filter(pk=found.case.pk).exists():
        return True
    return found.case.reporter_id == actor.account_id and is_told(found)


def find_for_reporter(case: Case, ticket: uuid.UUID) -> Attachment:
    """A file of a case, for whoever holds its receipt.

    :raises NotFound: it is of another case, or hangs at a move the reporter is not told of.
    """
    found = Attachment.objects.filter(ticket=ticket, case=case).first()
    if found is None or not is_told(found):
        raise NotFound
    return found


def is_told(found: Attachment) -> bool:
    """Whether the reporter is told of the move the file came with: what hangs at an internal note is not."""
    verbs = [verb.value for verb in PUBLIC_VERBS]
    came_with = Move.objects.filter(case=found.case, seq=found.move_seq or 0)
    return came_with.filter(verb__in=verbs).exists()


def of_ticket(community_id: int, ticket: uuid.UUID) -> Attachment:
    """The file that was sent under this ticket, for its sender, who asks again.

    :raises NotFound: it was never sent on, and is gone after a day.
    """
    with scope.within([community_id]):
        found = Attachment.objects.filter(ticket=ticket, community_id=community_id).first()
    if found is None:
        raise NotFound
    return found
