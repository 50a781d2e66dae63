"""A promise as the faces draw it: the rules' states under the names the clock badge knows."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from linli.cases.models import Case
from linli.cases.queries.story import ClockView
from linli.cases.rules.clock import ClockState
from linli.cases.rules.workflow import OPEN
from linli.faces.words import Clock, State, Unit

STATES: dict[str, State] = {
    ClockState.IN_TIME.value: "in_time",
    ClockState.AT_RISK.value: "at_risk",
    ClockState.BROKEN.value: "broken",
    ClockState.PAUSED.value: "paused",
    ClockState.MET.value: "met",
    ClockState.MET_LATE.value: "missed",
}


def face(view: ClockView, *, label: str = "") -> Clock:
    """The badge of one promise, with what is left of it in its own unit."""
    return Clock(
        state=STATES.get(view.state, "none"),
        unit=cast(Unit, view.unit),
        left_seconds=view.remaining,
        due_at=view.row.due_at,
        label=label,
    )


def of_row(case: Case, *, at: datetime) -> Clock:
    """The badge of a case in a list, from its own row: how the next promise stands, without a calendar.

    What is left is not said: the row does not know in which unit it was promised.
    """
    if case.state not in {state.value for state in OPEN} or case.due_at is None:
        return Clock("paused" if case.state == "paused" else "none")
    if at > case.due_at:
        return Clock("broken", "working_hour", due_at=case.due_at)
    risk = case.at_risk_at is not None and at >= case.at_risk_at
    return Clock("at_risk" if risk else "in_time", "working_hour", due_at=case.due_at)
