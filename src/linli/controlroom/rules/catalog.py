"""Every figure of the house: code, unit, which cases it looks at, and which of them it counts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from linli.cases.rules.workflow import Verb
from linli.controlroom.rules.figures import BadFigure, By


class Of(StrEnum):
    """Which cases a figure looks at."""

    OPEN = "open"  # open at this moment, whatever the period
    REPORTED = "reported"  # reported in the period
    MOVED = "moved"  # a move of these verbs was made in the period; each case once
    CALLED = "called"  # a call-back ended in the period; each case once
    WATCHED = "watched"  # a supervisor's letter was opened in the period; each case once
    DEFINED = "defined"  # as the dated definition says
    SCORE = "score"  # made of other figures


class Test(StrEnum):
    """Which of the cases looked at are counted."""

    __test__ = False  # not one of pytest's

    ALL = "all"
    IN_TIME = "in_time"
    AT_RISK = "at_risk"
    BROKEN = "broken"
    PAUSED = "paused"
    JOINT = "joint"  # another body still has its part to do
    SUPERVISED = "supervised"
    UNACCEPTED = "unaccepted"
    UNSIGNED = "unsigned"
    URGENT = "urgent"
    PROMISES = "promises"  # all promises that the definition names were kept
    SOLVED = "solved"
    SATISFIED = "satisfied"
    RETURNED = "returned"
    CAME_BACK = "came_back"
    REDONE = "redone"
    REOPENED = "reopened"
    REACHED = "reached"
    HOURS = "hours"  # no share: the middle value of the hours


ACCEPTING = (Verb.ACCEPT, Verb.DISPATCH, Verb.SETTLE, Verb.REPLY)
SETTLING = (Verb.CLOSE, Verb.REPLY)


@dataclass(frozen=True, slots=True)
class Spec:
    """One figure."""

    code: str
    unit: str
    of: Of
    test: Test = Test.ALL
    verbs: tuple[Verb, ...] = ()
    from_state: str = ""

    @property
    def in_steps(self) -> bool:
        """Whether a case may come to be looked at more than once in a period."""
        return self.of in {Of.MOVED, Of.CALLED, Of.WATCHED}

    @property
    def counts(self) -> bool:
        """Whether its value is the number of cases counted, not a share of them."""
        return self.unit == "cases"


def _open(code: str, test: Test) -> Spec:
    return Spec(code, "cases", Of.OPEN, test)


def _moved(code: str, *verbs: Verb, from_state: str = "") -> Spec:
    return Spec(code, "cases", Of.MOVED, Test.ALL, verbs, from_state)


def _rate(code: str, test: Test) -> Spec:
    return Spec(code, "share", Of.DEFINED, test)


CATALOG: Mapping[str, Spec] = {
    spec.code: spec
    for spec in (
        Spec("reported", "cases", Of.REPORTED),
        _moved("accepted", *ACCEPTING, from_state="reported"),
        _moved("dispatched", Verb.DISPATCH),
        _moved("settled", *SETTLING),
        _moved("declined", Verb.DECLINE),
        _moved("merged", Verb.MERGE),
        _moved("withdrawn", Verb.WITHDRAW),
        _open("open", Test.ALL),
        _open("open_in_time", Test.IN_TIME),
        _open("open_at_risk", Test.AT_RISK),
        _open("open_broken", Test.BROKEN),
        _open("open_paused", Test.PAUSED),
        _open("open_unaccepted", Test.UNACCEPTED),
        _open("open_unsigned", Test.UNSIGNED),
        _open("open_urgent", Test.URGENT),
        _open("joint_open", Test.JOINT),
        _open("supervised_open", Test.SUPERVISED),
        _rate("response_rate", Test.PROMISES),
        _rate("solved_rate", Test.SOLVED),
        _rate("satisfied_rate", Test.SATISFIED),
        Spec("three_rates_score", "points", Of.SCORE),
        _rate("on_time_rate", Test.PROMISES),
        _rate("sign_rate", Test.PROMISES),
        _rate("contact_rate", Test.PROMISES),
        _moved("returned", Verb.RETURN),
        _rate("return_rate", Test.RETURNED),
        _moved("reopened", Verb.REOPEN),
        Spec("reopen_rate", "share", Of.MOVED, Test.REOPENED, SETTLING),
        Spec("redo_rate", "share", Of.MOVED, Test.REDONE, SETTLING),
        _rate("repeat_rate", Test.CAME_BACK),
        Spec("median_hours_to_settle", "hours", Of.MOVED, Test.HOURS, SETTLING),
        Spec("called_back", "cases", Of.CALLED),
        Spec("reached_rate", "share", Of.CALLED, Test.REACHED),
        _moved("urged", Verb.URGE),
        Spec("supervised", "cases", Of.WATCHED),
        _moved("escalated", Verb.ESCALATE),
    )
}
#: In which order and under which heads pages show them.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "rates": ("response_rate", "solved_rate", "satisfied_rate", "three_rates_score"),
    "now": (
        "open", "open_in_time", "open_at_risk", "open_broken", "open_paused", "open_unaccepted", "open_unsigned",
        "open_urgent", "joint_open", "supervised_open",
    ),
    "flow": ("reported", "accepted", "dispatched", "settled", "declined", "merged", "withdrawn"),
    "time": ("on_time_rate", "sign_rate", "contact_rate", "median_hours_to_settle"),
    "quality": (
        "returned", "return_rate", "reopened", "reopen_rate", "redo_rate", "repeat_rate", "called_back", "reached_rate",
    ),
    "chasing": ("urged", "supervised", "escalated"),
}  # fmt: skip
#: More of these is worse; fewer is better. Others are neither, or the other way round.
BAD = frozenset(
    {
        "open_at_risk", "open_broken", "returned", "return_rate", "reopened", "reopen_rate", "redo_rate", "repeat_rate",
        "median_hours_to_settle", "urged", "escalated",
    }
)  # fmt: skip


def spec(code: str) -> Spec:
    """The figure of this code.

    :raises BadFigure: code, when there is none.
    """
    found = CATALOG.get(code)
    if found is None:
        raise BadFigure("code")
    return found


def breakdown(by: str) -> By | None:
    """The breakdown of this name; None for none.

    :raises BadFigure: by, for another name.
    """
    try:
        return By(by) if by else None
    except ValueError as error:
        raise BadFigure("by") from error
