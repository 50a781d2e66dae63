"""One move as another system may hear of it: what was done, why, and the public words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.cases.models import Case, Move
from linli.cases.rules.workflow import State, Verb


@dataclass(frozen=True, slots=True)
class Step:
    """A move of a case; ``words`` are public ones alone."""

    case_id: int
    number: str
    seq: int
    verb: Verb
    state: State
    at: datetime
    reason: str
    words: str
    organisation_id: int | None
    solved: bool | None
    stars: int | None


def step(community_id: int, number: str, seq: int) -> Step | None:
    """The move of this number of a case; None where there is none. The community must be entered."""
    found = Move.objects.filter(community_id=community_id, case__number=number, seq=seq)
    move = found.select_related("case").defer("case__search", "case__words").first()
    if move is None:
        return None
    case = move.case
    return Step(
        case_id=case.pk,
        number=case.number,
        seq=move.seq,
        verb=Verb(move.verb),
        state=State(move.to_state),
        at=move.at,
        reason=move.reason,
        words=move.answer if Verb(move.verb) in PUBLIC else "",
        organisation_id=case.organisation_id,
        solved=case.solved,
        stars=case.stars,
    )


#: Moves whose answer is what the resident reads.
PUBLIC = frozenset({Verb.REPLY, Verb.DECLINE, Verb.CLOSE, Verb.HANDLED, Verb.SETTLE, Verb.JUSTIFY})


def id_of(community_id: int, number: str) -> int:
    """The id of the case with this number. The community must be entered."""
    return Case.objects.only("pk").get(community_id=community_id, number=number).pk


def merged_into(case_id: int) -> list[int]:
    """The cases that were merged into this one; its answer is theirs."""
    return list(Case.objects.filter(merged_into_id=case_id).order_by("pk").values_list("pk", flat=True))
