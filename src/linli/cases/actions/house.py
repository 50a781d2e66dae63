"""What the house itself does to many cases at once: record, audit and facts as `moves.take` has them, in few statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from linli.cases.events import CaseMoved
from linli.cases.models import Case, Move
from linli.cases.rules.workflow import State, Verb
from linli.kernel import access, audit, events

BATCH = 500
#: What is not read of a case that is only moved on.
HEAVY = (
    "words",
    "search",
    "suggestion",
    "answer",
    "public_words",
    "contact_name",
    "contact_phone",
    "routed_by",
)


@dataclass(frozen=True, slots=True)
class Deed:
    """One move of the house on a locked case, whose version is already the move's."""

    case: Case
    verb: Verb
    before: State
    seq: int
    data: dict[str, Any] = field(default_factory=dict)


def beside(name: str) -> tuple[str, ...]:
    """The heavy columns of a case that is read beside another row, for ``defer``."""
    return tuple(f"{name}__{column}" for column in HEAVY)


def one_of_each(cases: Iterable[Case]) -> dict[int, Case]:
    """One object a case: two clocks of a case share it, so that each move counts on from the last."""
    found: dict[int, Case] = {}
    for case in cases:
        found.setdefault(case.pk, case)
    return found


def record(deeds: Sequence[Deed], *, community_id: int, at: datetime) -> None:
    """Write down moves of the house: history, audit, facts."""
    if not deeds:
        return
    Move.objects.bulk_create([_move(deed, at) for deed in deeds], batch_size=BATCH)
    acts = [
        audit.Act(
            f"case.{deed.verb.value}",
            f"case:{deed.case.number}",
            {"from": deed.before.value, "to": deed.case.state, "reason": "", "seq": deed.seq, **deed.data},
        )
        for deed in deeds
    ]
    audit.record_many(community_id=community_id, actor=access.SYSTEM, role="system", acts=acts, at=at)
    events.publish(*[_fact(deed, at) for deed in deeds])


def _move(deed: Deed, at: datetime) -> Move:
    return Move(
        community_id=deed.case.community_id,
        case_id=deed.case.pk,
        seq=deed.seq,
        verb=deed.verb.value,
        from_state=deed.before.value,
        to_state=deed.case.state,
        at=at,
        actor_role="system",
        organisation_id=deed.case.organisation_id,
        data=deed.data,
    )


def _fact(deed: Deed, at: datetime) -> CaseMoved:
    return CaseMoved(
        community_id=deed.case.community_id,
        number=deed.case.number,
        at=at,
        verb=deed.verb.value,
        from_state=deed.before.value,
        to_state=deed.case.state,
        seq=deed.seq,
        organisation_id=deed.case.organisation_id,
    )
