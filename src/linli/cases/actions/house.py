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
from linli.kernel.postgres import many

BATCH = 500
#: What is read of a case that is only moved on; the rest, its words first of all, stays where it is.
LIGHT = (
    "community_id", "number", "version", "state", "state_at", "category_code", "urgency", "escalated", "supervised_until",
    "supervisor_id", "organisation_id", "handler_id", "due_at", "due_stage", "at_risk_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deed:
    """One move of the house on a locked case, whose version is already the move's."""

    case: Case
    verb: Verb
    before: State
    seq: int
    data: dict[str, Any] = field(default_factory=dict)


def beside(*own: str) -> tuple[str, ...]:
    """These columns of a row, and the light ones of the case beside it, for ``only``."""
    return (*own, *(f"case__{column}" for column in LIGHT))


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
    many.insert([_move(deed, at) for deed in deeds])
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
