"""An answer is read before it leaves; what was remarked and sent all the same is on record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linli.cases import ports
from linli.cases.models import Case
from linli.cases.ports import Remark
from linli.cases.queries.answers import ANSWERING
from linli.cases.rules.intake import Channel
from linli.cases.rules.workflow import Verb
from linli.kernel.access import Actor

__all__ = ["ANSWERING", "asks", "noted", "remarks"]

ONLY_SAID = frozenset({"no_way_back", "too_long"})  # good to know; nobody is held up by it


def remarks(case: Case, verb: Verb, answer: str, *, at: datetime) -> tuple[Remark, ...]:
    """What there is to say about an answer to this case; nothing for verbs that answer nothing.

    The case's community must be entered.
    """
    reader = ports.answer_reader()
    if reader is None or verb not in ANSWERING or not answer.strip():
        return ()
    return reader.read(
        community_id=case.community_id,
        words=case.words,
        answer=answer,
        number=case.number,
        at=at,
        declines=verb is Verb.DECLINE,
    )


def asks(remark: Remark) -> bool:
    """Whether it is asked once more before an answer with this remark leaves; a grave one is refused anyway."""
    return not remark.grave and remark.code not in ONLY_SAID


def noted(case: Case, verb: Verb, answer: str, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """What a move keeps of its answer: codes and the reader's version; nothing of imports and the house's own moves."""
    reader = ports.answer_reader()
    if reader is None or verb not in ANSWERING or not answer.strip():
        return {}
    if actor.system or case.channel == Channel.IMPORT or case.batch:
        return {}
    found = [one.code for one in remarks(case, verb, answer, at=at) if not one.grave]
    return {"answer": {"remarks": found, "version": reader.version}}
