"""The life of a run as one table; who may do what to it. Pure.

computed -> reviewed -> announced -> final; a newer version supersedes an older one. Read a row aloud: "*announce*: a
reviewed run becomes announced; a leader does it."
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a run stands."""

    COMPUTED = "computed"
    REVIEWED = "reviewed"
    ANNOUNCED = "announced"  # appeals may be made
    FINAL = "final"
    SUPERSEDED = "superseded"  # a newer version of the same period holds


class Verb(StrEnum):
    """What can be done to a run."""

    REVIEW = "review"
    ANNOUNCE = "announce"
    FINISH = "finish"
    SUPERSEDE = "supersede"


class Cause(StrEnum):
    """Why a version of a run was computed."""

    DUE = "due"  # the period ended
    ASKED = "asked"  # a person asked for it
    LATE_FACTS = "late_facts"
    APPEAL = "appeal"
    ADJUSTMENT = "adjustment"


LEADERS = ("community_leader",)
REVIEWERS = ("community_leader", "dispatcher")
DECIDERS = ("community_leader", "admin", "auditor")  # of appeals and adjustments
KEEPERS = ("community_leader", "admin")  # of schemes
READERS = ("community_leader", "admin", "auditor")  # of everybody's scores
SYSTEM = "@system"


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table."""

    verb: Verb
    from_: frozenset[State]
    to: State
    who: tuple[str, ...]


TABLE = (
    Step(Verb.REVIEW, frozenset({State.COMPUTED}), State.REVIEWED, REVIEWERS),
    Step(Verb.ANNOUNCE, frozenset({State.REVIEWED}), State.ANNOUNCED, LEADERS),
    Step(Verb.FINISH, frozenset({State.ANNOUNCED}), State.FINAL, (SYSTEM,)),
    Step(
        Verb.SUPERSEDE,
        frozenset({State.COMPUTED, State.REVIEWED, State.ANNOUNCED}),
        State.SUPERSEDED,
        (SYSTEM,),
    ),
)
STEPS = {step.verb: step for step in TABLE}
#: Runs that late facts, adjustments and won appeals may still change.
OPEN = frozenset({State.COMPUTED, State.REVIEWED, State.ANNOUNCED})
#: Runs whose scores the assessed may see.
TOLD = frozenset({State.ANNOUNCED, State.FINAL})


class Ruling(StrEnum):
    """How an appeal stands."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


def may_decide(decider_id: int | None, *, computed_by: int | None, reviewed_by: int | None, subjects: tuple[int, ...],
               made_by: int | None) -> str:  # fmt: skip
    """Why this person may not decide an appeal; empty when they may.

    Whoever computed or reviewed the run, is assessed by it, or made the appeal, does not decide about it.
    """
    if decider_id is None:
        return "nobody"
    if decider_id in {computed_by, reviewed_by}:
        return "scored_it"
    if decider_id in subjects or decider_id == made_by:
        return "own_affair"
    return ""
