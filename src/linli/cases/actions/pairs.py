"""What people decide about two cases: the same matter, or not. Never asked again, and kept to learn from."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from linli.cases import access, ports
from linli.cases.models import Case, PairDecision
from linli.cases.rules.intake import Refused, Wrong
from linli.cases.rules.workflow import DESK
from linli.kernel import audit, live, numbering
from linli.kernel.access import Actor, Forbidden
from linli.kernel.scope import within


def keep(case: Case, other: Case, *, same: bool, actor: Actor, at: datetime) -> None:
    """Note a decision with what the machine thought of it; in the transaction of the act it belongs to."""
    first, second = sorted((case.pk, other.pk))
    machine = ports.likeness()
    thought = machine.weigh(case.pk, other.pk, at=at)
    PairDecision.objects.update_or_create(
        community_id=case.community_id,
        first_id=first,
        second_id=second,
        defaults={
            "same": same,
            "certainty": round(thought.certainty, 3) if thought else None,
            "version": machine.version,
            "decided_by_id": actor.account_id,
            "decided_at": at,
        },
    )


def say_another_matter(*, actor: Actor, number: str, other: str, at: datetime, undo: bool = False) -> None:
    """Keep that two cases are different matters (另案), or take that back.

    :raises NotFound: one of them is not for this actor to see.
    :raises Forbidden: deciding it is for the desk.
    :raises Refused: it is the same case, or one of another community.
    """
    with within(actor.communities), transaction.atomic():
        case = access.find_at_work(actor, number)
        roles = access.doer(actor, case).may & DESK
        if not roles:
            raise Forbidden("not_your_move")
        twin = _other(actor, case, other)
        if undo:
            pair = Q(first=case, second=twin) | Q(first=twin, second=case)
            PairDecision.objects.filter(pair, same=False).delete()
        else:
            keep(case, twin, same=False, actor=actor, at=at)
        audit.record(
            community_id=case.community_id,
            actor=actor,
            role=min(roles),
            verb="case.ask_again" if undo else "case.another_matter",
            object=f"case:{case.number}",
            at=at,
            detail={"other": twin.number},
        )
        live.touch(f"community:{case.community_id}", int(at.timestamp() * 1000))


def _other(actor: Actor, case: Case, number: str) -> Case:
    parsed = numbering.parse_number(number)
    if parsed is None or parsed == case.number:
        raise Refused(Wrong("other", "not_an_open_case"))
    twin = access.find_at_work(actor, parsed)
    if twin.community_id != case.community_id:
        raise Refused(Wrong("other", "not_an_open_case"))
    return twin
