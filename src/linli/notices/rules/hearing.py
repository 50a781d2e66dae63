"""Who hears which move of a case: one table, read aloud. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from linli.cases.rules.workflow import Verb

REPORTERS = "reporters"  # who reported it, and everybody who joined
REPORTER = "reporter"
BODY = "body"  # whoever it is with: body's groups and heads, or the person
DESK = "desk"  # the room's groups, and its dispatchers
ROOM = "room"  # the room's groups alone
LEADERS = "leaders"
ARBITERS = "arbiters"
ASKED = "asked"  # whoever decides what is asked for
RETURNER = "returner"  # the body that returned it
TASK_BODY = "task_body"


@dataclass(frozen=True, slots=True)
class Hears:
    """This kind goes to these, when the move's data say so (``when`` a key that must be true, or ``key=value``)."""

    kind: str
    who: str
    when: str = ""
    stage: str = ""  # the promise that its words name

    def applies(self, data: dict[str, object]) -> bool:
        """Whether this move is such a one."""
        if not self.when:
            return True
        key, _, value = self.when.partition("=")
        held = data.get(key)
        return str(held) in value.split("|") if value else bool(held)


V = Verb
TABLE: dict[Verb, tuple[Hears, ...]] = {
    V.ACCEPT: (Hears("case_accepted", REPORTERS),),
    V.DECLINE: (Hears("case_declined", REPORTERS),),
    V.MERGE: (Hears("case_merged", REPORTER),),
    V.PART: (Hears("case_parted", REPORTER),),
    V.REPLY: (Hears("case_settled", REPORTERS),),
    V.DISPATCH: (Hears("case_dispatched", REPORTERS), Hears("work_sent", BODY, stage="sign")),
    V.RETURN: (Hears("work_returned", DESK, stage="rule"),),
    V.RULE: (
        Hears("work_ruled", RETURNER),
        Hears("case_dispatched", REPORTERS, "ruling=assigned"),
        Hears("work_sent", BODY, "ruling=assigned", "sign"),
    ),
    V.ASK: (Hears("work_asked", ASKED),),
    V.DECIDE: (Hears("work_decided", BODY), Hears("case_longer", REPORTERS, "granted"),
               Hears("case_paused", REPORTERS, "granted")),
    V.RESUME: (Hears("case_resumed", REPORTERS),),
    V.HANDLED: (Hears("work_handled", ROOM, stage="verify"),),
    V.SETTLE: (Hears("work_handled", ROOM, stage="verify"),),
    V.CLOSE: (Hears("case_settled", REPORTERS),),
    V.REDO: (Hears("work_redo", BODY),),
    V.REOPEN: (Hears("case_reopened", REPORTERS, stage="accept"), Hears("work_reopened", DESK, stage="accept")),
    V.VOID: (Hears("case_voided", REPORTERS),),
    V.URGE: (Hears("work_urged", BODY),),
    V.SUPERVISE: (Hears("work_letter", BODY),),
    V.TRANSFER: (Hears("work_transferred", BODY),),
    V.JOINT: (Hears("work_task", TASK_BODY),),
    V.JUSTIFY: (Hears("case_told", REPORTERS),),
}  # fmt: skip
EXTENDS = "extend"


def heard(verb: str, data: dict[str, object]) -> tuple[Hears, ...]:
    """What is told of a move, to whom."""
    if verb not in {one.value for one in TABLE}:
        return ()
    told = [one for one in TABLE[Verb(verb)] if one.applies(data)]
    extends = data.get("request") == EXTENDS
    wrong = "case_paused" if extends else "case_longer"
    return tuple(one for one in told if one.kind != wrong)
