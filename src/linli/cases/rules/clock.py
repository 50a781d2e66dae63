"""A running promise: when it is due, how it stands, and a ledger of every second. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from linli.cases.rules.promises import Promise
from linli.kernel.worktime import WorkCalendar

AT_RISK_SHARE = 0.2


class ClockState(StrEnum):
    """How a promise stands."""

    IN_TIME = "in_time"
    AT_RISK = "at_risk"
    BROKEN = "broken"
    PAUSED = "paused"
    MET = "met"
    MET_LATE = "met_late"


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that does not count: from its approval until the work goes on (None: still paused)."""

    from_: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """More time, in the promise's own unit. One asked for after the promise was broken changes nothing."""

    amount: int | Decimal
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """A promise with the events that touch its time."""

    promise: Promise
    started_at: datetime
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    stopped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the ledger: ``counted`` seconds of it ticked (all or none), and the reason code why."""

    from_: datetime
    to: datetime
    counted: int
    why: str


def due_at(clock: Clock, calendar: WorkCalendar) -> datetime | None:
    """The moment the allowance is used up (UTC); None while an open pause keeps it unknown."""
    raise NotImplementedError


def state(
    clock: Clock, calendar: WorkCalendar, now: datetime, *, at_risk_share: float = AT_RISK_SHARE
) -> ClockState:
    """How the promise stands at ``now``."""
    raise NotImplementedError


def remaining(clock: Clock, calendar: WorkCalendar, now: datetime) -> int:
    """Ticking seconds left at ``now``; negative by as much as it has run over."""
    raise NotImplementedError


def ledger(clock: Clock, calendar: WorkCalendar, until: datetime) -> tuple[Segment, ...]:
    """Every second from the start until ``until``: counted or not, and why."""
    raise NotImplementedError
