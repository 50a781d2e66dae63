"""Tying uploaded files to a case."""

from __future__ import annotations

import uuid

from linli.cases.models import Attachment, Case
from linli.cases.rules.intake import Refused, Wrong


def attach(community_id: int, number: str, tickets: tuple[str, ...], *, purpose: str, seq: int | None) -> int:
    """Tie uploaded files to a case, each once.

    :param seq: the move they came with; None for what neighbours who joined sent, which residents never see.

    :raises Refused: when a ticket is unknown, too old or already used; nothing is written.
    """
    case_id = Case.objects.values_list("pk", flat=True).get(community_id=community_id, number=number)
    try:
        wanted = [uuid.UUID(ticket) for ticket in tickets]
    except ValueError as error:
        raise Refused(Wrong("uploads", "unknown_ticket")) from error
    tied = Attachment.objects.filter(ticket__in=wanted, community_id=community_id, case__isnull=True).update(
        case_id=case_id, purpose=purpose, move_seq=seq
    )
    if tied != len(wanted):
        raise Refused(Wrong("uploads", "unknown_ticket"))
    return tied
