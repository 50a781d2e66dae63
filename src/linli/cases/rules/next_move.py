"""Which move is the next right one, and how the workbench lays out the others. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linli.cases.rules.workflow import MEETINGS, State, Step, Verb

S, V = State, Verb

#: For each state the moves that carry a case on, best first; the first one allowed is the next right move.
FORWARD: dict[State, tuple[Verb, ...]] = {
    S.REPORTED: (V.DISPATCH, V.ACCEPT, V.SETTLE),
    S.ACCEPTED: (V.DISPATCH, V.SETTLE),
    S.DISPATCHED: (V.SIGN, V.SETTLE),
    S.SIGNED: (V.HANDLED, V.SETTLE),
    S.RETURNED: (V.RULE,),
    S.RULED: (V.DISPATCH,),
    S.REOPENED: (V.DISPATCH,),
    S.HANDLING: (V.HANDLED, V.SETTLE),
    S.PAUSED: (V.RESUME,),
    S.HANDLED: (V.CLOSE, V.CHECK),
    S.VERIFYING: (V.CLOSE,),
    S.CLOSED: (V.FOLLOW_UP,),
}
#: What stands beside the next right move as a button of its own; everything else waits in the menu.
BESIDE: dict[State, tuple[Verb, ...]] = {
    S.REPORTED: (V.RELEASE, V.ACCEPT, V.REPLY, V.MERGE, V.DECLINE),
    S.ACCEPTED: (V.REPLY, V.MERGE, V.DECLINE),
    S.REOPENED: (V.REPLY,),
    S.DISPATCHED: (V.EXPLAIN, V.RETURN, V.START, V.TRANSFER, V.URGE),
    S.SIGNED: (V.EXPLAIN, V.START, V.ASK, V.RETURN, V.URGE),
    S.HANDLING: (V.EXPLAIN, V.ASK, V.CONTACT, V.URGE),
    S.PAUSED: (V.EXPLAIN,),
    S.HANDLED: (V.REDO,),
    S.VERIFYING: (V.REDO,),
    S.CLOSED: (V.REOPEN,),
    S.MERGED: (V.PART,),
}
#: The letter of a move on the keyboard.
KEYS: dict[Verb, str] = {
    V.ACCEPT: "a",
    V.DISPATCH: "d",
    V.MERGE: "m",
    V.REPLY: "y",
    V.SIGN: "s",
    V.START: "b",
    V.HANDLED: "h",
    V.SETTLE: "h",
    V.RETURN: "r",
    V.RULE: "r",
    V.CLOSE: "c",
    V.REDO: "o",
    V.FOLLOW_UP: "f",
    V.NOTE: "n",
    V.ADD: "p",
}
#: Cannot be taken back, or takes the case out of everybody's sight.
GRAVE = frozenset({V.DECLINE, V.VOID, V.ARCHIVE})
#: Only for the person who reported it; staff who reported a case themselves do it on the residents' pages.
OF_THE_REPORTER = frozenset({V.RATE, V.WITHDRAW})
#: Done on the page of the whistle, which the case leads to.
ELSEWHERE = MEETINGS


@dataclass(frozen=True, slots=True)
class Offer:
    """The moves as the workbench lays them out."""

    first: Step | None
    beside: tuple[Step, ...]
    others: tuple[Step, ...]


def offer(state: State, allowed: Sequence[Step], *, waiting: bool, has_task: bool) -> Offer:
    """Lay out the moves that are allowed: one first, a few beside it, the others in a menu.

    :param waiting: a request for more time waits for an answer: deciding it comes before everything else.
    :param has_task: the actor's body has a part of the case to do: saying that it is done comes first.
    """
    known = {step.verb: step for step in allowed if step.verb not in OF_THE_REPORTER | ELSEWHERE}
    wanted = [*([V.DECIDE] if waiting else []), *([V.TASK_DONE] if has_task else []), *FORWARD.get(state, ())]
    first = next((known[verb] for verb in wanted if verb in known), None)
    rest = {verb: step for verb, step in known.items() if first is None or verb is not first.verb}
    beside = tuple(rest[verb] for verb in BESIDE.get(state, ()) if verb in rest)
    others = tuple(step for verb, step in rest.items() if step not in beside)
    return Offer(first, beside, others)
